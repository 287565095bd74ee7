import { beforeEach, describe, expect, it, vi } from "vitest";
import { gridTopology, twoVpcLab } from "@vpclab/shared/testing/builders";
import { FLOWS_MAX, FlowsRequestSchema } from "@vpclab/shared/wire/job";
import { MemoryLab, vpcctl } from "../../test/memory-lab";

const state = vi.hoisted(() => ({ lab: null as unknown }));
vi.mock("../choose-lab", () => ({ chooseLab: () => Promise.resolve(state.lab) }));

let lab: MemoryLab;
beforeEach(() => {
  lab = new MemoryLab();
  state.lab = lab;
});

interface Printed {
  readonly disagreements: number;
  readonly pairs: readonly { readonly source: string; readonly destination: string; readonly promised: boolean; readonly outcome: string | null; readonly agrees: boolean | null }[];
}
async function matrix(line: string): Promise<Printed & { readonly exit: number }> {
  const { exit, stdout, stderr } = await vpcctl(`matrix ${line} --json`);
  if (stdout === "") throw new Error(stderr);
  return { exit, ...(JSON.parse(stdout) as Printed) };
}

describe("matrix", () => {
  it("asks for all pairs in batches that the host takes, none twice and none left out", async () => {
    lab.topologies.set("default", gridTopology({ vpcs: 2, subnetsPerVpc: 3, instancesPerSubnet: 4 }));
    const { pairs } = await matrix("--udp 53");
    const asked = lab.measured.flatMap(({ flows }) => flows.map((ends) => JSON.stringify(ends)));
    expect(lab.measured.length).toBeGreaterThan(1);
    expect(lab.measured.length).toBeLessThan(pairs.length / 50);
    for (const request of lab.measured) {
      expect(FlowsRequestSchema.safeParse(request).error).toBeUndefined();
      expect(request).toMatchObject({ kind: "udp", port: 53 });
      expect(request.flows.length).toBeLessThanOrEqual(FLOWS_MAX);
    }
    expect(asked).toHaveLength(pairs.length);
    expect(new Set(asked).size).toBe(pairs.length);
  });

  it("holds each answer against its own promise: one that differs is exit 1", async () => {
    lab.topologies.set("default", twoVpcLab());
    const promised = (await matrix("--no-measure")).pairs;
    expect(lab.measured).toEqual([]);
    expect(promised.every(({ outcome }) => outcome === null)).toBe(true);
    const answers = promised.map(({ promised: reachable }) => (reachable ? "reached" : "timeout") as "reached" | "timeout");
    let at = 0;
    lab.outcomeOf = () => answers[at++]!;
    expect(await matrix("")).toMatchObject({ exit: 0, disagreements: 0 });
    const broken = promised.findIndex(({ promised: reachable }) => reachable);
    answers[broken] = "timeout";
    at = 0;
    const { exit, pairs, disagreements } = await matrix("");
    expect({ exit, disagreements }).toEqual({ exit: 1, disagreements: 1 });
    expect(pairs.filter(({ agrees }) => agrees === false)).toEqual([expect.objectContaining({ source: promised[broken]?.source, destination: promised[broken]?.destination })]);
  });

  it("says of pairs that the host cannot measure that they are not, and holds nothing against them", async () => {
    lab.topologies.set("default", twoVpcLab());
    lab.outcomeOf = () => null;
    expect(await matrix("")).toMatchObject({ exit: 0, disagreements: 0 });
    const { pairs } = await matrix("--no-measure");
    let at = 0;
    lab.outcomeOf = ({ source }) => ("internet" in source ? null : pairs[at++]?.promised ? "reached" : "timeout");
    const { stdout } = await vpcctl("matrix");
    expect(stdout).toMatch(/\d+ pairs cannot be measured on this host/);
  });
});
