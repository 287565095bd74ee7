import type { Direction, NetworkAcl, SecurityGroup, SecurityGroupRule, Vpc } from "../topology/topology";
import { DEFAULT_GROUP_DESCRIPTION, IMPLIED_EGRESS, impliedDefaultIngress, impliedEntries, peersOf } from "./implied";
import type { RuleParts } from "./rule-parts";
import { writeRule } from "./rule-text";
import { byName, compact, nameIn, orNothing, type Writing } from "./writing";

const wayOf = (direction: Direction): "from" | "to" => (direction === "ingress" ? "from" : "to");

export function writeGroups(writing: Writing, vpc: Vpc): Readonly<Record<string, unknown>> | undefined {
  const groups = [...writing.index.groupsOfVpc(vpc.id)].sort(byName).flatMap((group) => {
    const isDefault = group.id === vpc.defaultSecurityGroupId;
    const written = writeGroup(writing, vpc, group);
    return isDefault && Object.keys(written).length === 0 ? [] : [[group.name, written] as const];
  });
  return orNothing(Object.fromEntries(groups));
}

function writeGroup(writing: Writing, vpc: Vpc, group: SecurityGroup): Record<string, unknown> {
  const isDefault = group.id === vpc.defaultSecurityGroupId;
  const implied = isDefault ? impliedDefaultIngress(group.name, peersOf(writing.doc, vpc.id, writing.withRoutes)) : [];
  const rulesOf = (direction: Direction, unsaid: readonly RuleParts[]) => {
    const rules = group.rules.filter((rule) => rule.direction === direction).map((rule) => writeGroupRule(writing, vpc, rule));
    return sameSet(rules, unsaid.map(writeParts)) ? undefined : rules;
  };
  return compact({
    description: group.description === (isDefault ? DEFAULT_GROUP_DESCRIPTION : "") ? undefined : group.description,
    ingress: rulesOf("ingress", implied),
    egress: rulesOf("egress", IMPLIED_EGRESS),
  });
}

function writeGroupRule({ index }: Writing, vpc: Vpc, { direction, protocol, ports, peer, description }: SecurityGroupRule): unknown {
  const group = "securityGroupId" in peer ? index.groupById.get(peer.securityGroupId) : undefined;
  const text = "cidr" in peer ? peer.cidr : "goneSecurityGroupId" in peer ? `deleted-group ${peer.goneSecurityGroupId}` : `group ${group ? nameIn(index, vpc, group) : ""}`;
  return writeRule({ protocol, ports, way: wayOf(direction), peer: text, description });
}

const writeParts = ({ protocol, ports, way, peer, description }: RuleParts): unknown =>
  writeRule({ protocol, ports, way, peer: "cidr" in peer ? peer.cidr : "group" in peer ? `group ${peer.group}` : "", description });

function sameSet(a: readonly unknown[], b: readonly unknown[]): boolean {
  const texts = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).sort().join("\n");
  return texts(a) === texts(b);
}

export function writeAcls(writing: Writing, vpc: Vpc): Readonly<Record<string, unknown>> | undefined {
  const acls = [...writing.index.networkAclsOfVpc(vpc.id)].sort(byName).flatMap((acl) => {
    const isDefault = acl.id === vpc.defaultNetworkAclId;
    const written = writeAcl(acl, isDefault);
    return isDefault && Object.keys(written).length === 0 ? [] : [[acl.name, written] as const];
  });
  return orNothing(Object.fromEntries(acls));
}

function writeAcl(acl: NetworkAcl, isDefault: boolean): Record<string, unknown> {
  const entriesOf = (direction: Direction) => {
    const entries = acl.entries.filter((entry) => entry.direction === direction);
    const texts = entries.map(({ number, action, protocol, ports, cidr }) =>
      writeRule({ number, action, protocol, ports, way: wayOf(direction), peer: cidr, description: "" }));
    const unsaid = impliedEntries(isDefault, direction).map(({ number, action, protocol, ports, cidr }) =>
      writeRule({ number, action, protocol, ports, way: wayOf(direction), peer: cidr, description: "" }));
    return sameSet(texts, unsaid) ? undefined : texts;
  };
  return compact({ ingress: entriesOf("ingress"), egress: entriesOf("egress") });
}
