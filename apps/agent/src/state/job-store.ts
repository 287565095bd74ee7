import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Envelope } from "@vpclab/shared/wire/job";
import { EnvelopeSchema } from "@vpclab/shared/wire/job";
import { z } from "zod";
import { DurableFile } from "./durable-file";
import { jobsDirOf } from "./state-dir";

const JOB_FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/;

const TrialSchema = z.strictObject({
  /** The apply that is on trial. */
  epoch: z.int().min(1), generation: z.int().min(1),
  /** What there is to go back to; null: nothing was there. */
  previous: EnvelopeSchema.nullable(),
  /** Unix milliseconds; null: the apply is not over yet. 0: it was taken back. */
  endsAt: z.int().min(0).nullable(),
});
/** An apply that stays only if its server is heard after it; gone once it was. */
export type StoredTrial = z.infer<typeof TrialSchema>;

const StopSchema = z.strictObject({
  /** The apply that was cancelled. */
  epoch: z.int().min(1), generation: z.int().min(1),
  /** Who did it, as people call them. */
  by: z.string().min(1).max(64),
});
export type StoredStop = z.infer<typeof StopSchema>;

/**
 * The last accepted apply of each topology, as the server signed it: at a start it is verified again, so nothing that was
 * put into this directory by hand is ever acted on.
 */
export class JobStore {
  readonly #dir: string;
  /** One per topology, so that its writes follow each other. */
  readonly #files = new Map<string, DurableFile<Envelope>>();
  readonly #trials = new Map<string, DurableFile<StoredTrial>>();
  readonly #stops = new Map<string, DurableFile<StoredStop>>();

  constructor(stateDir: string) {
    this.#dir = jobsDirOf(stateDir);
  }

  /** `topologyId` is a UUID (job schema), so it is a safe file name. */
  write(topologyId: string, envelope: Envelope): Promise<void> {
    return this.#file(topologyId).write(envelope);
  }

  async remove(topologyId: string): Promise<void> {
    await this.#file(topologyId).remove();
    await this.#trial(topologyId).remove();
    await this.#stop(topologyId).remove();
  }

  /** Null when there is none. Throws where both copies are damaged. */
  read(topologyId: string): Promise<Envelope | null> {
    return this.#file(topologyId).read();
  }

  writeTrial(topologyId: string, trial: StoredTrial): Promise<void> {
    return this.#trial(topologyId).write(trial);
  }

  /** Null when there is none. Throws where both copies are damaged. */
  readTrial(topologyId: string): Promise<StoredTrial | null> {
    return this.#trial(topologyId).read();
  }

  removeTrial(topologyId: string): Promise<void> {
    return this.#trial(topologyId).remove();
  }

  writeStop(topologyId: string, stop: StoredStop): Promise<void> {
    return this.#stop(topologyId).write(stop);
  }

  /** Null when there is none. Throws where both copies are damaged. */
  readStop(topologyId: string): Promise<StoredStop | null> {
    return this.#stop(topologyId).read();
  }

  removeStop(topologyId: string): Promise<void> {
    return this.#stop(topologyId).remove();
  }

  /** `envelope` is null where both copies are damaged: that topology stays as it is until the server sends it again. */
  async readAll(): Promise<{ topologyId: string; envelope: Envelope | null }[]> {
    return Promise.all((await this.ids()).map(async (topologyId) => ({ topologyId, envelope: await this.#file(topologyId).read().catch(() => null) })));
  }

  /** Topologies that a job is kept of. */
  async ids(): Promise<string[]> {
    return (await readdir(this.#dir)).flatMap((name) => JOB_FILE.exec(name)?.[1] ?? []).sort();
  }

  #trial(topologyId: string): DurableFile<StoredTrial> {
    const file = this.#trials.get(topologyId) ?? new DurableFile(join(this.#dir, `${topologyId}.trial.json`), TrialSchema);
    this.#trials.set(topologyId, file);
    return file;
  }

  #stop(topologyId: string): DurableFile<StoredStop> {
    const file = this.#stops.get(topologyId) ?? new DurableFile(join(this.#dir, `${topologyId}.stop.json`), StopSchema);
    this.#stops.set(topologyId, file);
    return file;
  }

  #file(topologyId: string): DurableFile<Envelope> {
    const file = this.#files.get(topologyId) ?? new DurableFile(join(this.#dir, `${topologyId}.json`), EnvelopeSchema);
    this.#files.set(topologyId, file);
    return file;
  }
}
