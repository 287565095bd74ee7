import { readdirSync, readlinkSync } from "node:fs";
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

const CYCLES = 200;
/** Until allocators and caches have what they keep. */
const WARM_UP_CYCLES = 50;
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
const MEGABYTE = 2 ** 20;

describe("making and removing a lab again and again", () => {
  it("keeps neither descriptors nor memory", async () => {
    const cycle = async () => {
      expect(await lab.apply(drawn)).toEqual([]);
      expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    };
    for (let count = 0; count < WARM_UP_CYCLES; count++) await cycle();
    // Contexts of nftables rest a moment before they are freed, and give back a low descriptor.
    await vi.waitUntil(() => openFiles()["/dev/null"] === NFT_CONTEXTS_MAX, { timeout: 5_000 });
    const [files, memory] = [openFiles(), process.memoryUsage().rss];
    for (let count = 0; count < CYCLES; count++) await cycle();
    await vi.waitUntil(() => openFiles()["/dev/null"] === NFT_CONTEXTS_MAX, { timeout: 5_000 });
    expect(openFiles()).toEqual(files);
    expect((process.memoryUsage().rss - memory) / MEGABYTE).toBeLessThan(48);
  }, 600_000);
});
