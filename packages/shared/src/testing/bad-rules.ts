import type { ErrorCode } from "../errors/error-code";
import { LIMITS } from "../topology/topology";
import { hinted, inLab, labWith, LAB, pathTo, refused, rows, setting, type BadInput } from "./bad-input";
import { named } from "./full-lab";

/** Policies, rules, ports. */

const db = inLab("securityGroups", "db");
const edge = inLab("networkAcls", "edge");
const fw = inLab("instances", "fw");
const inside = inLab("subnets", "private");
const other = named(LAB.vpcs, "vpc2");
const otherGroup = LAB.securityGroups.find((group) => group.vpcId === other.id);

const EVERYWHERE = "0.0.0.0/0";
const rule = (fields: Record<string, unknown>) =>
  ({ id: "sgr-00000000d009", direction: "ingress", protocol: "tcp", ports: null, peer: { cidr: EVERYWHERE }, description: "", ...fields });
const entry = (fields: Record<string, unknown>) =>
  ({ direction: "ingress", number: 100, action: "allow", protocol: "tcp", ports: null, cidr: EVERYWHERE, ...fields });

const firewallRule = (fields: Record<string, unknown>) =>
  ({ direction: "ingress", action: "allow", protocol: "tcp", ports: null, cidr: EVERYWHERE, description: "", ...fields });
const closed = { ingress: "deny", egress: "deny" } as const;

/** The same traffic in a rule of a group, in an entry of an ACL and in a rule of a firewall. */
const traffic = (id: string, fields: Record<string, unknown>, code: ErrorCode, ...path: string[]): BadInput[] => [
  { id, what: `rule ${JSON.stringify(fields)}`, attempt: setting(db, { rules: [rule(fields)] }), expected: refused(code, ...pathTo(db), "rules", 0, ...path) },
  { id, what: `entry ${JSON.stringify(fields)}`, attempt: setting(edge, { entries: [entry(fields)] }), expected: refused(code, ...pathTo(edge), "entries", 0, ...path) },
  { id, what: `firewall rule ${JSON.stringify(fields)}`, attempt: setting(inside, { firewall: { defaults: closed, rules: [firewallRule(fields)] } }), expected: refused(code, ...pathTo(inside), "firewall", "rules", 0, ...path) },
];
const firewall = (id: string, what: string, rules: readonly unknown[], expected: BadInput["expected"], defaults: unknown = closed): BadInput =>
  ({ id, what: `a firewall: ${what}`, attempt: setting(inside, { firewall: { defaults, rules } }), expected });
const inFirewall = [...pathTo(inside), "firewall"] as const;
const entries = (id: string, what: string, list: readonly unknown[], expected: BadInput["expected"]): BadInput =>
  ({ id, what, attempt: setting(edge, { entries: list }), expected });
const ruleId = (n: number): string => `sgr-${n.toString(16).padStart(12, "0")}`;

