import type { Layout } from "@vpclab/shared/topology/layout";
import { newId, newRuleId } from "@vpclab/shared/topology/ids";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import { COLLECTION } from "@vpclab/shared/topology/topology";
import type { ObjectKind, Topology } from "@vpclab/shared/topology/topology";

type Lookup = <Id extends string | null>(id: Id) => Id;

/**
 * A copy in which every object has a new id, so that nothing that is kept by object id (state, counters, history) is
 * shared with the original. The layout goes along; boxes of objects that the document has not are left out.
 */
export function withFreshIds(doc: Topology, layout: Layout, random: RandomBytes): { document: Topology; layout: Layout } {
  const fresh = new Map<string, string>();
  for (const kind of Object.keys(COLLECTION) as ObjectKind[]) {
    for (const { id } of doc[COLLECTION[kind]]) fresh.set(id, newId(kind, random));
  }
  // An id that is remembered of a deleted object stays as it is.
  const of: Lookup = (id) => (id === null ? id : ((fresh.get(id) ?? id) as typeof id));
  const document: Topology = {
    schemaVersion: doc.schemaVersion,
    settings: doc.settings,
    ...networks(doc, of),
    ...rulesAndRoutes(doc, of, random),
  };
  const moved = Object.entries(layout).flatMap(([id, box]) => (fresh.has(id) ? [[of(id), box] as const] : []));
  return { document, layout: Object.fromEntries(moved) };
}

function networks(doc: Topology, of: Lookup) {
  return {
    vpcs: copied(doc.vpcs, of, (vpc) => ({
      mainRouteTableId: of(vpc.mainRouteTableId), defaultNetworkAclId: of(vpc.defaultNetworkAclId), defaultSecurityGroupId: of(vpc.defaultSecurityGroupId),
    })),
    subnets: copied(doc.subnets, of, (subnet) => ({
      vpcId: of(subnet.vpcId), routeTableId: of(subnet.routeTableId), networkAclId: of(subnet.networkAclId),
    })),
    instances: copied(doc.instances, of, (instance) => ({ subnetId: of(instance.subnetId), securityGroupIds: instance.securityGroupIds.map(of) })),
    internetGateways: copied(doc.internetGateways, of, (gateway) => ({ vpcId: of(gateway.vpcId) })),
    natGateways: copied(doc.natGateways, of, (gateway) => ({ subnetId: of(gateway.subnetId) })),
    elasticIps: copied(doc.elasticIps, of, ({ target }) => ({ target: target && { ...target, id: of(target.id) } })),
    peerings: copied(doc.peerings, of, (peering) => ({ requesterVpcId: of(peering.requesterVpcId), accepterVpcId: of(peering.accepterVpcId) })),
  };
}

function rulesAndRoutes(doc: Topology, of: Lookup, random: RandomBytes) {
  return {
    routeTables: copied(doc.routeTables, of, (table) => ({
      vpcId: of(table.vpcId), routes: table.routes.map((route) => ({ ...route, target: { ...route.target, id: of(route.target.id) } })),
    })),
    securityGroups: copied(doc.securityGroups, of, (group) => ({
      vpcId: of(group.vpcId),
      rules: group.rules.map((rule) => ({
        ...rule, id: newRuleId(random),
        peer: "securityGroupId" in rule.peer ? { securityGroupId: of(rule.peer.securityGroupId) } : rule.peer,
      })),
    })),
    networkAcls: copied(doc.networkAcls, of, (acl) => ({ vpcId: of(acl.vpcId) })),
  };
}

/** The objects with their new ids, in order of those, as documents keep them. */
const copied = <T extends { id: string }>(objects: readonly T[], of: Lookup, references: (object: T) => Partial<T>): T[] =>
  objects.map((object) => ({ ...object, ...references(object), id: of(object.id) })).sort((a, b) => (a.id < b.id ? -1 : 1));
