import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../errors/error-code";
import { gridTopology, peeredLab, seededRandom, twoVpcLab } from "../testing/builders";
import { fullLab, named } from "../testing/full-lab";
import { randomTopology } from "../testing/random-topology";
import { applyEdit } from "../topology/edit";
import { EditCommandSchema, type EditCommand } from "../topology/edit-command";
import { newBarePeering, newNatGateway, newNetworkAcl, newRouteTable, newSecurityGroup, newVpc } from "../topology/new-object";
import type { NetworkAclEntry, Topology } from "../topology/topology";
import { findObject } from "../topology/topology-index";
import { buildTemplate } from "../templates/build-template";
import { TEMPLATES } from "../templates/template-catalog";
import type { Hint } from "./hint";
import { hintsOf } from "./hints-of";

const random = seededRandom(5);
const lab = fullLab();

function after(doc: Topology, command: EditCommand): Topology {
  const edited = applyEdit(doc, command);
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  return edited.value.document;
}
const ofVpc1 = <T extends { vpcId: string; name: string }>(objects: readonly T[], name: string) =>
  named(objects.filter(({ vpcId }) => vpcId === named(lab.vpcs, "vpc1").id), name);
const codes = (doc: Topology): string[] => hintsOf(doc).map(({ code }) => code);

/** What tells one hint from another: the same object may have several of a code. */
const keyOf = ({ code, objectId, message }: Hint): string => `${code} ${objectId} ${message}`;

/** Two rules of one group may be stale alike. */
const count = (doc: Topology, hint: Hint): number => hintsOf(doc).filter((other) => keyOf(other) === keyOf(hint)).length;

const withEntries = (entries: NetworkAclEntry[]): Topology =>
  after(lab, { op: "update", kind: "network-acl", id: ofVpc1(lab.networkAcls, "edge").id, set: { entries } });
const entry = (direction: "ingress" | "egress", number: number, ports: NetworkAclEntry["ports"], action: "allow" | "deny" = "allow"): NetworkAclEntry =>
  ({ direction, number, action, protocol: ports ? "tcp" : "all", ports, cidr: "0.0.0.0/0" });
const ruleOf = (id: string, peer: { cidr: string } | { securityGroupId: string }) =>
  ({ id: `sgr-0000000000${id}`, direction: "ingress" as const, protocol: "tcp" as const, ports: { from: 22, to: 22 }, peer, description: "" });
const withRules = (name: string, rules: ReturnType<typeof ruleOf>[]): Topology => {
  const group = ofVpc1(lab.securityGroups, name);
  return after(lab, { op: "update", kind: "security-group", id: group.id, set: { rules: [...group.rules, ...rules] } });
};
const emptyGroup = newSecurityGroup(lab, named(lab.vpcs, "vpc1").id, random);

