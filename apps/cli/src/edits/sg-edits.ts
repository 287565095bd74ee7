import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { describeRule } from "@vpclab/shared/topology/describe-rule";
import { findByName } from "@vpclab/shared/topology/find-by-name";
import { newRuleId } from "@vpclab/shared/topology/ids";
import { newSecurityGroup } from "@vpclab/shared/topology/new-object";
import type { SecurityGroup, SecurityGroupRule, Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { contentOf } from "@vpclab/shared/topology/validate-rules";
import { alreadyThere, NO_CHANGE, random, refuse, type Edit } from "./edit";
import { find, placeInVpc, type Named, type NewName } from "./place";
import { readTraffic, type TrafficOptions } from "./traffic";

/** As in AWS: nothing may come in, everything may go out. */
export const createGroup = (named: NewName, description: string | null): Edit => (doc) => {
  const place = placeInVpc(doc, "security group", named);
  if (!place.ok) return place;
  const { vpc, name } = place.value;
  const existing = indexTopology(doc).groupsOfVpc(vpc.id).find((group) => group.name === name);
  if (existing) return alreadyThere(`Security group “${vpc.name}/${existing.name}”`, [["description", existing.description, description]]);
  return ok(newSecurityGroup(doc, vpc.id, random, { name: name ?? undefined, description: description ?? undefined }).command);
};

/** Adds a rule; one that is there already changes nothing. */
export const allowTraffic = (named: Named, traffic: TrafficOptions, description: string | null): Edit => (doc) => {
  const found = withRule(doc, named, traffic);
  if (!found.ok) return found;
  const { group, rule } = found.value;
  if (group.rules.some((other) => contentOf(other) === contentOf(rule))) return NO_CHANGE;
  const rules = [...group.rules, { ...rule, description: description ?? "" }];
  return ok({ op: "update", kind: "security-group", id: group.id, set: { rules } });
};

export const revokeTraffic = (named: Named, traffic: TrafficOptions, ifExists: boolean): Edit => (doc) => {
  const found = withRule(doc, named, traffic);
  if (!found.ok) return found;
  const { group, rule } = found.value;
  const rules = group.rules.filter((other) => contentOf(other) !== contentOf(rule));
  if (rules.length < group.rules.length) return ok({ op: "update", kind: "security-group", id: group.id, set: { rules } });
  return ifExists ? NO_CHANGE : refuse("NOT_FOUND", `“${group.name}” has no such rule; it has ${rulesOf(doc, group)}.`);
};

/** By the rule's own id (`sgr-…`, as `sg show` prints it). */
export const revokeRule = (named: Named, ruleId: string, ifExists: boolean): Edit => (doc) => {
  const found = find(doc, "security-group", named);
  if (!found.ok) return found;
  const rules = found.value.rules.filter((rule) => rule.id !== ruleId);
  if (rules.length < found.value.rules.length) return ok({ op: "update", kind: "security-group", id: found.value.id, set: { rules } });
  return ifExists ? NO_CHANGE : refuse("NOT_FOUND", `“${found.value.name}” has no rule ${ruleId}; it has ${rulesOf(doc, found.value)}.`);
};

const rulesOf = (doc: Topology, group: SecurityGroup): string =>
  group.rules.map((rule) => `${rule.id} ${describeRule(rule, (id) => doc.securityGroups.find((other) => other.id === id)?.name ?? id)}`).join(", ") || "none";

function withRule(doc: Topology, named: Named, options: TrafficOptions): Result<{ group: SecurityGroup; rule: SecurityGroupRule }, Issue[]> {
  const group = find(doc, "security-group", named);
  if (!group.ok) return group;
  const traffic = readTraffic(options);
  if (!traffic.ok) return traffic;
  const { protocol, ports, direction, peer } = traffic.value;
  const end = peerOf(doc, peer, group.value.vpcId);
  if (!end.ok) return end;
  return ok({ group: group.value, rule: { id: newRuleId(random), direction, protocol, ports, peer: end.value, description: "" } });
}

/** A CIDR as it is (an address is a /32), else a group of the same VPC, else of any. */
function peerOf(doc: Topology, text: string, vpcId: string): Result<SecurityGroupRule["peer"], Issue[]> {
  if (/^[0-9.]+$/.test(text)) return ok({ cidr: `${text}/32` });
  if (/^[0-9]/.test(text)) return ok({ cidr: text });
  const near = findByName(doc, "security-group", text, vpcId);
  const found = near.ok ? near : findByName(doc, "security-group", text);
  return found.ok ? ok({ securityGroupId: found.value.id }) : found;
}
