import { readdirSync, readlinkSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { NFT_CONTEXTS_MAX } from "../../src/host/libnftables";
import { Lab } from "./lab";

const doc = twoVpcLab();
const drawn: Topology = { ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) };
const lab = new Lab();
beforeAll(() => lab.sandbox.ensure());
afterAll(() => lab.sandbox.remove());

const BLOCKS = 4;
const CYCLES_PER_BLOCK = 50;
/** What some cycle keeps at most on average, in the block that keeps least: allocators and caches take a step now and then, a leak is in every block. */
const KEPT_BYTES_PER_CYCLE = 128 * 1024;
/** Contexts of nftables rest 100 ms; a machine that is busy with other things has them wait. */
const REST_MS = 60_000;
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Open descriptors by what they are, without the number of each. */
function openFiles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const descriptor of readdirSync("/proc/self/fd")) {
    const kind = kindOf(descriptor);
    if (kind !== null) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
function kindOf(descriptor: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).replace(/\d+/g, "");
  } catch {
    // That through which the list was read.
    return null;
  }
}
/** Resident bytes, once what nobody holds any more has been let go. */
async function keptBytes(): Promise<number> {
  // Contexts of nftables rest a moment before they are freed, and give back a low descriptor.
  await vi.waitUntil(() => openFiles()["/dev/null"] === NFT_CONTEXTS_MAX, { timeout: REST_MS });
  collectGarbage();
  return process.memoryUsage().rss;
}

describe("making and removing a lab again and again", () => {
  it("keeps neither descriptors nor memory", async () => {
    const cycle = async () => {
      expect(await lab.apply(drawn)).toEqual([]);
      expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    };
    // The first block is for allocators and caches, until they have what they keep.
    const kept: number[] = [];
    let files: Record<string, number> | null = null;
    for (let block = 0; block <= BLOCKS; block++) {
      for (let count = 0; count < CYCLES_PER_BLOCK; count++) await cycle();
      kept.push(await keptBytes());
      expect(openFiles()).toEqual((files ??= openFiles()));
    }
    const growths = kept.slice(1).map((bytes, index) => bytes - (kept[index] ?? 0));
    expect(Math.min(...growths), `growth of each block in bytes: ${growths.join(", ")}`).toBeLessThan(KEPT_BYTES_PER_CYCLE * CYCLES_PER_BLOCK);
  }, 600_000);
});