export const BAD_RULES: readonly BadInput[] = [
  ...traffic("B-D1", { ports: { from: 80, to: 79 } }, "PORT_RANGE", "ports"),
  ...[0, 65536, -1].flatMap((from) => traffic("B-D2", { ports: { from, to: 80 } }, "PORT", "ports", "from")),
  ...[0, 65536, -1, 2 ** 31].flatMap((to) => traffic("B-D2", { protocol: "udp", ports: { from: 80, to } }, "PORT", "ports", "to")),
  ...[1.5, "00080", "0x50", "ssh", "80", null].flatMap((from) => traffic("B-D2", { ports: { from, to: 80 } }, "SCHEMA", "ports", "from")),
  ...rows("B-D2", [0, 65536, -1], (port) => ({ attempt: setting(fw, { webServer: { port } }), expected: refused("PORT", ...pathTo(fw), "webServer", "port") })),
  ...rows("B-D2", [0, 65536], (port) => ({
    attempt: setting(fw, { publishedPorts: [{ protocol: "tcp", hostPort: port, port: 80 }] }), expected: refused("PORT", ...pathTo(fw), "publishedPorts", 0, "hostPort"),
  })),
  ...["icmp", "all"].flatMap((protocol) => traffic("B-D3", { protocol, ports: { from: 80, to: 80 } }, "PORT_PROTOCOL", "ports")),
  ...[256, "256", "sctp", "gre", "TCP", "", null].flatMap((protocol) => traffic("B-D3", { protocol }, "SCHEMA", "protocol")),
  { id: "B-D3", what: "a published port of icmp", attempt: setting(fw, { publishedPorts: [{ protocol: "icmp", hostPort: 80, port: 80 }] }), expected: refused("SCHEMA", ...pathTo(fw), "publishedPorts", 0, "protocol") },
  { id: "B-D4", what: "a group without rules", attempt: setting(db, { rules: [] }), expected: null },
  entries("B-D4", "an ACL without entries", [], null),
  entries("B-D5", "a number twice", [entry({}), entry({ action: "deny" })], refused("RULE_DUPLICATE", ...pathTo(edge), "entries", 1, "number")),
  entries("B-D5", "a number twice, but one in and one out", [entry({}), entry({ direction: "egress" })], null),
  entries("B-D5", "gaps between numbers", [entry({ number: 1 }), entry({ number: 32766, protocol: "udp" })], null),
  ...[0, -1, 32767, 2 ** 31].map((number) => entries("B-D5", `number ${number}`, [entry({ number })], refused("RULE_NUMBER", ...pathTo(edge), "entries", 0, "number"))),
  ...[1.5, null, "100"].map((number) => entries("B-D5", `number ${JSON.stringify(number)}`, [entry({ number })], refused("SCHEMA", ...pathTo(edge), "entries", 0, "number"))),
  entries("B-D6", "all is allowed before one is denied", [entry({ protocol: "all" }), entry({ number: 200, action: "deny", ports: { from: 22, to: 22 } })], hinted("RULE_SHADOWED", ...pathTo(edge), "entries", 1)),
  entries("B-D6", "contradictory entries", [entry({ action: "deny" }), entry({ number: 101 })], hinted("RULE_SHADOWED", ...pathTo(edge), "entries", 1)),
  entries("B-D6", "a narrow entry before a wide one", [entry({ action: "deny", cidr: "10.0.0.0/8" }), entry({ number: 101 })], null),
  { id: "B-D6", what: "a rule twice", attempt: setting(db, { rules: [rule({}), rule({ id: ruleId(1) })] }), expected: refused("RULE_DUPLICATE", ...pathTo(db), "rules", 1) },
  {
    id: "B-D7", what: "one rule too many in a group",
    attempt: setting(db, { rules: Array.from({ length: LIMITS.rulesPerGroupAndDirection + 1 }, (_, n) => rule({ id: ruleId(n), ports: { from: n + 1, to: n + 1 } })) }),
    expected: refused("LIMIT_RULES", ...pathTo(db), "rules"),
  },
  entries("B-D7", "one entry too many in an ACL", Array.from({ length: LIMITS.entriesPerAclAndDirection + 1 }, (_, n) => entry({ number: n + 1, ports: { from: n + 1, to: n + 1 } })), refused("LIMIT_RULES", ...pathTo(edge), "entries")),
  ...["10.0.0.1/24", "10.0.0.0/33", "10.0.0.0", "::/0", "any", ""].map((cidr) =>
    firewall("B-D9", `from ${JSON.stringify(cidr)}`, [firewallRule({ cidr })], refused(cidr === "10.0.0.1/24" ? "CIDR_NOT_CANONICAL" : "CIDR_SYNTAX", ...inFirewall, "rules", 0, "cidr"))),
  firewall("B-D9", "without a direction", [firewallRule({ direction: undefined })], refused("SCHEMA", ...inFirewall, "rules", 0, "direction")),
  ...["reject", "ALLOW", "", null].map((action) => firewall("B-D9", `action ${JSON.stringify(action)}`, [firewallRule({ action })], refused("SCHEMA", ...inFirewall, "rules", 0, "action"))),
  firewall("B-D9", "one wrong rule among good ones", [firewallRule({}), firewallRule({ ports: { from: 0, to: 1 } })], refused("PORT", ...inFirewall, "rules", 1, "ports", "from")),
  firewall("B-D9", "a default of nothing", [], refused("SCHEMA", ...inFirewall, "defaults", "egress"), { ingress: "deny" }),
  firewall("B-D9", "a description with an invisible character", [firewallRule({ description: "a\u202eb" })], refused("TEXT_CONTROL", ...inFirewall, "rules", 0, "description")),
  firewall("B-D9", "a rule twice", [firewallRule({}), firewallRule({ description: "again" })], refused("RULE_DUPLICATE", ...inFirewall, "rules", 1)),
  firewall("B-D9", "the same in and out", [firewallRule({}), firewallRule({ direction: "egress" })], null),
  firewall("B-D9", "no rules", [], null),
  firewall("B-D6", "all is denied before one is allowed", [firewallRule({ protocol: "all", action: "deny" }), firewallRule({ ports: { from: 80, to: 80 } })], hinted("RULE_SHADOWED", ...inFirewall, "rules", 1)),
  firewall("B-D6", "one is denied before all are allowed", [firewallRule({ action: "deny", ports: { from: 22, to: 22 } }), firewallRule({ protocol: "all" })], null),
  firewall("B-D7", "one rule too many", Array.from({ length: LIMITS.firewallRulesPerDirection + 1 }, (_, n) => firewallRule({ ports: { from: n + 1, to: n + 1 } })), refused("LIMIT_RULES", ...inFirewall, "rules")),
  firewall("B-D7", "as many as there may be", Array.from({ length: LIMITS.firewallRulesPerDirection }, (_, n) => firewallRule({ ports: { from: n + 1, to: n + 1 } })), null),
  {
    id: "B-D7", what: "10,000 rules in one topology",
    attempt: labWith((doc) => {
      for (let g = 0; g < 200; g++) {
        const rules = Array.from({ length: 50 }, (_, n) => rule({ id: ruleId(g * 50 + n), ports: { from: n + 1, to: n + 1 } })) as unknown as typeof db.rules;
        doc.securityGroups.push({ ...db, id: `sg-${g.toString(16).padStart(12, "f")}`, name: `many${g}`, rules });
      }
    }),
    expected: refused("LIMIT_RULES", "securityGroups"),
  },
  { id: "B-D8", what: "a rule that names a missing group", attempt: setting(db, { rules: [rule({ peer: { securityGroupId: "sg-ffffffffffff" } })] }), expected: refused("REF_UNKNOWN", ...pathTo(db), "rules", 0, "peer") },
  { id: "B-D8", what: "a rule that names an object of another kind", attempt: setting(db, { rules: [rule({ peer: { securityGroupId: edge.id } })] }), expected: refused("REF_UNKNOWN", ...pathTo(db), "rules", 0, "peer") },
  { id: "B-D8", what: "a rule that names a peered VPC's group", attempt: setting(db, { rules: [rule({ peer: { securityGroupId: otherGroup?.id } })] }), expected: null },
  {
    id: "B-D8", what: "a rule that names a group of a VPC that is not peered any more",
    attempt: {
      edit: {
        op: "batch",
        commands: [{ op: "update", kind: "security-group", id: db.id, set: { rules: [rule({ peer: { securityGroupId: otherGroup?.id } })] } }, { op: "delete", id: named(LAB.peerings, "vpc1-vpc2").id }],
      },
    },
    expected: hinted("GROUP_STALE", ...pathTo(db), "rules", 0, "peer"),
  },
  { id: "B-D8", what: "a rule that names a deleted group", attempt: setting(db, { rules: [rule({ peer: { goneSecurityGroupId: "sg-00000000dead" } })] }), expected: hinted("GROUP_STALE", ...pathTo(db), "rules", 0, "peer") },
  { id: "B-D8", what: "a deleted group that never was one", attempt: setting(db, { rules: [rule({ peer: { goneSecurityGroupId: "sg-0; drop" } })] }), expected: refused("REF_UNKNOWN", ...pathTo(db), "rules", 0, "peer") },
  { id: "B-D8", what: "two groups that name each other", attempt: setting(inLab("securityGroups", "web"), { rules: [rule({ peer: { securityGroupId: db.id } })] }), expected: null },
  {
    id: "B-D2", what: "a port of the host twice",
    attempt: setting(fw, { publishedPorts: [{ protocol: "tcp", hostPort: 8080, port: 80 }, { protocol: "tcp", hostPort: 8080, port: 81 }] }),
    expected: refused("PORT_TAKEN", ...pathTo(fw), "publishedPorts", 1, "hostPort"),
  },
  { id: "B-D2", what: "a port of the host for tcp and for udp", attempt: setting(fw, { publishedPorts: [{ protocol: "tcp", hostPort: 53, port: 53 }, { protocol: "udp", hostPort: 53, port: 53 }] }), expected: null },
];