describe("hints about a topology", () => {
  it.each<[ErrorCode, string, () => Topology]>([
    ["NO_PUBLIC_ADDRESS", "an instance in a public subnet without a public address", () =>
      after(twoVpcLab(), { op: "update", kind: "subnet", id: twoVpcLab().subnets.find(({ cidr }) => cidr === "10.0.1.0/24")?.id ?? "", set: { autoAssignPublicAddress: false } })],
    ["VPC_OVERLAP", "two VPCs of one range", () => {
      const made = newVpc(lab, random, { cidr: "10.0.0.0/17" });
      if (!made.ok) throw new Error("refused");
      return after(lab, made.value.command);
    }],
    ["PEER_UNUSED", "a peering without routes", () => after(twoVpcLab(), newBarePeering(twoVpcLab(), twoVpcLab().vpcs[0]?.id ?? "", twoVpcLab().vpcs[1]?.id ?? "", random).command)],
    ["NAT_UNUSED", "a NAT gateway that nothing leads to", () => {
      const doc = twoVpcLab();
      const made = newNatGateway(doc, doc.subnets.find(({ cidr }) => cidr === "10.0.1.0/24")?.id ?? "", random);
      if (!made.ok) throw new Error("refused");
      return after(doc, made.value.command);
    }],
    ["SOURCE_DEST_CHECK", "a middlebox that checks", () => after(lab, { op: "update", kind: "instance", id: named(lab.instances, "fw").id, set: { sourceDestCheck: true } })],
    ["GROUP_EMPTY", "a rule about a group that nobody is in", () => after(after(lab, emptyGroup.command), {
      op: "update", kind: "security-group", id: ofVpc1(lab.securityGroups, "web").id,
      set: { rules: [...ofVpc1(lab.securityGroups, "web").rules, ruleOf("e1", { securityGroupId: emptyGroup.id })] },
    })],
    ["RULE_REDUNDANT", "a rule that a wider one covers", () => withRules("web", [ruleOf("e1", { cidr: "10.0.0.0/8" }), ruleOf("e2", { cidr: "10.0.0.0/16" })])],
    ["ACL_NO_ANSWERS", "an ACL that lets no answers out", () => withEntries([entry("ingress", 100, { from: 80, to: 80 }), entry("egress", 100, { from: 80, to: 80 })])],
    ["ACL_NO_ANSWERS", "an ACL that lets no answers in, and denies the rest by itself", () =>
      withEntries([entry("egress", 100, { from: 443, to: 443 }), entry("ingress", 100, null, "deny")])],
    ["GROUP_UNUSED", "a group that nobody is in", () => after(lab, newSecurityGroup(lab, named(lab.vpcs, "vpc1").id, random).command)],
    ["TABLE_UNUSED", "a table that routes nothing", () => after(lab, newRouteTable(lab, named(lab.vpcs, "vpc1").id, random).command)],
    ["ACL_UNUSED", "an ACL that filters nothing", () => after(lab, newNetworkAcl(lab, named(lab.vpcs, "vpc1").id, random).command)],
  ])("%s: %s, and one click mends it", (code, _what, make) => {
    const doc = make();
    const hint = hintsOf(doc).find((found) => found.code === code);
    expect(hint?.message).toMatch(/^[^;]+; .+\.$/);
    expect(hint?.fix?.label).toMatch(/^[A-Z]/);
    const mended = after(doc, hint?.fix?.command(random) ?? { op: "settings", set: {} });
    expect(hintsOf(mended).map(keyOf)).not.toContain(hint ? keyOf(hint) : "");
    expect(codes(mended).filter((each) => each === code).length).toBeLessThan(codes(doc).filter((each) => each === code).length);
  });

  it("none where ACLs let answers through: all traffic, or the ephemeral ports", () => {
    expect(codes(withEntries([entry("ingress", 100, { from: 80, to: 80 }), entry("egress", 100, null)]))).not.toContain("ACL_NO_ANSWERS");
    expect(codes(withEntries([entry("ingress", 100, { from: 80, to: 80 }), entry("egress", 100, { from: 1024, to: 65535 })]))).not.toContain("ACL_NO_ANSWERS");
  });

  it("none about labs that work", () => {
    for (const doc of [twoVpcLab(), peeredLab()]) expect(hintsOf(doc)).toEqual([]);
  });

  it("of the templates that are broken on purpose, each names its fault", () => {
    const faults: Record<string, string> = { "broken-peering": "ROUTE_ONE_SIDED", "broken-nat": "NAT_NOT_PUBLIC", "broken-acl": "ACL_NO_ANSWERS", "broken-group": "GROUP_EMPTY" };
    for (const { name } of TEMPLATES.filter(({ group }) => group === "broken")) expect([...new Set(codes(buildTemplate(name, random).document))], name).toEqual([faults[name]]);
  });

  it("over random topologies: every hint is about an object that is there, and every fix is accepted and takes its hint away", () => {
    const seen = new Set<string>();
    const mended = new Set<string>();
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const doc = randomTopology(seededRandom(seed));
      for (const hint of hintsOf(doc)) {
        seen.add(hint.code);
        expect(findObject(doc, hint.objectId)).not.toBeNull();
        if (!hint.fix) continue;
        mended.add(hint.code);
        const command = EditCommandSchema.parse(hint.fix.command(random));
        const edited = applyEdit(doc, command);
        expect(edited.ok ? [] : edited.error, `seed ${seed}: ${hint.code} ${hint.fix.label}`).toEqual([]);
        if (edited.ok) expect(count(edited.value.document, hint), `seed ${seed}: ${hint.fix.label}, ${hint.message}`).toBeLessThan(count(doc, hint));
      }
    }), { numRuns: 80 });
    expect(seen.size).toBeGreaterThan(12);
    expect(mended.size).toBeGreaterThan(10);
  }, 120_000);

  it("are found in a large topology without being felt", () => {
    const large = gridTopology({ vpcs: 10, subnetsPerVpc: 10, instancesPerSubnet: 8, rulesPerGroup: 6 });
    hintsOf(large);
    const start = performance.now();
    hintsOf(large);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
