import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { CancelAnswer } from "@vpclab/shared/wire/api";
import type { Job } from "@vpclab/shared/wire/job";
import type { LiveBus } from "../bus/live-bus";
import { EMPTY_DEPLOYMENT } from "../bus/live-state";
import type { Database } from "../store/database";
import { findNewestJob, finishJob, noteCancelled } from "../store/job-store";
import type { JobRow } from "../store/job-store";
import { fromJson } from "../store/json";
import { lockFor } from "./access";
import { actorOf } from "./actor-of";
import type { AgentLink } from "./agent-link";
import { AuditScope } from "./audit-scope";
import { isOpen, withdrawnBy } from "./deployment-state";
import type { Actor } from "./services";

/** What keeps a cancel from arriving now, and not from arriving later. */
const ON_THE_WAY: ReadonlySet<string> = new Set(["HOST_OFFLINE", "AGENT_TIMEOUT"]);

/**
 * Ends applies that are not over. That somebody wants it is in the database before the host hears of it: a host that comes back is told
 * again, and a job that it has not begun is never sent to it.
 */
export class Cancels {
  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly agents: Pick<AgentLink, "isOnline" | "cancel">,
    /** Nothing is waited for any more. */
    private readonly settled: (jobId: string) => void,
  ) {}

  async cancel(actor: Actor, topologyId: string): Promise<CancelAnswer> {
    const by = actorOf(actor);
    const { row, job, isWithdrawn } = await this.database.transaction(async (tables) => {
      const row = await lockFor(tables, actor, "deploy", topologyId);
      const job = await findNewestJob(tables, topologyId);
      if (!job || !(isOpen(job) || job.state === "refused")) return { row, job: null, isWithdrawn: false };
      AuditScope.current()?.noteJob(job.id);
      await noteCancelled(tables, job.id, by);
      const isWithdrawn = job.state === "queued" || job.state === "refused";
      if (isWithdrawn) await finishJob(tables, job.id, "failed", withdrawnBy(by.name));
      return { row, job, isWithdrawn };
    });
    if (!job) return { outcome: "over" };
    const feed = this.bus.feed(topologyId);
    if (isWithdrawn) {
      this.settled(job.id);
      feed?.publish({ type: "deployment", deployment: row.deployment ?? EMPTY_DEPLOYMENT, failure: withdrawnBy(by.name) });
      return { outcome: "withdrawn" };
    }
    const answer = row.hostId === null ? "waiting" : await this.#tell(row.hostId, job, by);
    if (answer !== "over") feed?.publish({ type: "log", line: { at: Date.now(), level: "warn", text: `${by.name} has cancelled the ${job.kind}. ${NEXT[answer]}` } });
    return { outcome: answer };
  }

  /** The host has come back and is still at it. */
  async again(job: JobRow, hostId: string): Promise<void> {
    const by = fromJson<Job["actor"] | null>(job.cancelledBy);
    // Nobody waits for the answer; the host says by itself how the job has ended.
    if (by) void this.#tell(hostId, job, by).catch(() => undefined);
  }

  async #tell(hostId: string, job: JobRow, by: Job["actor"]): Promise<"stopping" | "over" | "waiting"> {
    try {
      const answer = await this.agents.cancel(hostId, { kind: "cancel", jobId: randomUUID(), topologyId: job.topologyId, generation: job.generation, actor: by });
      if (answer === "over") await noteCancelled(this.database.tables, job.id, null);
      return answer;
    } catch (error) {
      if (error instanceof AppError && ON_THE_WAY.has(error.code)) return "waiting";
      // Its agent is of before there were cancels, or its disk takes nothing: the job goes on.
      await noteCancelled(this.database.tables, job.id, null);
      throw error;
    }
  }
}

const NEXT = {
  stopping: "The host stops after the step that is under way.",
  waiting: "The host is not connected; it is told as soon as it is.",
} as const;
