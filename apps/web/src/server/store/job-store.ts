import type { Job } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";
import { fromJson, toJson } from "./json";
import { isUuid } from "./uuid";

export type JobState = "queued" | "sent" | "acked" | "applied" | "failed" | "superseded" | "refused";

export interface JobRow {
  readonly id: string;
  readonly topologyId: string;
  readonly generation: number;
  readonly revision: number;
  readonly kind: "apply" | "teardown";
  readonly state: JobState;
  readonly sentAt: Date | null;
  /** Who wants no further step of it, as `Job["actor"]`; null: nobody. */
  readonly cancelledBy: Prisma.JsonValue;
  /** How long its host waits for the server after it; null: as its kind of host needs it. */
  readonly confirmSeconds: number | null;
  readonly actor: { readonly id: string; readonly name: string; readonly role: string };
}

const columns = {
  id: true, topologyId: true, generation: true, revision: true, kind: true, state: true, sentAt: true, cancelledBy: true, confirmSeconds: true,
  actor: { select: { id: true, name: true, role: true } },
} satisfies Prisma.JobSelect;

/** States in which the host's word is still awaited. */
export const OPEN_STATES: readonly JobState[] = ["queued", "sent", "acked"];
const TAKEN_BACK_FROM: readonly JobState[] = [...OPEN_STATES, "applied", "failed"];

/** Writes what is asked of the host now; what was asked before and is not done yet counts no more. */
export async function createJob(
  tables: Tables,
  job: { topologyId: string; generation: number; revision: number; kind: JobRow["kind"]; actorId: string; confirmSeconds: number | null },
): Promise<JobRow> {
  await tables.job.updateMany({
    where: { topologyId: job.topologyId, state: { in: [...OPEN_STATES] } },
    data: { state: "superseded", finishedAt: new Date() },
  });
  return tables.job.create({ data: job, select: columns });
}

/** What the host of a topology should hold: the job of the highest generation. */
export const findNewestJob = (tables: Tables, topologyId: string): Promise<JobRow | null> =>
  tables.job.findFirst({ where: { topologyId }, orderBy: { generation: "desc" }, select: columns });

export const findJob = async (tables: Tables, id: string): Promise<JobRow | null> =>
  isUuid(id) ? tables.job.findUnique({ where: { id }, select: columns }) : null;

/** Whether anything of a topology was ever sent to a host. */
export const wasEverSent = async (tables: Tables, topologyId: string): Promise<boolean> =>
  (await tables.job.count({ where: { topologyId, sentAt: { not: null } } })) > 0;

/** Takes a job for sending. False: it was superseded, cancelled, removed, or (without `again`) somebody else has sent it already. */
export async function markSent(tables: Tables, id: string, again: boolean): Promise<boolean> {
  const { count } = await tables.job.updateMany({
    where: { id, state: again ? { not: "superseded" } : "queued", cancelledBy: { equals: Prisma.DbNull } },
    data: { state: "sent", sentAt: new Date(), finishedAt: null },
  });
  return count === 1;
}

/** From now on the job is not sent any more, whatever its host holds; null: nobody wants that any more. */
export async function noteCancelled(tables: Tables, id: string, by: Job["actor"] | null): Promise<void> {
  await tables.job.update({ where: { id }, data: { cancelledBy: by ? toJson(by) : Prisma.DbNull } });
}

/** Back to the queue: the connection broke before the job was on its way. */
export async function markQueued(tables: Tables, id: string): Promise<void> {
  await tables.job.updateMany({ where: { id, state: "sent" }, data: { state: "queued" } });
}

/** False when it was not on its way: nothing is to be accepted then. */
export async function markAcked(tables: Tables, id: string): Promise<boolean> {
  const { count } = await tables.job.updateMany({ where: { id, state: "sent" }, data: { state: "acked" } });
  return count === 1;
}

/**
 * The host went back from an apply, whatever it had said of it before. False when that was heard already, or another one took its place.
 * Inside a transaction that has locked the topology.
 */
export async function takeBackJob(tables: Tables, id: string, failure: JobFailure): Promise<boolean> {
  const stored = await tables.job.findUnique({ where: { id }, select: { state: true, failure: true } });
  if (!stored || !TAKEN_BACK_FROM.includes(stored.state)) return false;
  if (stored.failure !== null && fromJson<JobFailure>(stored.failure).code === failure.code) return false;
  await tables.job.update({ where: { id }, data: { state: "failed", finishedAt: new Date(), failure: toJson(failure) } });
  return true;
}

/** Ends an open job, which then is cancelled only if that is why; false when it was not open, so that a second answer to one job counts for nothing. */
export async function finishJob(
  tables: Tables, id: string, state: "applied" | "failed" | "refused", failure: JobFailure | null,
): Promise<boolean> {
  const { count } = await tables.job.updateMany({
    where: { id, state: { in: [...OPEN_STATES] } },
    data: { state, finishedAt: new Date(), ...(failure ? { failure: toJson(failure) } : {}), ...(failure?.code === "CANCELLED" ? {} : { cancelledBy: Prisma.DbNull }) },
  });
  return count === 1;
}
