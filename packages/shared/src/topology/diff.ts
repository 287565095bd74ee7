import { describeEntry, describeFirewallRule, describeRule, type NameOf } from "./describe-rule";
import type { Direction, DrawnRoute, Firewall, FirewallRule, NetworkAclEntry, ObjectKind, Peering, PublishedPort, SecurityGroupRule, Settings, Topology, TopologyObject } from "./topology";
import { namesOfObjects } from "./object-names";
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

/**
 * What differs between two valid documents (two revisions, or a drawing and what was applied): one entry for each object that was
 * added, removed or changed, objects by their id. Those of `after` first, containers before what they contain, then what is gone.
 * The order of a security group's rules means nothing, and is no difference. Settings: `diffSettings`.
 */
export function diffTopologies(before: Topology, after: Topology): Difference[] {
  const old = new Map([...objectsOf(before)].map((found) => [found.object.id, found]));
  const spellings = spellingsOf(before, after);
  const differences: Difference[] = [];
  for (const { kind, object } of objectsOf(after)) {
    const previous = old.get(object.id);
    old.delete(object.id);
    const at = { kind, id: object.id, name: object.name };
    if (!previous) differences.push({ ...at, change: "added", fields: [] });
    else if (previous.object !== object) {
      const fields = changedFields(previous.object, object, spellings);
      if (fields.length > 0) differences.push({ ...at, change: "changed", fields });
    }
  }
  for (const { kind, object } of old.values()) {
    differences.push({ kind, id: object.id, name: object.name, change: "removed", fields: [] });
  }
  return differences;
}

/** What differs in what holds for the topology as a whole. */
export function diffSettings(before: Settings, after: Settings): FieldChange[] {
  return (["addressing", "driftRepair", "note"] as const).flatMap((field) => {
    const [was, is] = [before[field] ?? ABSENT, after[field] ?? ABSENT];
    return was === is ? [] : [{ field: fieldWord(field), before: was, after: is }];
  });
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

/** Ways to call an object, the shortest first: two that are called alike are told apart by their place, at last by their id. */
type Spellings = readonly NameOf[];

function spellingsOf(before: Topology, after: Topology): Spellings {
  const names = new Map([...objectsOf(before), ...objectsOf(after)].map(({ object }) => [object.id, object.name]));
  let paths: ReadonlyMap<string, string> | null = null;
  const pathOf: NameOf = (id) => {
    paths ??= new Map([...namesOfObjects(before), ...namesOfObjects(after)].map(({ object, path }) => [object.id, path]));
    return paths.get(id) ?? id;
  };
  return [(id) => names.get(id) ?? id, pathOf, (id) => (names.has(id) ? `${names.get(id)} (${id})` : id)];
}

function changedFields(before: TopologyObject, after: TopologyObject, spellings: Spellings): FieldChange[] {
  const old = before as unknown as Record<string, unknown>;
  return Object.entries(after).flatMap(([field, value]) => {
    if (JSON.stringify(value) === JSON.stringify(old[field])) return [];
    const items = LISTS[field];
    if (items) return changedItems(spellings.map((nameOf) => [items(old[field], nameOf), items(value, nameOf)]));
    const texts = spellings.map((nameOf) => ({ before: valueText(field, old[field], nameOf), after: valueText(field, value, nameOf) }));
    const told = texts.find((text) => text.before !== text.after);
    return told ? [{ field: fieldWord(field), ...told }] : [];
  });
}

/** Fields as people call them; those that are one plain word stand for themselves. */
const FIELD_WORD: Partial<Record<string, string>> = {
  cidr: "CIDR", webServer: "web server", routeTableId: "route table", networkAclId: "network ACL", securityGroupIds: "security groups", subnetId: "subnet",
  mainRouteTableId: "main route table", sourceDestCheck: "source/destination check", autoAssignPublicAddress: "public address by itself",
  driftRepair: "drift repair", reachableFromHost: "reachable from the host", dnsSupport: "DNS support", vpcId: "VPC", requesterVpcId: "requester",
  accepterVpcId: "accepter", defaultNetworkAclId: "default network ACL", defaultSecurityGroupId: "default security group", remote: "other topology",
};
export const fieldWord = (field: string): string => FIELD_WORD[field] ?? field;

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
    ["firewall", "on"], ...firewall.rules.map((rule) => [place(rule), withDescription(describeFirewallRule(rule), rule.description)] as const),
    ["firewall ingress default", ingress], ["firewall egress default", egress],
  ]);
}

/** Fields that are lists, of which each item is told by itself. */
export const LISTS: Partial<Record<string, Items>> = {
  routes: itemsOf<DrawnRoute>((route) => `route ${route.destination}`, (route, nameOf) => targetText(route, nameOf)),
  rules: itemsOf<SecurityGroupRule>((rule) => `${rule.direction} rule\0${rule.id}`, (rule, nameOf) => withDescription(describeRule(rule, nameOf), rule.description)),
  entries: itemsOf<NetworkAclEntry>((entry) => `${entry.direction} entry ${entry.number}`, describeEntry),
  firewall: firewallItems,
  publishedPorts: itemsOf<PublishedPort>((port) => `host port ${port.protocol} ${port.hostPort}`, (port) => `port ${port.port}`),
};

const withDescription = (text: string, description: string): string => (description === "" ? text : `${text} (${description})`);

/** The items before and after, once for each spelling; each item in the shortest one that shows what differs. */
function changedItems(spelt: readonly (readonly [Map<string, string>, Map<string, string>])[]): FieldChange[] {
  const keys = new Set(spelt.slice(0, 1).flatMap(([before, after]) => [...before.keys(), ...after.keys()]));
  return [...keys].flatMap((key) => {
    const told = spelt.map(([before, after]) => ({ before: before.get(key) ?? ABSENT, after: after.get(key) ?? ABSENT })).find((text) => text.before !== text.after);
    return told ? [{ field: itemWord(key), ...told }] : [];
  });
}

/** What an item is called: of a key that also holds an id for telling rules apart, the part before it. */
export const itemWord = (key: string): string => key.split("\0")[0] ?? key;

const targetText = (route: DrawnRoute, nameOf: NameOf): string =>
  route.target.kind === "gone" ? `blackhole (${route.target.id})` : `${kindWord(route.target.kind)} “${nameOf(route.target.id)}”`;

const remoteText = ({ topologyName, vpcName, cidr }: NonNullable<Peering["remote"]>): string => `${topologyName}/${vpcName} ${cidr}`;

export function valueText(field: string, value: unknown, nameOf: NameOf): string {
  if (field === "webServer") return value === null ? "off" : `port ${(value as { port: number }).port}`;
  if (field === "remote") return value === null ? ABSENT : remoteText(value as NonNullable<Peering["remote"]>);
  if (field === "target") return value === null ? ABSENT : nameOf((value as { id: string }).id);
  if (field === "routeTableId") return value === null ? "main" : nameOf(String(value));
  if (field === "networkAclId") return value === null ? "default" : nameOf(String(value));
  if (Array.isArray(value)) return value.map((id) => nameOf(String(id))).join(" + ") || ABSENT;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return field.endsWith("Id") ? nameOf(value) : value || ABSENT;
  return JSON.stringify(value);
}
