import type { FieldPath, Issue } from "../errors/issue";
import { parseCidr } from "../net/cidr";
import { isActive } from "./effective";
import { printable } from "./printable";
import type { NetworkAcl, NetworkAclEntry, PortRange, Protocol, SecurityGroup, SecurityGroupRule, Topology } from "./topology";
import type { TopologyIndex } from "./topology-index";
import { validatePrefix } from "./validate-cidr";
import { shadowedItems } from "./validate-order";

export const PORT_MAX = 65535;
const RULE_NUMBER_MAX = 32766;
const GONE_GROUP_ID = /^sg-[0-9a-f]{8,17}$/;

export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= PORT_MAX;

/** Rules of security groups and entries of network ACLs. */
export function validateRules(doc: Topology, index: TopologyIndex): Issue[] {
  const peered = new Set(doc.peerings.filter(isActive).flatMap(({ requesterVpcId: a, accepterVpcId: b }) => [`${a}/${b}`, `${b}/${a}`]));
  return [
    ...doc.securityGroups.flatMap((group, i) => validateGroup(group, ["securityGroups", i, "rules"], index, peered)),
    ...doc.networkAcls.flatMap((acl, i) => validateAcl(acl, ["networkAcls", i, "entries"])),
  ];
}

/** Protocol and ports of the rule or entry at `path`; 0 is no port that anything can listen on. */
export function validateTraffic(protocol: Protocol, ports: PortRange | null, path: () => FieldPath, objectId: string): Issue[] {
  if (!ports) return [];
  const at = { severity: "error", objectId } as const;
  if (protocol !== "tcp" && protocol !== "udp") {
    return [{ ...at, code: "PORT_PROTOCOL", path: [...path(), "ports"], message: `Ports are for tcp and udp; leave them away for ${protocol}.` }];
  }
  const wrong = (["from", "to"] as const).filter((end) => !isPort(ports[end]));
  if (wrong.length > 0) {
    return wrong.map((end) => ({ ...at, code: "PORT", path: [...path(), "ports", end], message: `${ports[end]} is no port; use a whole number from 1 to ${PORT_MAX}.` }));
  }
  if (ports.from <= ports.to) return [];
  return [{ ...at, code: "PORT_RANGE", path: [...path(), "ports"], message: `${ports.from}–${ports.to} runs backwards; write ${ports.to}–${ports.from}.` }];
}

function validateGroup(group: SecurityGroup, path: FieldPath, index: TopologyIndex, peered: ReadonlySet<string>): Issue[] {
  const known = new Set<string>();
  const issues: Issue[] = [];
  for (const [j, rule] of group.rules.entries()) {
    const at = () => [...path, j];
    issues.push(...validateTraffic(rule.protocol, rule.ports, at, group.id), ...validatePeer(rule, group, at, index, peered));
    const content = contentOf(rule);
    if (known.has(content)) {
      issues.push({
        severity: "error", code: "RULE_DUPLICATE", path: at(), objectId: group.id,
        message: `“${group.name}” has this very rule already; delete one of the two.`,
      });
    }
    known.add(content);
  }
  return issues;
}

/** What a rule allows, as a text to compare by: everything but its id and description. */
export function contentOf({ direction, protocol, ports, peer }: SecurityGroupRule): string {
  const end = "cidr" in peer ? peer.cidr : "securityGroupId" in peer ? peer.securityGroupId : `gone ${peer.goneSecurityGroupId}`;
  return `${direction} ${protocol} ${ports ? `${ports.from}-${ports.to}` : ""} ${end}`;
}

function validatePeer(rule: SecurityGroupRule, group: SecurityGroup, path: () => FieldPath, index: TopologyIndex, peered: ReadonlySet<string>): Issue[] {
  const { peer } = rule;
  if ("cidr" in peer) return parseCidr(peer.cidr).ok ? [] : validatePrefix(peer.cidr, [...path(), "peer", "cidr"], group.id);
  const issue = (severity: Issue["severity"], code: Issue["code"], message: string): Issue[] =>
    [{ severity, code, path: [...path(), "peer"], objectId: group.id, message }];
  if ("goneSecurityGroupId" in peer) {
    return GONE_GROUP_ID.test(peer.goneSecurityGroupId)
      ? issue("warning", "GROUP_STALE", "The group that this rule names was deleted, so it matches nothing; delete the rule.")
      : issue("error", "REF_UNKNOWN", `“${printable(peer.goneSecurityGroupId)}” was never a security group; choose one of the list.`);
  }
  const named = index.groupById.get(peer.securityGroupId);
  if (!named) return issue("error", "REF_UNKNOWN", `There is no security group “${printable(peer.securityGroupId)}” in this topology; choose one of the list.`);
  if (named.vpcId === group.vpcId || peered.has(`${named.vpcId}/${group.vpcId}`)) return [];
  return issue("warning", "GROUP_STALE", `“${named.name}” is in a VPC that is not peered with this one, so the rule matches nothing; peer them, or delete the rule.`);
}

function validateAcl(acl: NetworkAcl, path: FieldPath): Issue[] {
  const errors = acl.entries.flatMap((entry, j) => validateEntry(entry, [...path, j], acl.id));
  const taken = new Set<string>();
  for (const [j, entry] of acl.entries.entries()) {
    const key = `${entry.direction} ${entry.number}`;
    if (taken.has(key)) {
      errors.push({
        severity: "error", code: "RULE_DUPLICATE", path: [...path, j, "number"], objectId: acl.id,
        message: `There is an ${entry.direction} entry ${entry.number} already; numbers decide the order, so give each its own.`,
      });
    }
    taken.add(key);
  }
  return errors.length > 0 ? errors : shadowed(acl, path);
}

function validateEntry(entry: NetworkAclEntry, path: FieldPath, objectId: string): Issue[] {
  const number: Issue[] = entry.number >= 1 && entry.number <= RULE_NUMBER_MAX ? [] : [{
    severity: "error", code: "RULE_NUMBER", path: [...path, "number"], objectId,
    message: `${entry.number} is no number of an entry; use 1 to ${RULE_NUMBER_MAX}.`,
  }];
  return [...number, ...validateTraffic(entry.protocol, entry.ports, () => path, objectId), ...validatePrefix(entry.cidr, [...path, "cidr"], objectId)];
}

/** Entries that never decide, because an entry with a lower number matches everything that they match. */
function shadowed(acl: NetworkAcl, path: FieldPath): Issue[] {
  const inOrder = [...acl.entries].sort((a, b) => a.number - b.number);
  return shadowedItems(inOrder).map(({ late, early }): Issue => ({
    severity: "warning", code: "RULE_SHADOWED", path: [...path, acl.entries.indexOf(late)], objectId: acl.id,
    message: `${late.direction} ${late.number} never decides: ${early.number} (${early.action}) comes first and matches the same; give it a lower number or delete it.`,
  }));
}
