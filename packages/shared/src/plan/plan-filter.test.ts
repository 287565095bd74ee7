import { describe, expect, it } from "vitest";
import { gridTopology, testContext } from "../testing/builders";
import { FakeKernel } from "../testing/fake-kernel";
import type { Instance, SecurityGroup, Topology } from "../topology/topology";
import { compileTopology } from "./compile";
import type { NftTable, SeenNftTable } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { ACCEPT, DROP, jump, rule } from "./nft-rule";
import { planChanges } from "./plan";
import { tableChanges } from "./plan-filter";
import type { NftChange, Step } from "./step";

const GRID = gridTopology({ vpcs: 10, subnetsPerVpc: 5, instancesPerSubnet: 10, rulesPerGroup: 4 });

/** What is left to do for a document after another one was applied. */
async function stepsBetween(before: Topology, after: Topology): Promise<Step[]> {
  const kernel = new FakeKernel();
  const context = testContext(after);
  const first = compileTopology(before, context);
  expect(await kernel.apply(planChanges(first, {}, context))).toEqual([]);
  const wanted = compileTopology(after, context);
  const steps = planChanges(wanted, await kernel.observe([HOST_NAMESPACE, ...Object.keys(first), ...Object.keys(wanted)]), context);
  expect(await kernel.apply(steps)).toEqual([]);
  expect(planChanges(wanted, await kernel.observe([HOST_NAMESPACE, ...Object.keys(wanted)]), context)).toEqual([]);
  return steps;
}

const withGroup = (doc: Topology, groupId: string, change: (group: SecurityGroup) => SecurityGroup): Topology =>
  ({ ...doc, securityGroups: doc.securityGroups.map((group) => (group.id === groupId ? change(group) : group)) });
const membersOf = (doc: Topology, groupId: string): Instance[] => doc.instances.filter((instance) => instance.securityGroupIds.includes(groupId));
const changesOf = (step: Step): readonly NftChange[] => (step.action === "nft-change" ? step.changes : []);

/** Much work, on machines that may have other work: the limit is for what hangs. */
describe("in a topology of 500 instances", { timeout: 180_000 }, () => {
  const group = GRID.securityGroups.find((candidate) => candidate.name === "tier2");
  if (!group) throw new Error("the grid has changed");

  it("applying again plans nothing", async () => {
    expect(await stepsBetween(GRID, GRID)).toEqual([]);
  });

  it("one changed rule of a group is one rewritten chain in each member's table, and nothing else", async () => {
    const steps = await stepsBetween(GRID, withGroup(GRID, group.id, (old) => ({
      ...old, rules: old.rules.map((one, n) => (n === 0 ? { ...one, ports: { from: 9000, to: 9001 } } : one)),
    })));
    expect(new Set(steps.map((step) => step.owner.objectId))).toEqual(new Set(membersOf(GRID, group.id).map(({ id }) => id)));
    expect(steps).toHaveLength(10);
    for (const step of steps) expect(changesOf(step).map((change) => change.change)).toEqual(["rewrite-rules"]);
  });

  it("a rule more is its counter and one rewritten chain in each member's table", async () => {
    const steps = await stepsBetween(GRID, withGroup(GRID, group.id, (old) => ({
      ...old, rules: [...old.rules, { id: "sgr-feedfeedfeed", direction: "ingress", protocol: "icmp", ports: null, peer: { cidr: "10.0.0.0/8" }, description: "" }],
    })));
    expect(steps).toHaveLength(10);
    for (const step of steps) expect(changesOf(step).map((change) => change.change)).toEqual(["add-counter", "rewrite-rules"]);
  });

  it("a member more of a group that 200 rules refer to is an element more where they stand: no rule is rewritten", async () => {
    const [, second] = GRID.securityGroups.filter(({ vpcId, name }) => vpcId === group.vpcId && name !== "default");
    if (!second) throw new Error("the grid has changed");
    const before = withGroup(GRID, second.id, (old) => ({
      ...old, rules: Array.from({ length: 200 }, (_, n) => ({
        id: `sgr-${n.toString(16).padStart(12, "0")}`, direction: "ingress", protocol: "tcp", ports: { from: n + 1, to: n + 1 },
        peer: { securityGroupId: group.id }, description: "",
      })),
    }));
    const [sibling] = membersOf(before, group.id);
    if (!sibling) throw new Error("the grid has changed");
    const member: Instance = { ...sibling, id: "i-feedfeedfeed", name: "newcomer", address: sibling.address.replace(/\.\d+$/, ".200") };
    const steps = await stepsBetween(before, { ...before, instances: [...before.instances, member] });
    const elsewhere = steps.filter((step) => step.owner.objectId !== member.id);
    expect(elsewhere.length).toBeGreaterThanOrEqual(10);
    for (const step of elsewhere) expect(changesOf(step)).toEqual([{ change: "add-elements", set: group.id, elements: [member.address] }]);
  });
});

