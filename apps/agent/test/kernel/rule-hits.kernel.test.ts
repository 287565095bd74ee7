import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aclEntryName, firewallDefaultName, firewallRuleName } from "@vpclab/shared/plan/rule-names";
import type { FirewallRule } from "@vpclab/shared/topology/topology";
import type { RuleHits } from "@vpclab/shared/wire/live";
import { measure } from "../../src/probes/measure";
import { AgentLab } from "../link/agent-lab";
import { applyJob } from "../link/job-fixture";
import { Lab } from "./lab";
import { mixedLab } from "./mixed-lab";

/** What the page shows beside each rule: the kernel's own counters, asked for by a job. */
describe("hits of rules, on the real kernel", () => {
  const lab = new Lab();
  const drawn = mixedLab();
  const vpc1 = drawn.vpcs.find(({ name }) => name === "vpc1")!;
  const subnet = drawn.subnets.find(({ name, vpcId }) => name === "private" && vpcId === vpc1.id)!;
  const denied: FirewallRule = { direction: "ingress", action: "deny", protocol: "tcp", ports: { from: 9, to: 9 }, cidr: "0.0.0.0/0", description: "" };
  subnet.firewall = { defaults: { ingress: "allow", egress: "allow" }, rules: [denied] };
  const target = drawn.instances.find(({ name, subnetId }) => name === "main" && subnetId === subnet.id)!;
  const source = drawn.instances.find(({ name, subnetId }) => name === "main" && drawn.subnets.some((other) => other.id === subnetId && other.name === "public" && other.vpcId === vpc1.id))!;
  let agent: AgentLab<Lab["kernel"]>;
  let asked = 0;

  beforeAll(async () => {
    await lab.sandbox.ensure();
    agent = await AgentLab.on(lab.kernel);
    expect(await agent.apply(drawn)).toMatchObject({ deployment: { state: "in-place" } });
  });
  afterAll(async () => {
    await agent.agent.deployments.takeDown();
    await agent.close();
    await lab.sandbox.remove();
  });

  async function hitsOf(objectId: string): Promise<RuleHits> {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const jobId = `hits-${++asked}`;
    agent.server.sendJob((signed) => ({ ...common, ...signed, kind: "rule-hits", jobId, objectId }));
    await agent.server.until(() => agent.server.ofType("rule-hits-done").some((done) => done.jobId === jobId), 20_000);
    return agent.server.ofType("rule-hits-done").find((done) => done.jobId === jobId)!.hits;
  }
  const connect = (port: number) => measure(lab, { namespace: "vpc1-public", sourceAddress: source.address, targetAddress: target.address, kind: "tcp", port });
  const sum = ({ rules }: RuleHits): number => Object.values(rules).reduce((total, { packets }) => total + packets, 0);

  it("a firewall's rule counts what it decides, and the default the rest", async () => {
    const before = await hitsOf(subnet.id);
    expect(before.rules[firewallRuleName(denied)]).toEqual({ packets: 0, bytes: 0 });
    expect((await connect(9)).outcome).toBe("timeout");
    const after = await hitsOf(subnet.id);
    expect(after.rules[firewallRuleName(denied)]!.packets).toBeGreaterThan(0);
    expect(after.rules[firewallRuleName(denied)]!.bytes).toBeGreaterThan(0);
    await connect(8080);
    expect((await hitsOf(subnet.id)).rules[firewallDefaultName("ingress")]!.packets).toBeGreaterThan(after.rules[firewallDefaultName("ingress")]!.packets);
  });

  it("a group's rules are summed over its members, and the ACL's entries are read in the router", async () => {
    const [groupId] = target.securityGroupIds;
    const aclId = drawn.subnets.find(({ id }) => id === subnet.id)!.networkAclId ?? vpc1.defaultNetworkAclId;
    const [group, acl] = [await hitsOf(groupId!), await hitsOf(aclId)];
    expect(group).toMatchObject({ read: group.places, since: expect.any(Number) });
    expect(Object.keys(group.rules).sort()).toEqual(drawn.securityGroups.find(({ id }) => id === groupId)!.rules.flatMap(({ id, peer }) => ("goneSecurityGroupId" in peer ? [] : [id])).sort());
    await connect(8080);
    expect(sum(await hitsOf(groupId!))).toBeGreaterThan(sum(group));
    const later = await hitsOf(aclId);
    expect(sum(later)).toBeGreaterThan(sum(acl));
    expect(later).toMatchObject({ read: 1, places: 1 });
    expect(Object.keys(later.rules)).toContain(aclEntryName(aclId, "ingress", "rest"));
  });

  it("what was counted is no drift", async () => {
    await connect(8080);
    await agent.agent.deployments.resync();
    expect(agent.agent.deployments.inventory()[0]?.deployment.state).toBe("in-place");
  });

  it("counting begins anew, and says so, when a rule set had to be made anew", async () => {
    await connect(9);
    const before = await hitsOf(subnet.id);
    await lab.inside("vpc1-private", "nft", "flush ruleset");
    await agent.agent.deployments.resync();
    const after = await hitsOf(subnet.id);
    expect(before.rules[firewallRuleName(denied)]!.packets).toBeGreaterThan(0);
    expect(after.rules[firewallRuleName(denied)]).toEqual({ packets: 0, bytes: 0 });
    expect(after.since!).toBeGreaterThan(before.since!);
  });

  it("says nothing of what has no rules, or is not applied", async () => {
    const nothing = { since: null, rules: {}, read: 0, places: 0 };
    expect(await hitsOf(target.id)).toEqual(nothing);
    expect(await hitsOf("sg-0123456789ab")).toEqual(nothing);
  });
});
