import type { FieldPath } from "../errors/issue";
import type { Topology } from "../topology/topology";
import type { HintFix } from "./hint";
import { plainFix } from "./hint";

const without = <T>(items: readonly T[], at: number): T[] => items.filter((_, i) => i !== at);

/** The rule or entry at `path` (of a group, an ACL or a subnet's firewall) is deleted; null where there is none. */
export function withoutItem(path: FieldPath, doc: Topology): HintFix | null {
  const [collection, i] = [path[0], Number(path[1])];
  if (collection === "securityGroups") {
    const group = doc.securityGroups[i];
    return group ? plainFix("Delete the rule", { op: "update", kind: "security-group", id: group.id, set: { rules: without(group.rules, Number(path[3])) } }) : null;
  }
  if (collection === "networkAcls") {
    const acl = doc.networkAcls[i];
    return acl ? plainFix("Delete the entry", { op: "update", kind: "network-acl", id: acl.id, set: { entries: without(acl.entries, Number(path[3])) } }) : null;
  }
  const subnet = collection === "subnets" ? doc.subnets[i] : undefined;
  if (!subnet?.firewall) return null;
  const firewall = { ...subnet.firewall, rules: without(subnet.firewall.rules, Number(path[4])) };
  return plainFix("Delete the rule", { op: "update", kind: "subnet", id: subnet.id, set: { firewall } });
}
