import { join } from "node:path";
import type { Cidr } from "@vpclab/shared/net/cidr";
import { allocatePublicAddresses } from "@vpclab/shared/plan/public-addresses";
import { z } from "zod";
import { DurableFile } from "./durable-file";

const AddressesSchema = z.strictObject({ addresses: z.record(z.string().max(200), z.string().max(15)) });
type Addresses = Readonly<Record<string, string>>;

const keyOf = (topologyId: string, objectId: string): string => `${topologyId}/${objectId}`;

/**
 * Public addresses that this host gave away, by `<topologyId>/<objectId>`: an Elastic IP keeps its address when it moves and
 * over restarts. Addresses outside of the pool (the policy has changed) are forgotten.
 */
export class PublicAddressStore {
  readonly #file: DurableFile<z.infer<typeof AddressesSchema>>;
  readonly #pool: Cidr | null;
  #addresses: Addresses;

  private constructor(file: DurableFile<z.infer<typeof AddressesSchema>>, pool: Cidr | null, addresses: Addresses) {
    this.#file = file;
    this.#pool = pool;
    this.#addresses = addresses;
  }

  static async open(stateDir: string, pool: Cidr | null): Promise<PublicAddressStore> {
    const file = new DurableFile(join(stateDir, "public-addresses.json"), AddressesSchema);
    const stored = (await file.read())?.addresses ?? {};
    return new PublicAddressStore(file, pool, pool ? allocatePublicAddresses(pool, stored, []) : {});
  }

  /** The host has public addresses to give. */
  get hasPool(): boolean {
    return this.#pool !== null;
  }

  /** Addresses by object id, written down before they are used. An object that the pool has none for is not in the answer. */
  async take(topologyId: string, objectIds: readonly string[]): Promise<Record<string, string>> {
    await this.#write(this.#with(topologyId, objectIds));
    return this.peek(topologyId, objectIds);
  }

  /** As `take`, but nothing is written: for plans. */
  peek(topologyId: string, objectIds: readonly string[]): Record<string, string> {
    const addresses = this.#with(topologyId, objectIds);
    return Object.fromEntries(objectIds.flatMap((objectId) => {
      const address = addresses[keyOf(topologyId, objectId)];
      return address === undefined ? [] : [[objectId, address]];
    }));
  }

  /** Gives back what the topology holds beside `objectIds`; only after the kernel was seen without it. */
  async keepOnly(topologyId: string, objectIds: readonly string[]): Promise<void> {
    const kept = new Set(objectIds.map((objectId) => keyOf(topologyId, objectId)));
    await this.#write(Object.fromEntries(Object.entries(this.#addresses).filter(([key]) => !key.startsWith(`${topologyId}/`) || kept.has(key))));
  }

  #with(topologyId: string, objectIds: readonly string[]): Addresses {
    return this.#pool ? allocatePublicAddresses(this.#pool, this.#addresses, objectIds.map((objectId) => keyOf(topologyId, objectId))) : {};
  }

  async #write(addresses: Addresses): Promise<void> {
    const same = Object.keys(addresses).length === Object.keys(this.#addresses).length &&
      Object.entries(addresses).every(([key, address]) => this.#addresses[key] === address);
    if (same) return;
    await this.#file.write({ addresses });
    this.#addresses = addresses;
  }
}
