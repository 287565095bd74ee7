import { vpcsOverlap } from "@vpclab/shared/topology/validate-addresses";
import type { Topology } from "@vpclab/shared/topology/topology";

/** Why these two VPCs cannot be peered, in one sentence, or null when they can. Asked while the connection is being drawn. */
export function peeringRefusal(document: Topology, requesterVpcId: string, accepterVpcId: string): string | null {
  if (requesterVpcId === accepterVpcId) return "A VPC cannot be peered with itself: end at another VPC.";
  const requester = document.vpcs.find(({ id }) => id === requesterVpcId);
  const accepter = document.vpcs.find(({ id }) => id === accepterVpcId);
  if (!requester || !accepter) return "A peering joins two VPCs: end at a VPC.";
  const existing = document.peerings.find(({ requesterVpcId: a, accepterVpcId: b }) =>
    (a === requester.id && b === accepter.id) || (a === accepter.id && b === requester.id));
  if (existing) return `${requester.name} and ${accepter.name} are already peered (${existing.name}).`;
  if (vpcsOverlap(requester, accepter)) {
    return `${requester.name} (${requester.cidr}) and ${accepter.name} (${accepter.cidr}) overlap: peered VPCs need ranges of their own.`;
  }
  return null;
}
