import { cidrFrom } from "../net/cidr";
import { INSTANCE_INTERFACE, macAddress } from "../net/interface-name";
import { routerNamespace } from "../net/namespace-name";
import type { Instance, NatGateway, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { linkName, markFor, ownerOf } from "./compile-context";
import { namespaceOfInstance } from "./compile-instance";
import { namespaceOfNatGateway } from "./compile-nat-gateway";
import { compileResolver } from "./compile-resolver";
import { routerTable } from "./compile-router-table";
import { routerRouting } from "./compile-routes";
import { accessLinkOfRouter } from "./host-access";
import { HOST_NAMESPACE, type Link, type NamespaceState } from "./kernel-state";
import type { GatewayView, PeeringView, SubnetView } from "./router-view";
import { routerView } from "./router-view";
import { ROUTER_SYSCTLS } from "./sysctls";

/** A VPC: its own router namespace with a bridge per subnet. Nothing of it lies in the host's namespace but a veth end. */
export function compileRouter(vpc: Vpc, index: TopologyIndex, context: CompileContext): NamespaceState {
  const view = routerView(vpc, index, context);
  const name = routerNamespace(context.topologyName, vpc.name);
  return {
    name,
    owner: ownerOf(context, vpc.id),
    mark: markFor(context, vpc.id, name),
    sysctls: ROUTER_SYSCTLS,
    links: [
      ...view.subnets.map((subnet) => bridge(subnet, context)),
      ...view.subnets.flatMap((subnet) => portsOf(subnet, vpc, index, context)),
      ...(view.gateway ? [gatewayLink(view.gateway, context)] : []),
      ...view.peerings.map((peering) => peeringLink(peering, context)),
      ...(view.hostAccess ? [accessLinkOfRouter(vpc, view.hostAccess, context)] : []),
    ],
    ...routerRouting(view, index, context),
    nft: routerTable(view),
    workloads: compileResolver(view, index, name, context),
    resolvConf: null,
  };
}

function bridge({ subnet, link, gateway, resolver }: SubnetView, context: CompileContext): Link {
  return {
    kind: "bridge",
    name: link,
    mac: macAddress("bridge", context.topologyId, subnet.id),
    alias: markFor(context, subnet.id, subnet.name),
    owner: ownerOf(context, subnet.id),
    // A /32: one of the subnet's length would go whenever the gateway's does (a secondary address).
    addresses: [`${gateway}/${cidrFrom(subnet.cidr).length}`, ...(resolver === null ? [] : [`${resolver}/32`])],
  };
}

/** What is plugged into a subnet's bridge: its instances and NAT gateways. */
function portsOf(view: SubnetView, vpc: Vpc, index: TopologyIndex, context: CompileContext): Link[] {
  const { subnet } = view;
  return [
    ...index.instancesOfSubnet(subnet.id).map((instance) =>
      port("instance", view, instance, namespaceOfInstance({ instance, subnet, vpc }, context.topologyName), context)),
    ...index.natGatewaysOfSubnet(subnet.id).map((gateway) =>
      port("nat-gateway", view, gateway, namespaceOfNatGateway({ gateway, subnet, vpc }, context.topologyName), context)),
  ];
}

function port(
  role: "instance" | "nat-gateway", { link }: SubnetView, object: Instance | NatGateway, namespace: string, context: CompileContext,
): Link {
  return {
    kind: "veth",
    name: linkName(context, role, object.id),
    mac: macAddress(role, context.topologyId, object.id),
    alias: markFor(context, object.id, object.name),
    owner: ownerOf(context, object.id),
    peer: { namespace, name: INSTANCE_INTERFACE, mac: macAddress(`${role}-inside`, context.topologyId, object.id) },
    creator: true,
    master: link,
    addresses: [],
  };
}

/** The host end creates the pair: a router can name the host's namespace only when it is a named one. */
function gatewayLink({ object, link, routerAddress }: GatewayView, context: CompileContext): Link {
  return {
    kind: "veth",
    name: link,
    mac: macAddress("gateway-router", context.topologyId, object.id),
    alias: markFor(context, object.id, object.name),
    owner: ownerOf(context, object.id),
    peer: {
      namespace: HOST_NAMESPACE,
      name: linkName(context, "gateway-host", object.id),
      mac: macAddress("gateway-host", context.topologyId, object.id),
    },
    creator: false,
    master: null,
    addresses: [`${routerAddress}/31`],
  };
}

function peeringLink({ peering, link, mac, creator, address, peer }: PeeringView, context: CompileContext): Link {
  return {
    kind: "veth",
    name: link,
    mac,
    alias: markFor(context, peering.id, peering.name),
    owner: ownerOf(context, peering.id),
    peer: { namespace: peer.namespace, name: peer.link, mac: peer.mac },
    creator,
    master: null,
    addresses: [`${address}/31`],
  };
}
