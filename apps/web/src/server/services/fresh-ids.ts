import type { Layout } from "@vpclab/shared/topology/layout";
import { newId } from "@vpclab/shared/topology/ids";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import { COLLECTION } from "@vpclab/shared/topology/topology";
import type { ObjectKind, Topology } from "@vpclab/shared/topology/topology";

/**
 * A copy in which every object has a new id, so that nothing that is kept by object id (state, counters, history) is
 * shared with the original. The layout goes along; boxes of objects that the document has not are left out.
 */
export function withFreshIds(doc: Topology, layout: Layout, random: RandomBytes): { document: Topology; layout: Layout } {
  const fresh = new Map<string, string>();
  for (const kind of Object.keys(COLLECTION) as ObjectKind[]) {
    for (const { id } of doc[COLLECTION[kind]]) fresh.set(id, newId(kind, random));
  }
  const of = (id: string): string => fresh.get(id) ?? id;
  const document: Topology = {
    ...doc,
    vpcs: doc.vpcs.map((vpc) => ({ ...vpc, id: of(vpc.id) })).sort(byId),
    subnets: doc.subnets.map((subnet) => ({ ...subnet, id: of(subnet.id), vpcId: of(subnet.vpcId) })).sort(byId),
    instances: doc.instances.map((instance) => ({ ...instance, id: of(instance.id), subnetId: of(instance.subnetId) })).sort(byId),
    internetGateways: doc.internetGateways.map((gateway) => ({ ...gateway, id: of(gateway.id), vpcId: of(gateway.vpcId) })).sort(byId),
    peerings: doc.peerings
      .map((peering) => ({
        ...peering, id: of(peering.id), requesterVpcId: of(peering.requesterVpcId), accepterVpcId: of(peering.accepterVpcId),
      }))
      .sort(byId),
  };
  const moved = Object.entries(layout).flatMap(([id, box]) => (fresh.has(id) ? [[of(id), box] as const] : []));
  return { document, layout: Object.fromEntries(moved) };
}

/** Documents keep their objects in order of id. */
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
