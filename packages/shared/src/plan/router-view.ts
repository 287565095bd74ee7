import { cidrFrom, formatAddress } from "../net/cidr";
import { gatewayAddress } from "../net/subnet-addresses";
import type { InternetGateway, Peering, Subnet, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { linkName, slotOf } from "./compile-context";
import { transitAddresses } from "./transit";

/** A VPC seen from its router: every neighbour with the link that leads there. Shared by links, routes and filter. */
export interface RouterView {
  readonly vpc: Vpc;
  readonly subnets: readonly { readonly subnet: Subnet; readonly link: string; readonly gateway: string }[];
  readonly gateway: { readonly object: InternetGateway; readonly link: string; readonly hostAddress: string } | null;
  readonly peerings: readonly { readonly peering: Peering; readonly link: string; readonly peer: Vpc; readonly peerAddress: string }[];
}

export function routerView(vpc: Vpc, index: TopologyIndex, context: CompileContext): RouterView {
  const gateway = index.gatewayOfVpc(vpc.id);
  return {
    vpc,
    subnets: index.subnetsOfVpc(vpc.id).map((subnet) => ({
      subnet,
      link: linkName(context, "bridge", subnet.id),
      gateway: formatAddress(gatewayAddress(cidrFrom(subnet.cidr))),
    })),
    gateway: gateway
      ? {
          object: gateway,
          link: linkName(context, "gateway-router", gateway.id),
          hostAddress: transitAddresses(slotOf(context, gateway.id)).far,
        }
      : null,
    peerings: index.peeringsOfVpc(vpc.id).flatMap((peering) => {
      const requester = peering.requesterVpcId === vpc.id;
      const peer = index.vpcById.get(requester ? peering.accepterVpcId : peering.requesterVpcId);
      const ends = transitAddresses(slotOf(context, peering.id));
      const link = linkName(context, requester ? "peering-requester" : "peering-accepter", peering.id);
      return peer ? [{ peering, link, peer, peerAddress: requester ? ends.far : ends.near }] : [];
    }),
  };
}
