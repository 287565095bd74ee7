import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Result } from "@vpclab/shared/errors/result";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import type { VerifiedApply } from "../link/verify-job";
import { returnedTo } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { JobStore, StoredTrial } from "../state/job-store";

interface Trial {
  readonly job: VerifiedApply;
  /** What was accepted last and stayed; null: nothing was there. */
  readonly before: { readonly job: VerifiedApply; readonly envelope: Envelope } | null;
  endsAt: StoredTrial["endsAt"];
  timer: NodeJS.Timeout | null;
}

export interface TrialsOptions {
  readonly jobs: JobStore;
  readonly log: AgentLog;
  /** Calls once, when the server has acknowledged what it was told so far. Without it nobody can be waited for, so there are no trials. */
  readonly whenHeard: ((heard: () => void) => void) | null;
  /** The server was not heard in time after `job`: `instead` is to be brought about. */
  readonly goBack: (job: VerifiedApply, instead: VerifiedApply) => void;
}

/** `endsAt` of what was taken back. */
const TAKEN_BACK = 0;

/** A removal is never taken back: it leaves the host as it was without us. */
const isOnTrial = ({ authority, confirmWithinMs = 0, desired }: VerifiedApply): boolean => authority === "server" && confirmWithinMs > 0 && desired !== null;

/**
 * Safe apply: an apply that may cut this host off is on trial until the server has acknowledged its end. What there is to go back to is on
 * the disk before the apply is accepted, and goes when the acknowledgement comes; so a kill anywhere, or a reboot, changes nothing of it.
 * What is taken back keeps its place in the order of generations: the server has to ask anew.
 */
export class Trials {
  readonly #options: TrialsOptions;
  /** By topology; also those that were taken back, until something newer is accepted. */
  readonly #trials = new Map<string, Trial>();
  /** What the disk has. */
  readonly #written = new Map<string, Trial>();
  #stopped = false;

  constructor(options: TrialsOptions) {
    this.#options = options;
  }

  /**
   * Before `job` is accepted: keeps what there is to go back to. While another one is on trial, or was taken back, that is what there was
   * before both. `held`: what was accepted last. `isUnknown`: something is here that cannot be read, so nobody knows what was before.
   */
  async prepare(job: VerifiedApply, held: VerifiedApply | null, isUnknown: boolean): Promise<Trial | null> {
    const { log, whenHeard } = this.#options;
    if (!whenHeard || !isOnTrial(job)) return null;
    const { topologyId, topologyName } = job;
    if (isUnknown) {
      log.warn(`${topologyName}: what was here before cannot be read, so revision ${job.revision} stays, whether the server is reached after it or not`, { topologyId });
      return null;
    }
    const known = this.#trials.get(topologyId);
    const before = known ? known.before : await this.#stored(held);
    const trial: Trial = { job, before, endsAt: null, timer: null };
    await this.#keep(trial);
    return trial;
  }

