import { toWireError } from "@vpclab/shared/errors/app-error";
import type { VerifiedApply } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { JobStore, StoredStop } from "../state/job-store";

/** Said where the file cannot be read that says who it was. */
const SOMEBODY = "somebody";

/**
 * Applies that were cancelled. On the disk before the first step is left out, so that neither a kill nor a reboot makes the agent finish
 * what somebody has stopped: only what is asked for after it does.
 */
export class Stops {
  readonly #jobs: JobStore;
  readonly #log: AgentLog;
  /** By topology. */
  readonly #stops = new Map<string, StoredStop>();

  constructor(jobs: JobStore, log: AgentLog) {
    this.#jobs = jobs;
    this.#log = log;
  }

  /** Who has cancelled `job`; null: nobody. What the host goes back to by itself is not cancelled with what it leaves. */
  byWhom({ topologyId, epoch, generation, returned }: VerifiedApply): string | null {
    const stop = this.#stops.get(topologyId);
    return stop && !returned && stop.epoch === epoch && stop.generation === generation ? stop.by : null;
  }

  /** Throws what the disk says; then nothing is cancelled. */
  async ask({ topologyId, epoch, generation }: VerifiedApply, by: string): Promise<void> {
    const stop: StoredStop = { epoch, generation, by };
    await this.#jobs.writeStop(topologyId, stop);
    this.#stops.set(topologyId, stop);
  }

  /** It came too late, or something newer was accepted. A file that stays behind speaks of an older generation, or of what is in place. */
  async forget(topologyId: string): Promise<void> {
    if (!this.#stops.delete(topologyId)) return;
    await this.#jobs.removeStop(topologyId).catch((error: unknown) =>
      this.#log.error(`topology ${topologyId}: that a cancelled apply is over could not be written: ${toWireError(error).publicMessage}`, { topologyId, error }));
  }

  /** From the disk, for a job that was just read from there. A file that cannot be read counts: nobody may finish what may be stopped. */
  async takeUp({ topologyId, topologyName, epoch, generation }: VerifiedApply): Promise<void> {
    try {
      const stop = await this.#jobs.readStop(topologyId);
      if (stop) this.#stops.set(topologyId, stop);
    } catch (error) {
      this.#log.error(`${topologyName}: its apply was cancelled, and by whom cannot be read: ${toWireError(error).publicMessage}`, { topologyId, error });
      this.#stops.set(topologyId, { epoch, generation, by: SOMEBODY });
    }
  }
}
