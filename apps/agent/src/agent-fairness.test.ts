import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { gridTopology } from "@vpclab/shared/testing/builders";
import { AgentLab } from "../test/link/agent-lab";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const OTHERS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const SMALL = gridTopology({ vpcs: 1, subnetsPerVpc: 1, instancesPerSubnet: 2 });
const topology = (n: number) => ({ topologyId: `b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c${String(10 + n)}`, topologyName: `lab${n}` });
const BAD = topology(0);
const p95 = (sorted: readonly number[]): number => sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;

describe("a topology that always fails", () => {
  let lab: AgentLab;
  beforeEach(async () => void (lab = await AgentLab.start()));
  afterEach(() => lab.close());

  /** Steps of the whole host, tried from the moment that each apply was asked for until its end; at that moment the agent also begins to look after everything. */
  async function costs(): Promise<number[]> {
    const all: number[] = [];
    for (const n of OTHERS) {
      for (const desired of [SMALL, null]) {
        const before = lab.kernel.log.length;
        const looked = lab.look();
        expect((await lab.apply(desired, topology(n))).type).toBe("job-done");
        all.push(lab.kernel.log.length - before);
        await looked;
        lab.nowMs += 5_000;
      }
    }
    return all.sort((a, b) => a - b);
  }

  it("does not delay others: the work that stands between them and their end is at most twice what it is without it", async () => {
    const baseline = p95(await costs());
    let refusals = 0;
    lab.kernel.sabotage = (step) => {
      if (!step.namespace.startsWith(BAD.topologyName) || step.action === "netns-add") return null;
      refusals += 1;
      return "RTNETLINK answers: Cannot allocate memory";
    };
    expect(await lab.apply(SMALL, BAD)).toMatchObject({ deployment: { state: "failed" }, failure: { message: expect.stringContaining("Cannot allocate memory") } });
    const tried = refusals;
    const beside = p95(await costs());
    expect(beside).toBeLessThanOrEqual(2 * baseline);
    // It was tried again meanwhile, with growing pauses.
    expect(refusals).toBeGreaterThan(tried);
    const reason = Object.values(lab.deployment(BAD.topologyId)?.objects ?? {}).find(({ state }) => state === "failed")?.reason;
    expect(reason).toContain("Cannot allocate memory");
    lab.kernel.sabotage = () => null;
    expect(await lab.apply(SMALL, BAD)).toMatchObject({ deployment: { state: "in-place" } });
  }, 120_000);
});
