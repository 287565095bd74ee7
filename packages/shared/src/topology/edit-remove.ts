import type { DrawnRoute, ObjectKind, SecurityGroupRule, Topology } from "./topology";
import { COLLECTION } from "./topology";
import { findObject } from "./topology-index";

/**
 * Removes an object and what cannot be without it, as AWS leaves the rest behind: routes to it become blackholes, its Elastic
 * IP is kept but free, rules that name a group that went along become stale. null when there is no such object.
 */
export function removeObject(doc: Topology, id: string): Topology | null {
  const gone = withDependents(doc, id);
  if (gone.size === 0) return null;
  // A group that a person deletes by itself must not be named any more (edit-refusals.ts), so its references stay to be found.
  return withoutObjects(doc, gone, new Set([...gone].filter((goneId) => goneId !== id)));
}

/** The document without these objects; rules that name one of `staleGroups` become stale. Complete sets only: nothing is added to `gone`. */
export function withoutObjects(doc: Topology, gone: ReadonlySet<string>, staleGroups: ReadonlySet<string>): Topology {
  let rest = doc;
  for (const kind of Object.keys(COLLECTION) as ObjectKind[]) rest = without(rest, COLLECTION[kind], gone);
  // A route for a whole subnet inside the VPC means nothing without that subnet.
  const goneBlocks = new Set(doc.subnets.filter((subnet) => gone.has(subnet.id)).map((subnet) => `${subnet.vpcId} ${subnet.cidr}`));
  return {
    ...rest,
    routeTables: rest.routeTables.map((table) => {
      const routes = table.routes.filter((route) => !goneBlocks.has(`${table.vpcId} ${route.destination}`)).map((route) => blackholed(route, gone));
      return sameItems(routes, table.routes) ? table : { ...table, routes };
    }),
    securityGroups: rest.securityGroups.map((group) => {
      const rules = group.rules.map((rule) => stale(rule, staleGroups));
      return sameItems(rules, group.rules) ? group : { ...group, rules };
    }),
    elasticIps: rest.elasticIps.map((ip) => (ip.target && gone.has(ip.target.id) ? { ...ip, target: null } : ip)),
  };
}

/** Ids of an object and of everything that goes with it; empty when there is no such object. */
export function withDependents(doc: Topology, id: string): ReadonlySet<string> {
  const found = findObject(doc, id);
  if (!found) return new Set();
  const gone = new Set([id]);
  if (found.kind === "vpc") {
    for (const collection of ["subnets", "internetGateways", "routeTables", "securityGroups", "networkAcls"] as const) {
      for (const object of doc[collection]) if (object.vpcId === id) gone.add(object.id);
    }
    for (const peering of doc.peerings) if (peering.requesterVpcId === id || peering.accepterVpcId === id) gone.add(peering.id);
  }
  for (const instance of doc.instances) if (gone.has(instance.subnetId)) gone.add(instance.id);
  for (const gateway of doc.natGateways) if (gone.has(gateway.subnetId)) gone.add(gateway.id);
  return gone;
}

const without = (doc: Topology, collection: (typeof COLLECTION)[ObjectKind], gone: ReadonlySet<string>): Topology =>
  doc[collection].some((object) => gone.has(object.id))
    ? { ...doc, [collection]: doc[collection].filter((object) => !gone.has(object.id)) }
    : doc;

/** Objects whose list changes nowhere stay the same objects, so that the inverse and the canvas see what really changed. */
const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean => a.length === b.length && a.every((item, i) => item === b[i]);

const blackholed = (route: DrawnRoute, gone: ReadonlySet<string>): DrawnRoute =>
  gone.has(route.target.id) && route.target.kind !== "gone" ? { ...route, target: { kind: "gone", id: route.target.id } } : route;

const stale = (rule: SecurityGroupRule, gone: ReadonlySet<string>): SecurityGroupRule =>
  "securityGroupId" in rule.peer && gone.has(rule.peer.securityGroupId)
    ? { ...rule, peer: { goneSecurityGroupId: rule.peer.securityGroupId } }
    : rule;
