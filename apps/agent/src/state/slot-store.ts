import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { allocateSlots, TRANSIT_SLOTS } from "@vpclab/shared/plan/transit";
import { z } from "zod";
import { DurableFile } from "./durable-file";

const SlotsSchema = z.strictObject({ slots: z.record(z.string().max(200), z.int().min(0).max(TRANSIT_SLOTS - 1)) });

/** Transit slots of this host, by `<topologyId>/<objectId>`: they outlive a restart, so that addresses of links stay as they are. */
export class SlotStore {
  readonly #file: DurableFile<z.infer<typeof SlotsSchema>>;
  #slots: Readonly<Record<string, number>>;

  private constructor(file: DurableFile<z.infer<typeof SlotsSchema>>, slots: Readonly<Record<string, number>>) {
    this.#file = file;
    this.#slots = slots;
  }

  static async open(stateDir: string): Promise<SlotStore> {
    const file = new DurableFile(join(stateDir, "slots.json"), SlotsSchema);
    return new SlotStore(file, (await file.read())?.slots ?? {});
  }

  /** Slots by object id, written down before they are used. */
  async take(topologyId: string, objectIds: readonly string[]): Promise<Record<string, number>> {
    const slots = allocateSlots(this.#slots, objectIds.map((objectId) => `${topologyId}/${objectId}`));
    if (!slots) throw new AppError("POLICY_LIMIT", `All ${TRANSIT_SLOTS} links between routers are in use on this host; tear a topology down first`);
    await this.#write(slots);
    return this.peek(topologyId, objectIds);
  }

  /** As `take`, but nothing is written: for plans. */
  peek(topologyId: string, objectIds: readonly string[]): Record<string, number> {
    const slots = allocateSlots(this.#slots, objectIds.map((objectId) => `${topologyId}/${objectId}`)) ?? {};
    return Object.fromEntries(objectIds.flatMap((objectId) => {
      const slot = slots[`${topologyId}/${objectId}`];
      return slot === undefined ? [] : [[objectId, slot]];
    }));
  }

  /** Gives back what the topology holds beside `objectIds`; only after those objects were seen to be gone. */
  async keepOnly(topologyId: string, objectIds: readonly string[]): Promise<void> {
    const kept = new Set(objectIds.map((objectId) => `${topologyId}/${objectId}`));
    await this.#write(Object.fromEntries(Object.entries(this.#slots).filter(([key]) => !key.startsWith(`${topologyId}/`) || kept.has(key))));
  }

  async #write(slots: Readonly<Record<string, number>>): Promise<void> {
    if (Object.keys(slots).length === Object.keys(this.#slots).length && Object.entries(slots).every(([key, slot]) => this.#slots[key] === slot)) return;
    await this.#file.write({ slots });
    this.#slots = slots;
  }
}
