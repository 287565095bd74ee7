import type { KernelState, VethLink } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { kindOfId } from "@vpclab/shared/topology/ids";

/** A link in a router namespace whose traffic is a drawn object's traffic. */
export interface CounterTarget {
  readonly namespace: string;
  readonly link: string;
  readonly topologyId: string;
  readonly objectId: string;
  /**
   * What the router sends into the link of an instance or a NAT gateway is what that receives, so its counters are exchanged.
   * An internet gateway's `tx` leaves the VPC, a peering's leaves the requester's VPC.
   */
  readonly exchanged: boolean;
}

/** Which links to read, from the wanted state. Of a peering only one end: the requester's, unless that lies in another topology. */
export function counterTargets(state: KernelState): CounterTarget[] {
  return Object.values(state).filter((space) => space.name !== HOST_NAMESPACE).flatMap((space) =>
    space.links.filter((link) => link.kind === "veth").flatMap((link): CounterTarget[] => {
      const point = pointOfView(link);
      return point === null ? [] : [{ namespace: space.name, link: link.name, ...link.owner, exchanged: point === "other end" }];
    }),
  );
}

function pointOfView(link: VethLink): "this end" | "other end" | null {
  switch (kindOfId(link.owner.objectId)) {
    // The router's end creates the pair.
    case "instance": case "nat-gateway": return link.creator ? "other end" : null;
    // The only end outside of the host.
    case "internet-gateway": return "this end";
    case "peering": return link.creator ? (isRequesterEnd(link) ? "this end" : "other end") : null;
    default: return null;
  }
}

/** The requester has the lower, even address of the pair's /31 (plan/transit.ts). */
const isRequesterEnd = ({ addresses: [address = ""] }: VethLink): boolean => Number(address.split("/")[0]?.split(".")[3]) % 2 === 0;