  /** `job` was accepted: what was on trial for its topology is not any more. */
  async accepted({ topologyId }: VerifiedApply, trial: Trial | null): Promise<void> {
    const known = this.#trials.get(topologyId);
    if (known?.timer) clearTimeout(known.timer);
    if (trial) {
      this.#trials.set(topologyId, trial);
      // The one before may have been taken back meanwhile.
      if (this.#written.get(topologyId) !== trial) await this.#keep(trial);
    } else if (this.#trials.delete(topologyId)) await this.#forget(topologyId);
  }

  /** A job of this host's own disk as it is to be held: itself, or what it is to go back to. `verify`: from stored bytes to a job. */
  async takeUp(job: VerifiedApply, envelope: Envelope, verify: (stored: Envelope) => Result<VerifiedApply, JobFailure>): Promise<VerifiedApply> {
    const stored = isOnTrial(job) ? await this.#read(job) : null;
    if (!stored) return job;
    const order = stored.epoch - job.epoch || stored.generation - job.generation;
    // Written for a newer job that was not accepted after all: this one was there before it, or is still on trial itself.
    const isBefore = order > 0 && stored.previous?.payload === envelope.payload;
    if (order < 0 || isBefore) return job;
    const previous = stored.previous ? verify(stored.previous) : null;
    if (previous && !previous.ok) {
      this.#options.log.error(`${job.topologyName}: what was here before revision ${job.revision} is not allowed any more, so there is no way back to it: ${previous.error.message}`, { topologyId: job.topologyId });
      await this.#forget(job.topologyId);
      return job;
    }
    const before = previous && stored.previous ? { job: previous.value, envelope: stored.previous } : null;
    this.#trials.set(job.topologyId, { job, before, endsAt: stored.endsAt, timer: null });
    const isOver = stored.endsAt !== null && Date.now() >= stored.endsAt;
    return isOver ? returnedTo(before?.job ?? null, job) : job;
  }

  /** `job` was brought about, well or badly, and the server is told of it: from now on it is waited for. */
  async watch(job: VerifiedApply): Promise<void> {
    const trial = this.#trials.get(job.topologyId);
    const { whenHeard, goBack } = this.#options;
    if (this.#stopped || !trial || trial.job !== job || !whenHeard) return;
    const waitMs = job.confirmWithinMs ?? 0;
    const now = Date.now();
    // A clock that was set back meanwhile makes nobody wait longer.
    const leftMs = trial.endsAt === null ? waitMs : Math.min(Math.max(trial.endsAt - now, 0), waitMs);
    trial.endsAt = now + leftMs;
    trial.timer = setTimeout(() => goBack(job, returnedTo(trial.before?.job ?? null, job)), leftMs);
    whenHeard(() => void this.#confirmed(trial));
    await this.#keep(trial).catch((error: unknown) => this.#trouble(job, error));
  }

  /** Whether `job` is still to be taken back; it then counts as taken back, for good. */
  async takeBack(job: VerifiedApply): Promise<boolean> {
    const trial = this.#trials.get(job.topologyId);
    if (!trial || trial.job.generation !== job.generation || trial.job.epoch !== job.epoch || trial.endsAt === TAKEN_BACK) return false;
    trial.endsAt = TAKEN_BACK;
    await this.#keep(trial).catch((error: unknown) => this.#trouble(job, error));
    return true;
  }

  /** Nothing is taken back any more by this process; the next one goes on. */
  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#trials.values()) if (timer) clearTimeout(timer);
  }

  async #confirmed(trial: Trial): Promise<void> {
    const { topologyId } = trial.job;
    if (this.#trials.get(topologyId) !== trial || trial.endsAt === TAKEN_BACK) return;
    if (trial.timer) clearTimeout(trial.timer);
    this.#trials.delete(topologyId);
    await this.#forget(topologyId);
  }

  async #stored(held: VerifiedApply | null): Promise<Trial["before"]> {
    const envelope = held && (await this.#options.jobs.read(held.topologyId));
    return held && envelope ? { job: held, envelope } : null;
  }

  async #read(job: VerifiedApply): Promise<StoredTrial | null> {
    try {
      return await this.#options.jobs.readTrial(job.topologyId);
    } catch (error) {
      this.#trouble(job, error);
      return null;
    }
  }

  #keep(trial: Trial): Promise<void> {
    const { job: { topologyId, epoch, generation }, before, endsAt } = trial;
    this.#written.set(topologyId, trial);
    return this.#options.jobs.writeTrial(topologyId, { epoch, generation, previous: before?.envelope ?? null, endsAt });
  }

  async #forget(topologyId: string): Promise<void> {
    await this.#options.jobs.removeTrial(topologyId).catch((error: unknown) =>
      this.#options.log.error(`topology ${topologyId} is confirmed, and that could not be written: a restart of this agent would take it back. ${toWireError(error).publicMessage}`, { topologyId, error }));
  }

  #trouble({ topologyId, topologyName }: VerifiedApply, error: unknown): void {
    this.#options.log.error(`${topologyName}: what there is to go back to cannot be read or written: ${toWireError(error).publicMessage}`, { topologyId, error });
  }
}
