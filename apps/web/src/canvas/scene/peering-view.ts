import type { Peering, PEERING_STATUSES } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

/** One end of a peering as it is shown; `vpcId` null: it lies in another topology, which alone knows its routes. */
export interface PeeringEnd {
  readonly vpcId: string | null;
  /** `vpc1`, or `lab2/vpc1` of another topology. */
  readonly name: string;
  readonly cidr: string;
}

/** Requester first. */
export function peeringEnds(index: TopologyIndex, peering: Peering): readonly [PeeringEnd, PeeringEnd] {
  const end = (side: "requester" | "accepter", vpcId: string): PeeringEnd => {
    if (peering.remote?.side === side) return { vpcId: null, name: `${peering.remote.topologyName}/${peering.remote.vpcName}`, cidr: peering.remote.cidr };
    const vpc = index.vpcById.get(vpcId);
    return { vpcId, name: vpc?.name ?? "?", cidr: vpc?.cidr ?? "?" };
  };
  return [end("requester", peering.requesterVpcId), end("accepter", peering.accepterVpcId)];
}

/** Whether some route table of a VPC leads to a peering. */
export const hasRouteTo = (index: TopologyIndex, vpcId: string, peeringId: string): boolean =>
  index.routeTablesOfVpc(vpcId).some(({ routes }) => routes.some(({ target }) => target.kind === "peering" && target.id === peeringId));

/** `routes: both`, `routes: only vpc1`, `routes: none`; of a peering with another topology our own side alone is known. */
export function routesInWords(index: TopologyIndex, peering: Peering): string {
  const ours = peeringEnds(index, peering).filter(({ vpcId }) => vpcId !== null);
  const routed = ours.filter(({ vpcId }) => hasRouteTo(index, vpcId!, peering.id));
  if (routed.length === 0) return "routes: none";
  return ours.length === routed.length && ours.length === 2 ? "routes: both" : `routes: ${ours.length === 2 ? "only " : ""}${routed[0]!.name}`;
}

export type PeeringStatus = (typeof PEERING_STATUSES)[number];

export const PEERING_WORDS: Readonly<Record<PeeringStatus, string>> = {
  "pending-acceptance": "pending acceptance", active: "active", rejected: "rejected", deleted: "deleted by the other side",
};

/** Whether the answer is ours to give: we own the accepter. */
export const isOursToAnswer = (peering: Peering): boolean => peering.status === "pending-acceptance" && peering.remote?.side !== "accepter";
