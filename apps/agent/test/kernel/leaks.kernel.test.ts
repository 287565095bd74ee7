import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { Lab } from "./lab";

const doc = twoVpcLab();
const drawn: Topology = { ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) };
const lab = new Lab();
beforeAll(() => lab.sandbox.ensure());
afterAll(() => lab.sandbox.remove());

const CYCLES = 200;
/** Until allocators and caches have what they keep. */
const WARM_UP_CYCLES = 50;
const openFiles = (): number => readdirSync("/proc/self/fd").length;
const MEGABYTE = 2 ** 20;

describe("making and removing a lab again and again", () => {
  it("keeps neither descriptors nor memory", async () => {
    const cycle = async () => {
      expect(await lab.apply(drawn)).toEqual([]);
      expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    };
    for (let count = 0; count < WARM_UP_CYCLES; count++) await cycle();
    const [files, memory] = [openFiles(), process.memoryUsage().rss];
    for (let count = 0; count < CYCLES; count++) await cycle();
    // Contexts of nftables rest a moment before they are freed.
    await vi.waitUntil(() => openFiles() <= files, { timeout: 5_000 });
    expect((process.memoryUsage().rss - memory) / MEGABYTE).toBeLessThan(48);
  }, 600_000);
});
