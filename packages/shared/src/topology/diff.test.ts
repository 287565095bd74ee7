import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { randomEdit } from "../testing/random-edit";
import { randomTopology } from "../testing/random-topology";
import { fullLab, named } from "../testing/full-lab";
import { describeDifference, diffSettings, diffTopologies } from "./diff";
import { applyEdit } from "./edit";
import type { EditCommand } from "./edit-command";
import type { Topology } from "./topology";
import { objectsOf } from "./topology-index";

const lab = fullLab();
const ofVpc1 = <T extends { vpcId: string; name: string }>(objects: readonly T[], name: string) =>
  named(objects.filter((object) => object.vpcId === named(lab.vpcs, "vpc1").id), name);
const words = (command: EditCommand, from: Topology = lab): string[] => {
  const edited = applyEdit(from, command);
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  return diffTopologies(from, edited.value.document).map(describeDifference);
};

describe("differences in words", () => {
  it("nothing for a document and its copy", () => {
    expect(diffTopologies(lab, structuredClone(lab))).toEqual([]);
  });

  it("fields that changed, with names instead of ids", () => {
    const subnet = ofVpc1(lab.subnets, "private");
    const fw = named(lab.instances, "fw");
    expect(words({ op: "update", kind: "subnet", id: subnet.id, set: { routeTableId: null, networkAclId: null, autoAssignPublicAddress: true } }))
      .toEqual(["subnet “private”: route table nat → main, network ACL edge → default, public address by itself off → on"]);
    expect(words({ op: "update", kind: "instance", id: fw.id, set: { webServer: { port: 80 }, securityGroupIds: [ofVpc1(lab.securityGroups, "db").id, ...fw.securityGroupIds] } }))
      .toEqual(["instance “fw”: web server off → port 80, security groups default → db + default"]);
    expect(words({ op: "update", kind: "elastic-ip", id: named(lab.elasticIps, "web-eip").id, set: { target: null } }))
      .toEqual(["Elastic IP “web-eip”: target main → none"]);
  });

  it("routes, rules, entries and ports one by one", () => {
    const db = ofVpc1(lab.securityGroups, "db");
    const edge = ofVpc1(lab.networkAcls, "edge");
    const rules = [...db.rules, { id: "sgr-00000000e001", direction: "egress" as const, protocol: "icmp" as const, ports: null, peer: { cidr: "10.0.0.0/8" }, description: "" }];
    expect(words({ op: "update", kind: "security-group", id: db.id, set: { rules } })).toEqual(["security group “db”: egress rule none → icmp to 10.0.0.0/8"]);
    const entries = edge.entries.map((entry) => (entry.direction === "ingress" ? { ...entry, action: "deny" as const, protocol: "tcp" as const, ports: { from: 22, to: 23 } } : entry));
    expect(words({ op: "update", kind: "network-acl", id: edge.id, set: { entries } }))
      .toEqual(["network ACL “edge”: ingress entry 100 allow all traffic from 0.0.0.0/0 → deny tcp 22–23 from 0.0.0.0/0"]);
    expect(words({ op: "update", kind: "instance", id: named(lab.instances, "fw").id, set: { publishedPorts: [{ protocol: "tcp", hostPort: 8080, port: 80 }] } }))
      .toEqual(["instance “fw”: host port tcp 8080 none → port 80"]);
  });

  it("rules of a firewall by their place, because the order decides", () => {
    const { id } = ofVpc1(lab.subnets, "private");
    const rule = (action: "allow" | "deny", port: number) => ({ direction: "ingress" as const, action, protocol: "tcp" as const, ports: { from: port, to: port }, cidr: "0.0.0.0/0", description: "" });
    const set = (rules: ReturnType<typeof rule>[]): EditCommand => ({ op: "update", kind: "subnet", id, set: { firewall: { defaults: { ingress: "deny", egress: "allow" }, rules } } });
    expect(words(set([rule("allow", 80)]))).toEqual([
      "subnet “private”: firewall off → on, firewall ingress rule 1 none → allow tcp 80 from 0.0.0.0/0, firewall ingress default none → deny, firewall egress default none → allow",
    ]);
    const on = applyEdit(lab, set([rule("allow", 80), rule("deny", 22)]));
    if (!on.ok) throw new Error(JSON.stringify(on.error));
    expect(words(set([rule("deny", 22), rule("allow", 80)]), on.value.document)).toEqual([
      "subnet “private”: firewall ingress rule 1 allow tcp 80 from 0.0.0.0/0 → deny tcp 22 from 0.0.0.0/0, firewall ingress rule 2 deny tcp 22 from 0.0.0.0/0 → allow tcp 80 from 0.0.0.0/0",
    ]);
  });

  it("what a deletion took along, and the blackholes that it left", () => {
    expect(words({ op: "delete", id: named(lab.natGateways, "nat").id })).toEqual([
      "Elastic IP “nat-eip”: target nat → none",
      `route table “nat”: route 0.0.0.0/0 NAT gateway “nat” → blackhole (${named(lab.natGateways, "nat").id})`,
      "NAT gateway “nat” removed",
    ]);
  });
});

/** An object as a text that the order of its rules does not change. */
function content(object: object): string {
  const rules = "rules" in object ? JSON.stringify((object.rules as unknown[]).map((rule) => JSON.stringify(rule)).sort()) : "";
  return JSON.stringify({ ...object, rules });
}

describe("differences between any two revisions", () => {
  it("every object that is another one is listed once, with fields that differ; nothing else is", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const random = seededRandom(seed);
      const before = randomTopology(random);
      let after = before;
      for (let n = 0; n < 8; n++) after = randomEdit(after, random).document;
      const [old, now] = [before, after].map((doc) => new Map([...objectsOf(doc)].map(({ object }) => [object.id, content(object)])));
      const differing = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].filter((id) => old?.get(id) !== now?.get(id));
      const differences = diffTopologies(before, after);
      expect(differences.map(({ id }) => id).sort(), `seed ${seed}`).toEqual(differing.sort());
      for (const { id, change, fields } of differences) {
        expect(change).toBe(!old?.has(id) ? "added" : !now?.has(id) ? "removed" : "changed");
        expect(fields.length > 0).toBe(change === "changed");
        expect(fields.filter((field) => field.before === field.after)).toEqual([]);
      }
      // The way back names the same objects, with before and after exchanged.
      expect(diffTopologies(after, before).map(({ id }) => id).sort()).toEqual(differing.sort());
    }), { numRuns: 60 });
  }, 60_000);

  it("settings and the note", () => {
    const { settings } = lab;
    expect(diffSettings(settings, settings)).toEqual([]);
    expect(diffSettings(settings, { ...settings, addressing: "aws", note: "For the exam." })).toEqual([
      { field: "addressing", before: "lab", after: "aws" }, { field: "note", before: "none", after: "For the exam." },
    ]);
  });

  it("a rule's description", () => {
    const db = ofVpc1(lab.securityGroups, "db");
    expect(words({ op: "update", kind: "security-group", id: db.id, set: { rules: db.rules.map((rule) => ({ ...rule, description: "reports" })) } }))
      .toEqual(["security group “db”: ingress rule tcp 5432 from group “web” (from the web servers) → tcp 5432 from group “web” (reports)"]);
  });
});
