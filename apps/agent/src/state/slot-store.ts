import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { allocateSlots, TRANSIT_SLOTS } from "@vpclab/shared/plan/transit";
import { z } from "zod";
import { DurableFile } from "./durable-file";

const SlotsSchema = z.strictObject({ slots: z.record(z.string().max(200), z.int().min(0).max(TRANSIT_SLOTS - 1)) });

/** Objects of a topology that need a slot. `shared`: peerings with another topology, whose two ends lie on one slot. */
export interface TransitObjects {
  readonly own: readonly string[];
  readonly shared: readonly string[];
}

const ownKey = (topologyId: string, objectId: string): string => `${topologyId}/${objectId}`;
const SHARED_PREFIX = "peering/";
const sharedKey = (objectId: string): string => `${SHARED_PREFIX}${objectId}`;

/**
 * Transit slots of this host, by `<topologyId>/<objectId>`, and by `peering/<peeringId>` where two topologies share one: they
 * outlive a restart, so that addresses of links stay as they are.
 */
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
  async take(topologyId: string, objects: TransitObjects): Promise<Record<string, number>> {
    const slots = allocateSlots(this.#slots, keysOf(topologyId, objects));
    if (!slots) throw new AppError("POLICY_LIMIT", `All ${TRANSIT_SLOTS} links between routers are in use on this host; tear a topology down first`);
    await this.#write(slots);
    return this.peek(topologyId, objects);
  }

  /** As `take`, but nothing is written: for plans. */
  peek(topologyId: string, objects: TransitObjects): Record<string, number> {
    const keys = keysOf(topologyId, objects);
    const slots = allocateSlots(this.#slots, keys) ?? {};
    return Object.fromEntries([...objects.own, ...objects.shared].flatMap((objectId, i) => {
      const slot = slots[keys[i] ?? ""];
      return slot === undefined ? [] : [[objectId, slot]];
    }));
  }

  /** Gives back what the topology alone holds beside `objectIds`; only after those objects were seen to be gone. */
  async keepOnly(topologyId: string, objectIds: readonly string[]): Promise<void> {
    const kept = new Set(objectIds.map((objectId) => ownKey(topologyId, objectId)));
    await this.#write(this.#filtered((key) => !key.startsWith(`${topologyId}/`) || kept.has(key)));
  }

  /** Gives back the slots of peerings that no topology of this host has any more. */
  async keepShared(peeringIds: ReadonlySet<string>): Promise<void> {
    await this.#write(this.#filtered((key) => !key.startsWith(SHARED_PREFIX) || peeringIds.has(key.slice(SHARED_PREFIX.length))));
  }

  #filtered(keep: (key: string) => boolean): Record<string, number> {
    return Object.fromEntries(Object.entries(this.#slots).filter(([key]) => keep(key)));
  }

  async #write(slots: Readonly<Record<string, number>>): Promise<void> {
    if (Object.keys(slots).length === Object.keys(this.#slots).length && Object.entries(slots).every(([key, slot]) => this.#slots[key] === slot)) return;
    await this.#file.write({ slots });
    this.#slots = slots;
  }
}

const keysOf = (topologyId: string, { own, shared }: TransitObjects): string[] =>
  [...own.map((objectId) => ownKey(topologyId, objectId)), ...shared.map(sharedKey)];
