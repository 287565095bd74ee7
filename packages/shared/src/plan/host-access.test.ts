import { describe, expect, it } from "vitest";
import { testContext, twoVpcLab } from "../testing/builders";
import { named } from "../testing/full-lab";
import type { Topology } from "../topology/topology";
import { parseTopology } from "../topology/validate";
import { compileTopology } from "./compile";
import { describePlan } from "./describe";
import { HOST_NAMESPACE, type KernelState } from "./kernel-state";
import { planChanges } from "./plan";
import { ruleText } from "./render-nft";

const off = twoVpcLab();
const vpc1 = named(off.vpcs, "vpc1");
const reachable = (...names: string[]): Topology => ({ ...off, vpcs: off.vpcs.map((vpc) => ({ ...vpc, reachableFromHost: names.includes(vpc.name) })) });
const on = reachable("vpc1");
const rules = (state: KernelState, namespace: string, chain: string): string[] =>
  state[namespace]!.nft!.chains.find(({ name }) => name === chain)!.rules.map((rule) => ruleText(rule).replaceAll(/"?(v..|br|igw|igh)-[a-z2-7]{10}"?/g, "$1"));

describe("a VPC that the host may reach", () => {
  const state = compileTopology(on, testContext(on));
  const hostRules = (chain: string) => rules(state, HOST_NAMESPACE, chain);

  it("is off by default: nothing of it is there", () => {
    const text = JSON.stringify(compileTopology(off, testContext(off)));
    expect(text).not.toMatch(/vph-|vpr-|"host"\}?,"comment"|no-way-through/);
  });

  it("has a link and a route of its own on the host, over which nothing is forwarded", () => {
    const host = state[HOST_NAMESPACE]!;
    const link = host.links.find(({ name }) => name.startsWith("vph-"))!;
    expect(host.routes.filter(({ dev }) => dev === link.name)).toMatchObject([{ destination: "10.0.0.0/16", via: "169.254.64.4", protocol: 118 }]);
    expect(link.addresses).toEqual(["169.254.64.5/31"]);
    expect(host.sysctls[`net/ipv4/conf/${link.name}/forwarding`]).toBe("0");
    expect(hostRules("forwarding").slice(0, 2)).toEqual([expect.stringMatching(/^iifname vph counter drop/), expect.stringMatching(/^oifname vph counter drop/)]);
    expect(hostRules("incoming")[0]).toMatch(/^iifname vph ct state .*established.* counter accept/);
  });

  it("lets the host's own address in before ACLs and groups, and answers out", () => {
    expect(rules(state, "vpc1", "forwarding").slice(0, 2)).toEqual([
      expect.stringMatching(/^iifname vpr oifname \{ br, br \} counter accept/),
      expect.stringMatching(/^iifname \{ br, br \} oifname vpr ct state .*established.* counter accept/),
    ]);
    expect(rules(state, "vpc1", `from-${vpc1.id}`)).toEqual([expect.stringMatching(/^ip saddr != 169\.254\.64\.5 counter drop/)]);
    expect(rules(state, "vpc1-public", "incoming")).toContainEqual(expect.stringMatching(/^ip saddr 169\.254\.64\.5 counter accept/));
    expect(JSON.stringify(state["vpc2"])).not.toContain("vpr-");
  });

  it("keeps the transit addresses of gateways as they are", () => {
    const before = compileTopology(off, testContext(off))[HOST_NAMESPACE]!.links;
    expect(state[HOST_NAMESPACE]!.links.slice(0, before.length)).toEqual(before);
  });

  it("is left as it is where the host knows its addresses", () => {
    const { host, ...context } = testContext(on);
    expect(compileTopology(on, { ...context, host: { ...host, closedVpcs: [vpc1.id] } })).toEqual(compileTopology(off, testContext(off)));
  });

  it("is a change of the VPC in a plan, not a new one", () => {
    const steps = planChanges(state, {}, testContext(on)).filter(({ namespace, owner }) => owner.objectId === vpc1.id && namespace === HOST_NAMESPACE);
    const plan = describePlan(steps, { topologyName: "default", before: off, after: on }, "observed");
    expect(plan.changes).toMatchObject([{ kind: "change", name: "vpc1", sentence: expect.stringContaining("the host itself reaches its instances") }]);
    expect(plan.changes[0]!.commands.join("\n")).toMatch(/ip route replace 10\.0\.0\.0\/16 via 169\.254\.64\.4 dev vph-\S+ proto 118|ip .*route replace/);
  });

  it("may not overlap another one of the same topology", () => {
    const both = reachable("vpc1", "vpc2");
    expect(parseTopology(both).ok).toBe(true);
    const subnets = both.subnets.filter(({ vpcId }) => vpcId === vpc1.id);
    const instances = both.instances.filter(({ subnetId }) => subnets.some(({ id }) => id === subnetId));
    const overlapping = { ...both, subnets, instances, peerings: [], vpcs: both.vpcs.map((vpc) => ({ ...vpc, cidr: vpc.name === "vpc2" ? "10.0.128.0/20" : vpc.cidr })) };
    const later = Math.max(...overlapping.vpcs.map((_vpc, i) => i));
    expect(parseTopology(overlapping)).toMatchObject({ ok: false, error: [{ code: "HOST_OVERLAP", path: ["vpcs", later, "reachableFromHost"] }] });
    const oneOff = { ...overlapping, vpcs: overlapping.vpcs.map((vpc, i) => (i === later ? { ...vpc, reachableFromHost: false } : vpc)) };
    expect(parseTopology(oneOff).ok).toBe(true);
  });
});
