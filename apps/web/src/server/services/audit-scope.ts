import { AsyncLocalStorage } from "node:async_hooks";
import type { AuditActor, AuditObject, AuditOutcome, AuditRecord } from "@vpclab/shared/wire/audit";

/** Who begins what, as far as it is known before anything is looked up. */
export interface AuditedAction {
  readonly action: string;
  readonly actor: AuditActor;
  readonly ip: string | null;
  /** What the request names; what it really is about is noted on the way. */
  readonly object: AuditObject | null;
}

/** How an action ended. */
export interface AuditEnd {
  readonly outcome: AuditOutcome;
  readonly errorCode: string | null;
  readonly traceId: string | null;
}
export const DONE: AuditEnd = { outcome: "done", errorCode: null, traceId: null };
const BEGUN: AuditEnd = { ...DONE, outcome: "begun" };

export const ANONYMOUS: AuditActor = { kind: "anonymous", id: null, name: null, role: null };
export const SYSTEM: AuditActor = { kind: "system", id: null, name: null, role: null };
export const agentActor = (id: string | null, name: string | null = null): AuditActor => ({ kind: "agent", id, name, role: null });
export const userActor = ({ id, name, role }: { id: string; name: string; role: string }): AuditActor => ({ kind: "user", id, name, role });

const scopes = new AsyncLocalStorage<AuditScope>();

/**
 * One action on its way through the services. What they learn of it is noted here, whoever called them; it becomes one entry, in the
 * transaction that does the action. Outside of an action the notes go nowhere.
 */
export class AuditScope {
  #actor: AuditActor;
  #object: AuditObject | null = null;
  #revisionBefore: number | null = null;
  #revisionAfter: number | null = null;
  #jobId: string | null = null;
  #end: AuditEnd | null = null;
  #entry: "none" | "being written" | AuditOutcome = "none";
  #silent = false;

  constructor(
    private readonly start: AuditedAction,
    /** Queries are written down only when they are refused, and then not by a transaction. */
    private readonly changes: boolean,
    private readonly append: (record: AuditRecord) => Promise<void>,
  ) {
    this.#actor = start.actor;
  }

  static current(): AuditScope | null {
    return scopes.getStore() ?? null;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return scopes.run(this, work);
  }

  /** What the services have noted of the end. */
  get end(): AuditEnd | null {
    return this.#end;
  }

  /** Nothing is to be written of it. */
  get silent(): boolean {
    return this.#silent;
  }

  /** With what outcome an entry of it has been committed. */
  get written(): AuditOutcome | null {
    return this.#entry === "none" || this.#entry === "being written" ? null : this.#entry;
  }

  noteActor(actor: AuditActor): void {
    this.#actor = actor;
  }

  /** The first object is what the action is about; others that it touches are not. */
  noteObject(object: AuditObject, revision: number | null): void {
    if (this.#object !== null) return;
    this.#object = object;
    this.#revisionBefore = revision;
  }

  /** What an action makes is what it is about, whatever it was made from. */
  noteMade(object: AuditObject, revision: number | null): void {
    this.#object = object;
    [this.#revisionBefore, this.#revisionAfter] = [null, revision];
  }

  noteRevision(objectId: string, revision: number): void {
    if (this.#object?.id === objectId) this.#revisionAfter = revision;
  }

  noteJob(jobId: string): void {
    this.#jobId = jobId;
  }

  noteEnd(outcome: AuditOutcome, errorCode: string | null): void {
    this.#end = { outcome, errorCode, traceId: null };
  }

  noteSilence(): void {
    this.#silent = true;
  }

  /** Writes down that the action begins, before it does what no transaction can take back. Throws when that cannot be written. */
  async begin(): Promise<void> {
    if (this.changes) await this.append(this.record(BEGUN));
  }

  /** Whether a transaction that begins now is the one that writes the entry. */
  claim(): boolean {
    if (!this.changes || this.#silent || this.#entry !== "none") return false;
    this.#entry = "being written";
    return true;
  }

  /** The transaction has ended; `outcome`: as what it has written the entry, null: it has not. */
  settle(outcome: AuditOutcome | null): void {
    this.#entry = outcome ?? "none";
  }

  record({ outcome, errorCode, traceId }: AuditEnd): AuditRecord {
    const { action, ip } = this.start;
    return {
      at: Date.now(), actor: this.#actor, ip, action, object: this.#object ?? this.start.object, revisionBefore: this.#revisionBefore,
      revisionAfter: this.#revisionAfter, outcome, errorCode, jobId: this.#jobId, traceId, count: 1,
    };
  }
}
