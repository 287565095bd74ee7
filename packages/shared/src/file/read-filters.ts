import type { FieldPath } from "../errors/issue";
import { newRuleId } from "../topology/ids";
import type { Direction, NetworkAclEntry, Peering, SecurityGroupRule } from "../topology/topology";
import { contentOf } from "../topology/validate-rules";
import { DEFAULT_GROUP_DESCRIPTION, IMPLIED_EGRESS, impliedDefaultIngress, impliedEntries, peersOf } from "./implied";
import { inOrderBefore, type Reading } from "./reading";
import type { ReadVpc } from "./read-vpc";
import { partsOf, type RuleObject, type RuleParts, type RulePeer } from "./rule-parts";

const WAYS = ["ingress", "egress"] as const satisfies readonly Direction[];
/** The first number of an entry that names none, and the distance to the next. */
const NUMBERS = { first: 100, step: 10 };

/** The rules of a VPC's security groups. A rule that was there keeps its id, by which its counter is found. */
export function readGroups(reading: Reading, vpc: ReadVpc, withRoutes: readonly Peering[]): void {
  const byDefault = reading.doc.vpcs.find(({ id }) => id === vpc.id)?.defaultSecurityGroupId;
  for (const group of reading.doc.securityGroups) {
    if (group.vpcId !== vpc.id) continue;
    const file = vpc.file.securityGroups?.[group.name] ?? {};
    const isDefault = group.id === byDefault;
    group.description = file.description ?? (isDefault ? DEFAULT_GROUP_DESCRIPTION : "");
    const implied = { ingress: isDefault ? impliedDefaultIngress(group.name, peersOf(reading.doc, vpc.id, withRoutes)) : [], egress: IMPLIED_EGRESS };
    const idOf = ruleIds(reading, group.id);
    const rules = WAYS.flatMap((direction) => {
      const base = [...vpc.path, "securityGroups", group.name, direction];
      return partsIn(file[direction], implied[direction]).map((parts, i): SecurityGroupRule => {
        const path = file[direction] ? [...base, i] : base;
        const { protocol, ports, description } = parts;
        const rule = { id: "", direction, protocol, ports, peer: peerOf(reading, vpc, parts.peer, path), description };
        const id = idOf(rule);
        reading.originate(id, path);
        return { ...rule, id };
      });
    });
    group.rules = inOrderBefore(rules, reading.existingIndex.groupById.get(group.id)?.rules);
  }
}

const partsIn = (written: readonly (string | RuleObject)[] | undefined, implied: readonly RuleParts[]): readonly RuleParts[] =>
  written === undefined ? implied : written.flatMap((rule) => {
    const parts = partsOf(rule);
    return parts.ok ? [parts.value] : [];
  });

function ruleIds(reading: Reading, groupId: string): (rule: SecurityGroupRule) => string {
  const before = new Map((reading.existingIndex.groupById.get(groupId)?.rules ?? []).map((rule) => [contentOf(rule), rule.id]));
  return (rule) => {
    const key = contentOf(rule);
    const id = before.get(key) ?? newRuleId(reading.random);
    before.delete(key);
    return id;
  };
}

function peerOf(reading: Reading, vpc: ReadVpc, peer: RulePeer, path: FieldPath): SecurityGroupRule["peer"] {
  if ("cidr" in peer) return { cidr: peer.cidr };
  if ("goneGroup" in peer) return { goneSecurityGroupId: peer.goneGroup };
  const owner = peer.vpc === null ? vpc.id : reading.refer("vpc", "", peer.vpc, { path, what: "VPC in this file called" });
  if (owner === "") return { securityGroupId: "" };
  const what = `security group in the VPC “${peer.vpc ?? vpc.name}” called`;
  return { securityGroupId: reading.refer("security-group", owner, peer.group, { path, what }) };
}

/** The entries of a VPC's network ACLs. */
export function readAcls(reading: Reading, vpc: ReadVpc): void {
  const byDefault = reading.doc.vpcs.find(({ id }) => id === vpc.id)?.defaultNetworkAclId;
  for (const acl of reading.doc.networkAcls) {
    if (acl.vpcId !== vpc.id) continue;
    const file = vpc.file.networkAcls?.[acl.name] ?? {};
    const entries = WAYS.flatMap((direction) => {
      const written = file[direction];
      if (written === undefined) return impliedEntries(acl.id === byDefault, direction).map((entry) => ({ ...entry }));
      let next = NUMBERS.first;
      return partsIn(written, []).map((parts, i): NetworkAclEntry => {
        const number = parts.number ?? next;
        next = number + NUMBERS.step;
        reading.originate(`${acl.id} ${direction} ${number}`, [...vpc.path, "networkAcls", acl.name, direction, i]);
        const { action, protocol, ports, peer } = parts;
        return { direction, number, action: action ?? "deny", protocol, ports, cidr: "cidr" in peer ? peer.cidr : "" };
      });
    });
    acl.entries = inOrderBefore(entries, reading.existingIndex.networkAclById.get(acl.id)?.entries);
  }
}
