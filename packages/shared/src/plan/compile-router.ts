import { cidrFrom, formatAddress } from "../net/cidr";
import { INSTANCE_INTERFACE, macAddress } from "../net/interface-name";
import { routerNamespace } from "../net/namespace-name";
import { gatewayAddress } from "../net/subnet-addresses";
import type { InternetGateway, Peering, Subnet, Topology, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { linkName, markFor, ownerOf, slotOf } from "./compile-context";
import { namespaceOfInstance } from "./compile-instance";
import { routerTable } from "./compile-router-table";
import { routerRouting } from "./compile-routes";
import { HOST_NAMESPACE, type Link, type NamespaceState } from "./kernel-state";
import { routerView } from "./router-view";
import { ROUTER_SYSCTLS } from "./sysctls";
import { transitAddresses } from "./transit";

/** A VPC: its own router namespace with a bridge per subnet. Nothing of it lies in the host's namespace but a veth end. */
export function compileRouter(vpc: Vpc, doc: Topology, index: TopologyIndex, context: CompileContext): NamespaceState {
  const view = routerView(vpc, index, context);
  const name = routerNamespace(context.topologyName, vpc.name);
  return {
    name,
    owner: ownerOf(context, vpc.id),
    mark: markFor(context, vpc.id, name),
    sysctls: ROUTER_SYSCTLS,
    links: [
      ...view.subnets.map(({ subnet }) => bridge(subnet, context)),
      ...view.subnets.flatMap(({ subnet }) => instanceLinks(subnet, vpc, index, context)),
      ...(view.gateway ? [gatewayLink(view.gateway.object, context)] : []),
      ...view.peerings.map(({ peering, peer }) => peeringLink(peering, vpc, peer, context)),
    ],
    ...routerRouting(view, context),
    nft: routerTable(view),
    workloads: [],
  };
}

function bridge(subnet: Subnet, context: CompileContext): Link {
  const cidr = cidrFrom(subnet.cidr);
  return {
    kind: "bridge",
    name: linkName(context, "bridge", subnet.id),
    mac: macAddress("bridge", context.topologyId, subnet.id),
    alias: markFor(context, subnet.id, subnet.name),
    owner: ownerOf(context, subnet.id),
    addresses: [`${formatAddress(gatewayAddress(cidr))}/${cidr.length}`],
  };
}

function instanceLinks(subnet: Subnet, vpc: Vpc, index: TopologyIndex, context: CompileContext): Link[] {
  return index.instancesOfSubnet(subnet.id).map((instance) => ({
    kind: "veth",
    name: linkName(context, "instance", instance.id),
    mac: macAddress("instance", context.topologyId, instance.id),
    alias: markFor(context, instance.id, instance.name),
    owner: ownerOf(context, instance.id),
    peer: { namespace: namespaceOfInstance({ instance, subnet, vpc }, context.topologyName), name: INSTANCE_INTERFACE },
    creator: true,
    master: linkName(context, "bridge", subnet.id),
    addresses: [],
  }));
}

/** The host end creates the pair: a router can name the host's namespace only when it is a named one. */
function gatewayLink(gateway: InternetGateway, context: CompileContext): Link {
  return {
    kind: "veth",
    name: linkName(context, "gateway-router", gateway.id),
    mac: macAddress("gateway-router", context.topologyId, gateway.id),
    alias: markFor(context, gateway.id, gateway.name),
    owner: ownerOf(context, gateway.id),
    peer: { namespace: HOST_NAMESPACE, name: linkName(context, "gateway-host", gateway.id) },
    creator: false,
    master: null,
    addresses: [`${transitAddresses(slotOf(context, gateway.id)).near}/31`],
  };
}

function peeringLink(peering: Peering, vpc: Vpc, peer: Vpc, context: CompileContext): Link {
  const requester = peering.requesterVpcId === vpc.id;
  const [here, there] = requester
    ? (["peering-requester", "peering-accepter"] as const)
    : (["peering-accepter", "peering-requester"] as const);
  const ends = transitAddresses(slotOf(context, peering.id));
  return {
    kind: "veth",
    // Both ends have names of their own: a veth pair is created inside one namespace before the peer moves out.
    name: linkName(context, here, peering.id),
    mac: macAddress(here, context.topologyId, peering.id),
    alias: markFor(context, peering.id, peering.name),
    owner: ownerOf(context, peering.id),
    peer: { namespace: routerNamespace(context.topologyName, peer.name), name: linkName(context, there, peering.id) },
    creator: requester,
    master: null,
    addresses: [`${requester ? ends.near : ends.far}/31`],
  };
}
