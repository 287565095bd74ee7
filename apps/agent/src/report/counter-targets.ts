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
   * What the router sends into an instance's link is what the instance receives, so its counters are exchanged. A
   * gateway's and a peering's `tx` leaves the VPC, as the router counts it.
   */
  readonly exchanged: boolean;
}

/** Which links to read, from the wanted state. Of a peering only the requester's end, which is the one that creates the pair. */
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
    case "instance": return link.creator ? "other end" : null;
    // The only end outside of the host.
    case "internet-gateway": return "this end";
    case "peering": return link.creator ? "this end" : null;
    default: return null;
  }
}
