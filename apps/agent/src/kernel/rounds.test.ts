import { describe, expect, it } from "vitest";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { compileTopology } from "@vpclab/shared/plan/compile";
import { planChanges } from "@vpclab/shared/plan/plan";
import type { Step, StepAction } from "@vpclab/shared/plan/step";
import { gridTopology, peeredLab, testContext } from "@vpclab/shared/testing/builders";
import { kindOf, rounds } from "./rounds";

const step = (namespace: string, action: StepAction): Step => ({ owner: { topologyId: "t", objectId: "o" }, namespace, ...action });
const addNetns = (namespace: string) => step(namespace, { action: "netns-add" });
const addBridge = (namespace: string, name: string) => step(namespace, { action: "bridge-add", name, mac: "02:00:00:00:00:01" });
const addVeth = (namespace: string, name: string, peerNamespace: string, peerName: string) =>
  step(namespace, { action: "veth-add", name, mac: "02:00:00:00:00:01", peer: { namespace: peerNamespace, name: peerName, mac: "02:00:00:00:00:02" } });
const up = (namespace: string, name: string) => step(namespace, { action: "link-up", name });
const sysctl = (namespace: string) => step(namespace, { action: "sysctl-set", key: "net.ipv4.ip_forward", value: "1" });
const mark = (namespace: string) => step(namespace, { action: "mark", mark: "vpclab:a:t:o:x" });

/** `<round>: <namespace> <kind> <actions>` of every segment. */
const shape = (steps: readonly Step[]): string[] => rounds(steps).flatMap((round, index) =>
  round.map((segment) => `${index}: ${segment.namespace} ${segment.kind} ${segment.steps.map((each) => each.action).join(" ")}`));

const wholePlan = (doc: Parameters<typeof compileTopology>[0]): Step[] => planChanges(compileTopology(doc, testContext(doc)), {}, testContext(doc));

describe("a plan in rounds", () => {
  it("puts what follows each other in one namespace with one tool into one process", () => {
    expect(shape([addBridge("a", "br"), up("a", "br"), addBridge("b", "br"), up("b", "br")])).toEqual([
      "0: a ip bridge-add link-up", "0: b ip bridge-add link-up",
    ]);
  });

  it("keeps the order of tools within a namespace", () => {
    expect(shape([addNetns("a"), sysctl("a"), addBridge("a", "br"), sysctl("a")])).toEqual([
      "0: a netns-add netns-add", "1: a sysctl sysctl-set", "2: a ip bridge-add", "3: a sysctl sysctl-set",
    ]);
  });

  it("makes a pair after the other end's namespace has its settings, and uses the other end after that", () => {
    expect(shape([addNetns("a"), addNetns("b"), sysctl("b"), addVeth("a", "v", "b", "eth0"), up("a", "v"), up("b", "eth0")])).toEqual([
      "0: a netns-add netns-add", "0: b netns-add netns-add", "1: b sysctl sysctl-set",
      "2: a ip veth-add link-up", "3: b ip link-up",
    ]);
  });

  it("makes a pair after removals in other namespaces that stand before it: names move", () => {
    const plan = [step("c", { action: "link-delete", name: "eth0" }), addVeth("a", "v", "b", "eth0")];
    expect(shape(plan)).toEqual(["0: c ip link-delete", "1: a ip veth-add"]);
  });

  it("does not make a chain of peered routers wait for one another", () => {
    const plan = [addVeth("a", "x", "b", "y"), addVeth("b", "z", "c", "w"), up("b", "y"), up("c", "w")];
    expect(shape(plan)).toEqual(["0: a ip veth-add", "0: b ip veth-add", "1: b ip link-up", "1: c ip link-up"]);
  });

  it("spares a process for marks", () => {
    expect(shape([mark("a"), sysctl("a"), addBridge("a", "br")])).toEqual(["0: a sysctl sysctl-set", "1: a ip mark bridge-add"]);
    expect(shape([mark("a")])).toEqual(["0: a ip mark"]);
  });

  it.each([["the peered lab", peeredLab()], ["a grid", gridTopology({ vpcs: 3, subnetsPerVpc: 2, instancesPerSubnet: 2 })]])(
    "loses and doubles no step, and keeps their order where it counts: %s", (_name, doc) => {
      const plan = wholePlan(doc);
      const flat = rounds(plan).flat().flatMap((segment) => segment.steps);
      expect(new Set(flat)).toEqual(new Set(plan));
      expect(flat).toHaveLength(plan.length);
      const inOrder = (steps: readonly Step[], namespace: string) => steps.filter((each) => each.namespace === namespace && each.action !== "mark");
      for (const namespace of new Set(plan.map((each) => each.namespace))) {
        const ran = rounds(plan).flat().filter((segment) => segment.namespace === namespace).flatMap((segment) => segment.steps);
        expect(inOrder(ran, namespace)).toEqual(inOrder(plan, namespace));
      }
    });

  it("needs the same few rounds however many VPCs there are", () => {
    const count = (vpcs: number) => rounds(wholePlan(gridTopology({ vpcs, subnetsPerVpc: 2, instancesPerSubnet: 2 }))).length;
    expect(count(20)).toBe(count(2));
    expect(count(20)).toBeLessThanOrEqual(6);
  });

  it("knows a tool for every step of a plan", () => {
    const kinds = new Set(wholePlan(peeredLab()).map(kindOf));
    expect([...kinds].sort()).toEqual(["ip", "netns-add", "nft", "sysctl", "workload"]);
    expect(wholePlan(peeredLab()).some((each) => each.namespace === HOST_NAMESPACE)).toBe(true);
  });
});
