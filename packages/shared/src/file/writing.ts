import { parseAddress } from "../net/cidr";
import type { Peering, Topology, Vpc } from "../topology/topology";
import { indexTopology, type TopologyIndex } from "../topology/topology-index";
import { peersOf } from "./implied";

/** A document that is being written, with what is asked of it again and again. For valid documents. */
export class Writing {
  readonly index: TopologyIndex;
  /** Peerings whose routes need not be written: every table of both VPCs has one, or another way for those addresses. */
  readonly withRoutes: readonly Peering[];

  constructor(readonly doc: Topology) {
    this.index = indexTopology(doc);
    this.withRoutes = doc.peerings.filter((peering) => this.bringsRoutes(peering));
  }

  private bringsRoutes(peering: Peering): boolean {
    let leads = false;
    for (const vpcId of [peering.requesterVpcId, peering.accepterVpcId]) {
      const peers = peersOf(this.doc, vpcId);
      const cidr = peers.find((peer) => peer.peeringId === peering.id)?.cidr;
      // The end in another topology has no tables here.
      if (!this.index.vpcById.has(vpcId)) continue;
      if (cidr === undefined || peers.filter((peer) => peer.cidr === cidr).length > 1) return false;
      for (const { routes } of this.index.routeTablesOfVpc(vpcId)) {
        const route = routes.find((candidate) => candidate.destination === cidr);
        if (!route) return false;
        leads ||= route.target.id === peering.id;
      }
    }
    return leads;
  }
}

/** In the order in which a person reads addresses. */
export const byAddress = (a: { readonly address: string }, b: { readonly address: string }): number =>
  (parseAddress(a.address) ?? 0) - (parseAddress(b.address) ?? 0);
export const byCidr = (a: { readonly cidr: string }, b: { readonly cidr: string }): number =>
  (parseAddress(a.cidr.split("/")[0] ?? "") ?? 0) - (parseAddress(b.cidr.split("/")[0] ?? "") ?? 0);
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** The VPC that a route, a rule or a subnet of it belongs to is named only where it is another one. */
export const nameIn = (index: TopologyIndex, vpc: Vpc, owner: { readonly vpcId: string; readonly name: string }): string =>
  owner.vpcId === vpc.id ? owner.name : `${index.vpcById.get(owner.vpcId)?.name ?? ""}/${owner.name}`;

/** An object without the keys that have nothing to say. */
export function compact(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** An object of named things; undefined where there is none. */
export const orNothing = (object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined =>
  Object.keys(object).length > 0 ? object : undefined;
