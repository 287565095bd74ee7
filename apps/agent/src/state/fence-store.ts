import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { z } from "zod";
import type { FenceEntry } from "../link/verify-job";
import { DurableFile } from "./durable-file";

const FenceSchema = z.strictObject({
  topologies: z.record(z.uuid(), z.strictObject({
    epoch: z.int().min(1), generation: z.int().min(1), contentHash: z.string().regex(/^[0-9a-f]{64}$/), tombstone: z.boolean(),
  })),
});

/** More topologies than this were never made by people; a server that goes mad must not fill the disk. */
const ENTRIES_MAX = 5000;

/** What was accepted last for each topology, removed ones included: older generations stay refused for ever. */
export class FenceStore {
  readonly #file: DurableFile<z.infer<typeof FenceSchema>>;
  #entries: ReadonlyMap<string, FenceEntry>;

  private constructor(file: DurableFile<z.infer<typeof FenceSchema>>, entries: ReadonlyMap<string, FenceEntry>) {
    this.#file = file;
    this.#entries = entries;
  }

  static async open(stateDir: string): Promise<FenceStore> {
    const file = new DurableFile(join(stateDir, "fence.json"), FenceSchema);
    const stored = await file.read();
    return new FenceStore(file, new Map(Object.entries(stored?.topologies ?? {})));
  }

  get(topologyId: string): FenceEntry | null {
    return this.#entries.get(topologyId) ?? null;
  }

  /** Throws POLICY_LIMIT when one more topology cannot be remembered. */
  assertRoom(topologyId: string): void {
    if (this.#entries.has(topologyId) || this.#entries.size < ENTRIES_MAX) return;
    throw new AppError("POLICY_LIMIT", `this host remembers ${ENTRIES_MAX} topologies already; purge and enrol it again`);
  }

  /** `keepJob` writes what the entry is about: on the disk before the entry, and neither of them where the disk has no room for both. */
  async set(topologyId: string, entry: FenceEntry, keepJob?: () => Promise<void>): Promise<void> {
    this.assertRoom(topologyId);
    const entries = new Map(this.#entries).set(topologyId, entry);
    await this.#file.write({ topologies: Object.fromEntries(entries) }, keepJob);
    this.#entries = entries;
  }
}
