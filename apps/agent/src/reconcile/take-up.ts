import type { Result } from "@vpclab/shared/errors/result";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import type { Authority, Deployed, FenceEntry, VerifiedApply } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { FenceStore } from "../state/fence-store";
import type { JobStore } from "../state/job-store";
import { appliedBy, deploymentOf } from "./held";
import type { HeldTopologies } from "./held-topologies";
import type { Stops } from "./stops";
import type { Trials } from "./trials";

/** From stored bytes to a job that may be acted on. */
export type Verify = (envelope: Envelope, others: readonly Deployed[]) => Result<VerifiedApply, JobFailure>;

export interface TakeUpOptions {
  readonly topologies: HeldTopologies;
  readonly trials: Trials;
  readonly stops: Stops;
  readonly fence: FenceStore;
  readonly jobs: JobStore;
  readonly log: AgentLog;
  readonly verify: Verify;
  /** Whom an envelope names. */
  readonly claimed: (envelope: Envelope) => Authority;
}

/** Everything that was accepted before is known again, from the disk; the kernel stays as it is. */
export async function takeUp(options: TakeUpOptions): Promise<void> {
  const { topologies, trials, stops, fence, jobs, log, verify, claimed } = options;
  for (const { topologyId, envelope } of await jobs.readAll()) {
    const verdict = envelope ? verify(envelope, topologies.deployed()) : null;
    if (!envelope || !verdict?.ok) {
      const why = verdict && !verdict.ok ? `${verdict.error.code}: ${verdict.error.message}` : "its file is damaged";
      log.error(`topology ${topologyId} was not taken up again: ${why}`, { topologyId });
      topologies.noteUnreadable(topologyId, envelope ? claimed(envelope) : "server");
      continue;
    }
    const job = verdict.value;
    const known = fence.get(topologyId);
    // A crash between the two writes of an acceptance leaves the fence one behind.
    const order = known ? job.epoch - known.epoch || job.generation - known.generation : 1;
    if (order < 0 || (order === 0 && known?.tombstone !== (job.desired === null))) {
      log.error(`topology ${topologyId} was not taken up again: STALE: its file is of generation ${job.epoch}.${job.generation}, and something else was accepted since`, { topologyId });
      topologies.noteUnreadable(topologyId, job.authority);
      continue;
    }
    if (order > 0) await fence.set(topologyId, fenceEntryOf(job));
    // Known as applied before the first one runs: the host's one table must not lose the gateways of those that come later.
    const taken = await trials.takeUp(job, envelope, (kept) => verify(kept, topologies.deployed()));
    await stops.takeUp(taken);
    topologies.add(taken, appliedBy(taken), { ...deploymentOf({ job: taken, stopped: false }, {}, topologies.addressesOf({ job: taken })), state: "unknown" });
  }
}

export const fenceEntryOf = (job: VerifiedApply): FenceEntry => ({
  epoch: job.epoch, generation: job.generation, contentHash: contentHashOf(job.topologyName, job.desired), tombstone: job.desired === null,
});
