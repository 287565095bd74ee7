import { describeEntry, describeFirewallRule, describeRule } from "../topology/describe-rule";
import type { EditCommand } from "../topology/edit-command";
import type { Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import type { Adoption } from "./adoption";
import { describeRoute } from "./describe-object";
import { aclEntryName, firewallRuleName } from "./rule-names";

export interface AdoptionEdit {
  /** What the drawing would take over, in a sentence. */
  readonly sentence: string;
  readonly command: EditCommand;
}

/** The edit that makes the drawing say what the kernel holds; null where the drawing has no such thing (any more). */
export function adoptionEdit(doc: Topology, adoption: Adoption): AdoptionEdit | null {
  switch (adoption.kind) {
    case "route-removed": case "route-added": return routeEdit(doc, adoption);
    case "rule-removed": return ruleEdit(doc, adoption.objectId, adoption.rule);
  }
}

function routeEdit(doc: Topology, adoption: Exclude<Adoption, { kind: "rule-removed" }>): AdoptionEdit | null {
  const { objectId: id, destination } = adoption;
  const table = doc.routeTables.find((candidate) => candidate.id === id);
  if (!table) return null;
  const index = indexTopology(doc);
  const others = table.routes.filter((route) => route.destination !== destination);
  const drawn = table.routes.find((route) => route.destination === destination);
  const command = (routes: typeof others): EditCommand => ({ op: "update", kind: "route-table", id, set: { routes } });
  if (adoption.kind === "route-removed") {
    return drawn ? { sentence: `Takes the route ${describeRoute(drawn, index)} out of “${table.name}”.`, command: command(others) } : null;
  }
  const route = { destination, target: adoption.target };
  return { sentence: `Draws the route ${describeRoute(route, index)} in “${table.name}”.`, command: command([...others, route]) };
}

function ruleEdit(doc: Topology, id: string, name: string): AdoptionEdit | null {
  const nameOf = (groupId: string): string => doc.securityGroups.find((group) => group.id === groupId)?.name ?? groupId;
  const group = doc.securityGroups.find((candidate) => candidate.id === id);
  const rule = group?.rules.find((candidate) => candidate.id === name);
  if (group && rule) {
    const rules = group.rules.filter((other) => other !== rule);
    return { sentence: `Takes the rule ${describeRule(rule, nameOf)} out of group “${group.name}”.`, command: { op: "update", kind: "security-group", id, set: { rules } } };
  }
  const acl = doc.networkAcls.find((candidate) => candidate.id === id);
  const entry = acl?.entries.find(({ direction, number }) => aclEntryName(id, direction, number) === name);
  if (acl && entry) {
    const entries = acl.entries.filter((other) => other !== entry);
    return { sentence: `Takes entry ${entry.number}, ${describeEntry(entry)}, out of ACL “${acl.name}”.`, command: { op: "update", kind: "network-acl", id, set: { entries } } };
  }
  const subnet = doc.subnets.find((candidate) => candidate.id === id);
  const filter = subnet?.firewall?.rules.find((candidate) => firewallRuleName(candidate) === name);
  if (!subnet?.firewall || !filter) return null;
  const firewall = { ...subnet.firewall, rules: subnet.firewall.rules.filter((other) => other !== filter) };
  return { sentence: `Takes the rule ${describeFirewallRule(filter)} out of the firewall of “${subnet.name}”.`, command: { op: "update", kind: "subnet", id, set: { firewall } } };
}
