import { aclEntryName, firewallDefaultName, firewallRuleName } from "@vpclab/shared/plan/rule-names";
import type { Direction, ObjectKind, TopologyObject } from "@vpclab/shared/topology/topology";

const ENTRY = /^(ingress|egress) entry (\d+)$/;
const FIREWALL = /^firewall (ingress|egress) (?:rule (\d+)|default)$/;

/** What the kernel counts an item of `objectFacts` by, null where it is no rule. `key`: the item's own. */
export function ruleNameOfItem(kind: ObjectKind, object: TopologyObject, key: string): string | null {
  if (kind === "security-group") return key.split("\0")[1] ?? null;
  const entry = ENTRY.exec(key);
  if (kind === "network-acl" && entry) return aclEntryName(object.id, entry[1] as Direction, Number(entry[2]));
  const rule = FIREWALL.exec(key);
  if (!rule || !("firewall" in object) || !object.firewall) return null;
  const direction = rule[1] as Direction;
  if (rule[2] === undefined) return firewallDefaultName(direction);
  const found = object.firewall.rules.filter((candidate) => candidate.direction === direction)[Number(rule[2]) - 1];
  return found ? firewallRuleName(found) : null;
}
