import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Envelope } from "@vpclab/shared/wire/job";
import { EnvelopeSchema } from "@vpclab/shared/wire/job";
import { DurableFile } from "./durable-file";
import { jobsDirOf } from "./state-dir";

const JOB_FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/;

/**
 * The last accepted apply of each topology, as the server signed it: at a start it is verified again, so nothing that was
 * put into this directory by hand is ever acted on.
 */
export class JobStore {
  readonly #dir: string;
  /** One per topology, so that its writes follow each other. */
  readonly #files = new Map<string, DurableFile<Envelope>>();

  constructor(stateDir: string) {
    this.#dir = jobsDirOf(stateDir);
  }

  /** `topologyId` is a UUID (job schema), so it is a safe file name. */
  write(topologyId: string, envelope: Envelope): Promise<void> {
    return this.#file(topologyId).write(envelope);
  }

  remove(topologyId: string): Promise<void> {
    return this.#file(topologyId).remove();
  }

  /** `envelope` is null where both copies are damaged: that topology stays as it is until the server sends it again. */
  async readAll(): Promise<{ topologyId: string; envelope: Envelope | null }[]> {
    return Promise.all((await this.ids()).map(async (topologyId) => ({ topologyId, envelope: await this.#file(topologyId).read().catch(() => null) })));
  }

  /** Topologies that a job is kept of. */
  async ids(): Promise<string[]> {
    return (await readdir(this.#dir)).flatMap((name) => JOB_FILE.exec(name)?.[1] ?? []).sort();
  }

  #file(topologyId: string): DurableFile<Envelope> {
    const file = this.#files.get(topologyId) ?? new DurableFile(join(this.#dir, `${topologyId}.json`), EnvelopeSchema);
    this.#files.set(topologyId, file);
    return file;
  }
}
