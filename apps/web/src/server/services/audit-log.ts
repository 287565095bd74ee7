import { AppError } from "@vpclab/shared/errors/app-error";
import type { AuditHead, AuditRecord } from "@vpclab/shared/wire/audit";
import { AUDIT_GENESIS } from "@vpclab/shared/wire/audit-chain";
import type { Logger } from "pino";
import { appendAudit, readAuditHead } from "../store/audit-store";
import type { Database } from "../store/database";
import { AuditScope, DONE } from "./audit-scope";
import type { AuditedAction, AuditEnd } from "./audit-scope";
import { RefusalWindow } from "./refusal-window";

const WINDOW_MS = 60_000;

/** Codes by which somebody is kept from what is not theirs. */
const KEPT_OUT: ReadonlySet<string> = new Set(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "RATE_LIMITED"]);
/** What was allowed and could not be done; everything else was refused. */
const FAILED: ReadonlySet<string> = new Set(["INTERNAL", "HOST_OFFLINE", "AGENT_TIMEOUT", "COMMAND_FAILED", "KERNEL_REFUSED"]);

export const endOf = (code: string, traceId: string | null = null): AuditEnd =>
  ({ outcome: FAILED.has(code) ? "failed" : "refused", errorCode: code, traceId });

/** The one writer of the audit log. */
export class AuditLog {
  readonly #window = new RefusalWindow();
  readonly #timer: NodeJS.Timeout;
  readonly #writing = new Set<Promise<void>>();
  #head: AuditHead;

  private constructor(
    private readonly database: Database,
    private readonly log: Logger,
    head: AuditHead,
  ) {
    this.#head = head;
    this.#timer = setInterval(() => void this.#drain(), WINDOW_MS).unref();
  }

  static async open(database: Database, log: Logger): Promise<AuditLog> {
    return new AuditLog(database, log, (await readAuditHead(database.tables)) ?? AUDIT_GENESIS);
  }

  /** The newest entry that is committed. */
  get head(): AuditHead {
    return this.#head;
  }

  /** Heads come in the order in which transactions are heard to have ended, which need not be that of the chain. */
  readonly moved = (head: AuditHead): void => {
    if (head.sequence > this.#head.sequence) this.#head = head;
  };

  /** Writes an entry by itself. Not inside a transaction. */
  async append(record: AuditRecord): Promise<void> {
    this.moved(await this.database.transaction((tables) => appendAudit(tables, [record])));
  }

  /**
   * Carries out an action and writes it down: with the transaction that does it, else when it has ended. Rejects when that cannot be
   * written. `judge`: how an answer is an end that was not thrown.
   */
  async perform<T>(start: AuditedAction, work: () => Promise<T>, judge: (answer: T) => AuditEnd | null = () => null): Promise<T> {
    const scope = new AuditScope(start, true, (record) => this.append(record));
    const answer = await scope.run(work).catch(async (error: unknown) => {
      await this.#ended(scope, endOf(error instanceof AppError ? error.code : "INTERNAL"));
      throw error;
    });
    const end = judge(answer) ?? scope.end ?? DONE;
    if (end.outcome !== "done") await this.#ended(scope, end);
    else if (!scope.silent && scope.written !== "done") await this.append(scope.record(end));
    return answer;
  }

  /** Carries out a look, which is written down only when somebody was kept out. */
  async watch<T>(start: AuditedAction, work: () => Promise<T>, judge: (answer: T) => AuditEnd | null): Promise<T> {
    const scope = new AuditScope(start, false, (record) => this.append(record));
    const answer = await scope.run(work);
    const end = judge(answer);
    if (end && KEPT_OUT.has(end.errorCode ?? "")) await this.#ended(scope, end);
    return answer;
  }

  /** Somebody was refused, outside of any action. Never rejects: the refusal holds, whether or not it can be written down. */
  refused(start: AuditedAction, errorCode: string, jobId: string | null = null): void {
    const scope = new AuditScope(start, true, (record) => this.append(record));
    if (jobId !== null) scope.noteJob(jobId);
    void this.#ended(scope, { outcome: "refused", errorCode, traceId: null });
  }

  /** Something is wrong, and is written down at once. Rejects when it cannot be. */
  async failed(start: AuditedAction, errorCode: string): Promise<void> {
    await this.append(new AuditScope(start, true, (record) => this.append(record)).record({ outcome: "failed", errorCode, traceId: null }));
  }

  /** Writes down what is counted, and waits for what is on its way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#drain();
    await Promise.all(this.#writing);
  }

  async #ended(scope: AuditScope, end: AuditEnd): Promise<void> {
    if (scope.silent || scope.written === end.outcome) return;
    const record = this.#window.take(scope.record(end));
    if (record) await this.#quietly(this.append(record));
  }

  async #drain(): Promise<void> {
    for (const record of this.#window.drain(Date.now())) await this.#quietly(this.append(record));
  }

  async #quietly(writing: Promise<void>): Promise<void> {
    const heard = writing.catch((error: unknown) => this.log.error({ err: error }, "a refusal could not be written to the audit log"));
    this.#writing.add(heard);
    await heard;
    this.#writing.delete(heard);
  }
}
