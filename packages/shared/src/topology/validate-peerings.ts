import type { Issue } from "../errors/issue";
import { printable } from "./printable";
import type { Peering, Topology } from "./topology";
import type { TopologyIndex } from "./topology-index";
import { validateCidr } from "./validate-cidr";
import { validateName } from "./validate-names";

/** Ends of peerings: there, two, not peered yet. Those of another topology are known by what the peering itself says of them. */
export function validatePeerings(doc: Topology, index: TopologyIndex): Issue[] {
  const pairs = new Set<string>();
  return doc.peerings.flatMap((peering, i): Issue[] => {
    const at = { severity: "error", path: ["peerings", i, "accepterVpcId"], objectId: peering.id } as const;
    const unknown = unknownEnds(peering, i, index);
    if (unknown.length > 0) return unknown;
    if (peering.requesterVpcId === peering.accepterVpcId) {
      return [{ ...at, code: "PEER_SELF", message: "A VPC cannot be peered with itself; choose another VPC." }];
    }
    if (peering.remote) {
      const wrong = remoteEnd(peering, peering.remote, i, index);
      if (wrong.length > 0) return wrong;
    }
    if (!isOpen(peering)) return [];
    const pair = [peering.requesterVpcId, peering.accepterVpcId].sort().join("/");
    if (pairs.has(pair)) return [{ ...at, code: "PEER_DUPLICATE", message: "These two VPCs are already peered; one peering per pair is enough." }];
    pairs.add(pair);
    return [];
  });
}

/** It carries packets, or may once it is accepted. */
export const isOpen = (peering: Peering): boolean => peering.status === "active" || peering.status === "pending-acceptance";

function unknownEnds(peering: Peering, i: number, index: TopologyIndex): Issue[] {
  const ends = (["requester", "accepter"] as const).filter((side) => side !== peering.remote?.side);
  return ends.flatMap((side): Issue[] => {
    const field = side === "requester" ? "requesterVpcId" : "accepterVpcId";
    if (index.vpcById.has(peering[field])) return [];
    return [{
      severity: "error", code: "REF_UNKNOWN", path: ["peerings", i, field], objectId: peering.id,
      message: `There is no VPC “${printable(peering[field])}” in this topology; choose one of the list.`,
    }];
  });
}

function remoteEnd(peering: Peering, remote: NonNullable<Peering["remote"]>, i: number, index: TopologyIndex): Issue[] {
  const field = remote.side === "requester" ? "requesterVpcId" : "accepterVpcId";
  if (index.vpcById.has(peering[field])) {
    return [{
      severity: "error", code: "ID_DUPLICATE", path: ["peerings", i, field], objectId: peering.id,
      message: "The VPC of the other topology has the id of one of this topology; one of the two is a copy and needs ids of its own.",
    }];
  }
  return [
    ...validateName(remote.topologyName, ["peerings", i, "remote", "topologyName"], peering.id),
    ...validateName(remote.vpcName, ["peerings", i, "remote", "vpcName"], peering.id),
    ...validateCidr(remote.cidr, ["peerings", i, "remote", "cidr"], peering.id),
  ];
}