describe("the smallest change of a table", () => {
  const have: SeenNftTable = {
    counters: ["c-1"], foreignObjects: 0,
    sets: [{ name: "s", type: "ipv4_addr", interval: false, elements: ["10.0.0.1", "10.0.0.2"] }],
    chains: [
      { name: "leaf", type: null, rules: [rule("a", ACCEPT)] },
      { name: "base", type: "filter", hook: "input", priority: 0, policy: "drop", rules: [rule("b", jump("leaf"))] },
    ],
  };
  const { foreignObjects: _, ...same } = have;
  const want: NftTable = { name: "vpclab", ...(same as Omit<NftTable, "name">) };

  it("is none where nothing differs, whatever the order of sets' members and of chains", () => {
    expect(tableChanges(want, { ...have, chains: [...have.chains].reverse(), sets: have.sets.map((set) => ({ ...set, elements: [...set.elements].reverse() })) })).toEqual([]);
  });

  it("makes what is named before what names it, and removes last", () => {
    const leaf = { name: "other", type: null, rules: [rule("x", { counter: "c-2" }, DROP)] } as const;
    const changed: NftTable = { ...want, counters: ["c-2"], sets: [], chains: [leaf, ...want.chains.slice(1).map((chain) => ({ ...chain, rules: [rule("b", jump("other"))] }))] };
    expect(tableChanges(changed, have)).toEqual([
      { change: "add-counter", name: "c-2" },
      { change: "add-chain", chain: leaf },
      { change: "rewrite-rules", chain: "base", rules: [rule("b", jump("other"))] },
      { change: "rewrite-rules", chain: "leaf", rules: [] },
      { change: "delete-chain", name: "leaf" },
      { change: "delete-set", name: "s" },
      { change: "delete-counter", name: "c-1" },
    ]);
  });

  it("rewrites a chain in which somebody left a rule", () => {
    const damaged = { ...have, chains: have.chains.map((chain) => (chain.name === "leaf" ? { ...chain, rules: [{ foreign: "{}" }, ...chain.rules] } : chain)) };
    expect(tableChanges(want, damaged)).toEqual([{ change: "rewrite-rules", chain: "leaf", rules: [rule("a", ACCEPT)] }]);
  });

  it.each<[string, SeenNftTable]>([
    ["objects that we do not make", { ...have, foreignObjects: 1 }],
    ["a chain on another hook", { ...have, chains: have.chains.map((chain) => (chain.type === null ? chain : { ...chain, hook: "output" })) }],
    ["a chain of another priority", { ...have, chains: have.chains.map((chain) => (chain.type === null ? chain : { ...chain, priority: 5 })) }],
    ["a chain of another policy", { ...have, chains: have.chains.map((chain) => (chain.type === null ? chain : { ...chain, policy: "accept" })) }],
    ["a hook where there should be none", { ...have, chains: have.chains.map((chain) => ({ ...chain, type: "filter", hook: "input", priority: 0, policy: "drop" })) }],
    ["a set of another kind", { ...have, sets: have.sets.map((set) => ({ ...set, interval: true })) }],
  ])("is the whole table where it has %s", (_name, seen) => {
    expect(tableChanges(want, seen)).toBeNull();
  });
});
