import { cidrFrom, containsCidr } from "../net/cidr";
import { describeRule } from "../topology/describe-rule";
import type { SecurityGroup, SecurityGroupRule, Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { Hint } from "./hint";
import { withoutItem } from "./without-item";

/** Rules of groups that somebody is in: those that name a group nobody is in, and those that another rule covers. */
export function groupHints(doc: Topology, index: TopologyIndex): Hint[] {
  const nameOf = (id: string) => index.groupById.get(id)?.name ?? id;
  return doc.securityGroups.flatMap((group, i): Hint[] => {
    if (index.membersOf(group.id).length === 0) return [];
    return group.rules.flatMap((rule, j): Hint[] => {
      const path = ["securityGroups", i, "rules", j];
      const at = { objectId: group.id, path, fix: withoutItem(path, doc) };
      const empty = emptyPeer(rule, index);
      if (empty) {
        return [{
          ...at, code: "GROUP_EMPTY",
          message: `“${describeRule(rule, nameOf)}” matches nothing, because no instance is in group “${empty.name}”; put the instances into it, or name their group.`,
        }];
      }
      const wider = group.rules.find((other) => other !== rule && covers(other, rule));
      return wider ? [{
        ...at, code: "RULE_REDUNDANT",
        message: `“${describeRule(rule, nameOf)}” adds nothing: “${describeRule(wider, nameOf)}” of the same group allows it already; delete it.`,
      }] : [];
    });
  });
}

function emptyPeer({ peer }: SecurityGroupRule, index: TopologyIndex): SecurityGroup | null {
  const named = "securityGroupId" in peer ? index.groupById.get(peer.securityGroupId) : undefined;
  return named && index.membersOf(named.id).length === 0 ? named : null;
}

/** Everything that `narrow` allows, `wide` allows, too. Never both ways: two rules that say the same are refused. */
function covers(wide: SecurityGroupRule, narrow: SecurityGroupRule): boolean {
  if (wide.direction !== narrow.direction || (wide.protocol !== "all" && wide.protocol !== narrow.protocol)) return false;
  const ports = wide.ports === null || (narrow.ports !== null && wide.ports.from <= narrow.ports.from && wide.ports.to >= narrow.ports.to);
  return ports && coversPeer(wide.peer, narrow.peer);
}

function coversPeer(wide: SecurityGroupRule["peer"], narrow: SecurityGroupRule["peer"]): boolean {
  if ("cidr" in wide) return "cidr" in narrow && containsCidr(cidrFrom(wide.cidr), cidrFrom(narrow.cidr));
  return "securityGroupId" in wide && "securityGroupId" in narrow && wide.securityGroupId === narrow.securityGroupId;
}
