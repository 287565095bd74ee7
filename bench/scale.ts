import { setTimeout as delay } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { gridTopology } from "@vpclab/shared/testing/builders";
import type { SecurityGroupRule, Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Step } from "@vpclab/shared/plan/step";
import { Engine } from "./engine";
import { median, type Result, result } from "./result";

const INSTANCES = 500;
const LARGE = gridTopology({ vpcs: 10, subnetsPerVpc: 5, instancesPerSubnet: 10, rulesPerGroup: 5 });
const SMALL = gridTopology({ vpcs: 10, subnetsPerVpc: 2, instancesPerSubnet: 5, rulesPerGroup: 5 });
const REFERRING_RULES = 200;
const ROUNDS = 3;

/** 500 instances: whether it stays linear, what nothing costs, and whether small changes touch little. */
export async function benchScale(): Promise<readonly Result[]> {
  const engine = new Engine(LARGE);
  const ms = { small: [] as number[], large: [] as number[], again: [] as number[], teardown: [] as number[], released: [] as number[] };
  let writesAgain = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    ms.small.push((await engine.apply(SMALL)).ms);
    await engine.apply(EMPTY_TOPOLOGY);
    ms.large.push((await engine.apply(LARGE)).ms);
    const again = await engine.apply(LARGE);
    ms.again.push(again.ms);
    writesAgain = Math.max(writesAgain, again.steps.length);
    if (round < ROUNDS - 1) {
      const { torn, released } = await tearDown(engine);
      ms.teardown.push(torn);
      ms.released.push(released);
    }
  }
  const small = await smallChanges(engine);
  const last = await tearDown(engine);
  ms.teardown.push(last.torn);
  ms.released.push(last.released);
  const large = median(ms.large);
  return [
    result(`apply ${INSTANCES} instances`, large, "ms"),
    result(`time per instance, ${INSTANCES} beside ${SMALL.instances.length}`, (large / INSTANCES) / (median(ms.small) / SMALL.instances.length), "x", ["<=", 1.3]),
    result("kernel writes of a second apply", writesAgain, "writes", ["<=", 0]),
    result(`second apply of ${INSTANCES}, share of the first`, (100 * median(ms.again)) / large, "%", ["<=", 5]),
    ...small,
    result(`tear down ${INSTANCES} instances`, median(ms.teardown), "ms"),
    result("until the kernel has let go of them, beside the apply", median(ms.released) / large, "x"),
  ];
}

const SETTLED_MS = 500;

/** `torn`: the plan is empty. `released`: when the kernel freed the last namespace, which it does after its name is gone. */
async function tearDown(engine: Engine): Promise<{ torn: number; released: number }> {
  const started = performance.now();
  const torn = (await engine.apply(EMPTY_TOPOLOGY)).ms;
  let living = livingNamespaces();
  let released = performance.now();
  while (performance.now() - released < SETTLED_MS) {
    await delay(5);
    const now = livingNamespaces();
    if (now < living) released = performance.now();
    living = now;
  }
  return { torn, released: released - started };
}

/** Network namespaces that the kernel holds, from its slab of `struct net` (man 5 slabinfo). */
function livingNamespaces(): number {
  const line = readFileSync("/proc/slabinfo", "utf8").split("\n").find((text) => text.startsWith("net_namespace "));
  return Number(line?.split(/\s+/)[1] ?? Number.NaN);
}

async function smallChanges(engine: Engine): Promise<readonly Result[]> {
  const group = LARGE.securityGroups.find(({ name }) => name === "tier1");
  if (!group) throw new Error("the grid has no tier1");
  const oneRule = withRules(LARGE, group.id, group.rules.map((rule, n) => (n === 0 ? { ...rule, ports: { from: 9000, to: 9000 } } : rule)));
  const rule = await engine.apply(oneRule);
  await engine.apply(LARGE);
  const members = LARGE.instances.filter((instance) => instance.securityGroupIds.includes(group.id)).length;

  const referred = referredTo(LARGE);
  await engine.apply(referred.document);
  const joined = await engine.apply(referred.joined);
  const rewritten = joined.steps.filter((step) => ofOthers(step, referred.newcomer)).flatMap(rewrites).length;
  await engine.apply(LARGE);
  return [
    result("one rule of a group changed: steps", rule.steps.length, "steps", ["<=", members]),
    result("one rule of a group changed: members of the group", members, "instances"),
    result("one rule of a group changed: time", rule.ms, "ms"),
    result(`member joins a group that ${REFERRING_RULES} rules refer to: rules rewritten`, rewritten, "rules", ["<=", 0]),
    result(`member joins a group that ${REFERRING_RULES} rules refer to: steps`, joined.steps.length, "steps"),
  ];
}

const ofOthers = (step: Step, newcomer: string): boolean => step.owner.objectId !== newcomer;
const rewrites = (step: Step): readonly unknown[] => {
  if (step.action === "nft-replace") return step.table.chains;
  return step.action === "nft-change" ? step.changes.filter(({ change }) => change === "rewrite-rules" || change === "add-chain") : [];
};

const withRules = (doc: Topology, groupId: string, rules: readonly SecurityGroupRule[]): Topology =>
  ({ ...doc, securityGroups: doc.securityGroups.map((group) => (group.id === groupId ? { ...group, rules: [...rules] } : group)) });

/** 200 rules of the tiers of one VPC name its default group, to which an instance is then added. */
function referredTo(doc: Topology): { document: Topology; joined: Topology; newcomer: string } {
  const vpc = doc.vpcs[0];
  const tiers = doc.securityGroups.filter((group) => group.vpcId === vpc?.id && group.name !== "default");
  const newcomer = doc.instances[0];
  if (!vpc || !newcomer) throw new Error("the grid is empty");
  const perTier = Math.ceil(REFERRING_RULES / tiers.length);
  const referring = (tier: number, n: number): SecurityGroupRule => ({
    id: `sgr-${(0xf0_0000 + tier * 1000 + n).toString(16).padStart(12, "0")}`, direction: "ingress", protocol: "tcp",
    ports: { from: 10_000 + n, to: 10_000 + n }, peer: { securityGroupId: vpc.defaultSecurityGroupId }, description: "",
  });
  const document = tiers.reduce((grown, tier, index) =>
    withRules(grown, tier.id, [...tier.rules, ...Array.from({ length: perTier }, (_, n) => referring(index, n))]), doc);
  const joined = {
    ...document,
    instances: document.instances.map((instance) => (instance.id === newcomer.id
      ? { ...instance, securityGroupIds: [...instance.securityGroupIds, vpc.defaultSecurityGroupId] }
      : instance)),
  };
  return { document, joined, newcomer: newcomer.id };
}
