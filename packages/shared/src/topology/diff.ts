import { describeEntry, describeFirewallRule, describeRule, type NameOf } from "./describe-rule";
import type { Direction, DrawnRoute, Firewall, FirewallRule, NetworkAclEntry, ObjectKind, PublishedPort, SecurityGroupRule, Topology, TopologyObject } from "./topology";
import { objectsOf } from "./topology-index";

/** One object that differs between two documents. */
export interface Difference {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  /** For `changed`: the fields, with their values before and after as text; of routes, rules and entries each by itself. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

const ABSENT = "none";

export function diffTopologies(before: Topology, after: Topology): Difference[] {
  const old = new Map([...objectsOf(before)].map((found) => [found.object.id, found]));
  const names = new Map([...objectsOf(before), ...objectsOf(after)].map(({ object }) => [object.id, object.name]));
  const nameOf: NameOf = (id) => names.get(id) ?? id;
  const differences: Difference[] = [];
  for (const { kind, object } of objectsOf(after)) {
    const previous = old.get(object.id);
    old.delete(object.id);
    const at = { kind, id: object.id, name: object.name };
    if (!previous) differences.push({ ...at, change: "added", fields: [] });
    else if (previous.object !== object) {
      const fields = changedFields(previous.object, object, nameOf);
      if (fields.length > 0) differences.push({ ...at, change: "changed", fields });
    }
  }
  for (const { kind, object } of old.values()) {
    differences.push({ kind, id: object.id, name: object.name, change: "removed", fields: [] });
  }
  return differences;
}

const KIND_WORD: Record<ObjectKind, string> = {
  vpc: "VPC", subnet: "subnet", instance: "instance", "internet-gateway": "internet gateway", "nat-gateway": "NAT gateway",
  "elastic-ip": "Elastic IP", "route-table": "route table", "security-group": "security group", "network-acl": "network ACL",
  peering: "peering connection",
};

export const kindWord = (kind: ObjectKind): string => KIND_WORD[kind];

/** A difference in words, e.g. `subnet “public”: CIDR 10.0.1.0/24 → 10.0.9.0/24`. */
export function describeDifference(difference: Difference): string {
  const subject = `${kindWord(difference.kind)} “${difference.name}”`;
  if (difference.change !== "changed") return `${subject} ${difference.change}`;
  return `${subject}: ${difference.fields.map(({ field, before, after }) => `${field} ${before} → ${after}`).join(", ")}`;
}

function changedFields(before: TopologyObject, after: TopologyObject, nameOf: NameOf): FieldChange[] {
  const old = before as unknown as Record<string, unknown>;
  return Object.entries(after).flatMap(([field, value]) => {
    if (JSON.stringify(value) === JSON.stringify(old[field])) return [];
    const items = LISTS[field];
    if (items) return changedItems(items(old[field], nameOf), items(value, nameOf));
    return [{ field: FIELD_WORD[field] ?? field, before: valueText(field, old[field], nameOf), after: valueText(field, value, nameOf) }];
  });
}

/** Fields as people call them; those that are one plain word stand for themselves. */
const FIELD_WORD: Partial<Record<string, string>> = {
  cidr: "CIDR", webServer: "web server", routeTableId: "route table", networkAclId: "network ACL", securityGroupIds: "security groups", subnetId: "subnet",
  mainRouteTableId: "main route table", sourceDestCheck: "source/destination check", autoAssignPublicAddress: "public address by itself",
  reachableFromHost: "reachable from the host", dnsSupport: "DNS support",
};

/** Items of a list by what names them (a route's destination, an entry's number), in words. */
type Items = (value: unknown, nameOf: NameOf) => Map<string, string>;

const itemsOf = <T>(keyOf: (item: T) => string, textOf: (item: T, nameOf: NameOf) => string): Items =>
  (value, nameOf) => new Map((value as T[]).map((item) => [keyOf(item), textOf(item, nameOf)]));

/** Rules by their place, because the order decides. */
function firewallItems(value: unknown): Map<string, string> {
  const firewall = value as Firewall | null;
  if (!firewall) return new Map([["firewall", "off"]]);
  const count: Record<Direction, number> = { ingress: 0, egress: 0 };
  const place = ({ direction }: FirewallRule) => `firewall ${direction} rule ${(count[direction] += 1)}`;
  const { ingress, egress } = firewall.defaults;
  return new Map([
    ["firewall", "on"], ...firewall.rules.map((rule) => [place(rule), describeFirewallRule(rule)] as const),
    ["firewall ingress default", ingress], ["firewall egress default", egress],
  ]);
}

const LISTS: Partial<Record<string, Items>> = {
  routes: itemsOf<DrawnRoute>((route) => `route ${route.destination}`, (route, nameOf) => targetText(route, nameOf)),
  rules: itemsOf<SecurityGroupRule>((rule) => `${rule.direction} rule\0${rule.id}`, describeRule),
  entries: itemsOf<NetworkAclEntry>((entry) => `${entry.direction} entry ${entry.number}`, describeEntry),
  firewall: firewallItems,
  publishedPorts: itemsOf<PublishedPort>((port) => `host port ${port.protocol} ${port.hostPort}`, (port) => `port ${port.port}`),
};

function changedItems(before: Map<string, string>, after: Map<string, string>): FieldChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key) ?? ABSENT, after.get(key) ?? ABSENT];
    return was === is ? [] : [{ field: key.split("\0")[0] ?? key, before: was, after: is }];
  });
}

const targetText = (route: DrawnRoute, nameOf: NameOf): string =>
  route.target.kind === "gone" ? `blackhole (${route.target.id})` : `${kindWord(route.target.kind)} “${nameOf(route.target.id)}”`;

function valueText(field: string, value: unknown, nameOf: NameOf): string {
  if (field === "webServer") return value === null ? "off" : `port ${(value as { port: number }).port}`;
  if (field === "target") return value === null ? ABSENT : nameOf((value as { id: string }).id);
  if (field === "routeTableId") return value === null ? "main" : nameOf(String(value));
  if (field === "networkAclId") return value === null ? "default" : nameOf(String(value));
  if (Array.isArray(value)) return value.map((id) => nameOf(String(id))).join(" + ") || ABSENT;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return field.endsWith("Id") ? nameOf(value) : value || ABSENT;
  return JSON.stringify(value);
}
