import { cidrFrom, formatAddress } from "../net/cidr";
import { interfaceName, macAddress } from "../net/interface-name";
import { routerNamespace } from "../net/namespace-name";
import { gatewayAddress } from "../net/subnet-addresses";
import { isActive, networkAclOf, routeTableOf } from "../topology/effective";
import { leadsToInternetGateway } from "../topology/subnet-type";
import type { InternetGateway, NetworkAcl, Peering, RouteTable, Subnet, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { linkName, slotOf } from "./compile-context";
import type { GatewayTranslations } from "./gateway-translations";
import { gatewayTranslations } from "./gateway-translations";
import type { HostAccess } from "./host-access";
import { hostAccess } from "./host-access";
import type { ResolverView } from "./resolver-view";
import { resolverAddressIn, resolverView } from "./resolver-view";
import { transitAddresses } from "./transit";

export interface SubnetView {
  readonly subnet: Subnet;
  readonly link: string;
  /** Address of the router in it. */
  readonly gateway: string;
  /** The VPC's base + 2, where its resolver answers, if it lies in this subnet; else null. */
  readonly resolver: string | null;
  readonly table: RouteTable;
  readonly acl: NetworkAcl;
  /** MAC addresses of those that may send what is not from their subnet: NAT gateways, instances without source check. */
  readonly forwarders: readonly string[];
}

export interface GatewayView {
  readonly object: InternetGateway;
  readonly link: string;
  readonly routerAddress: string;
  readonly hostAddress: string;
  readonly translations: GatewayTranslations;
}

/** An active peering whose other end is on this host. */
export interface PeeringView {
  readonly peering: Peering;
  readonly link: string;
  readonly mac: string;
  /** In our own document the requester makes the pair; where the other end is another topology's, whoever comes first. */
  readonly creator: boolean;
  readonly address: string;
  readonly peer: {
    readonly cidr: string;
    readonly address: string;
    readonly namespace: string;
    readonly link: string;
    readonly mac: string;
  };
}

/** A VPC seen from its router: every neighbour with the link that leads there. Shared by links, routes and filter. */
export interface RouterView {
  readonly vpc: Vpc;
  readonly subnets: readonly SubnetView[];
  readonly gateway: GatewayView | null;
  readonly peerings: readonly PeeringView[];
  /** null: the host has no way in. */
  readonly hostAccess: HostAccess | null;
  /** null: names are not resolved here. */
  readonly resolver: ResolverView | null;
}

export function routerView(vpc: Vpc, index: TopologyIndex, context: CompileContext): RouterView {
  const view = {
    vpc,
    subnets: index.subnetsOfVpc(vpc.id).map((subnet) => subnetView(subnet, vpc, index, context)),
    gateway: gatewayView(vpc, index, context),
    peerings: index.peeringsOfVpc(vpc.id).flatMap((peering) => peeringView(peering, vpc, index, context) ?? []),
    hostAccess: hostAccess(vpc, context),
  };
  return { ...view, resolver: resolverView(vpc, view.subnets, view.gateway ? context.host.dnsUpstreams : []) };
}

/** Whether instances of a subnet are routed to the internet gateway at all. */
export const isPublic = ({ table }: SubnetView): boolean => leadsToInternetGateway(table);

function subnetView(subnet: Subnet, vpc: Vpc, index: TopologyIndex, context: CompileContext): SubnetView {
  const { topologyId } = context;
  const middleboxes = index.instancesOfSubnet(subnet.id).filter((instance) => !instance.sourceDestCheck);
  return {
    subnet,
    link: linkName(context, "bridge", subnet.id),
    gateway: formatAddress(gatewayAddress(cidrFrom(subnet.cidr))),
    resolver: resolverAddressIn(subnet, vpc),
    table: routeTableOf(index, subnet),
    acl: networkAclOf(index, subnet),
    forwarders: [
      ...index.natGatewaysOfSubnet(subnet.id).map(({ id }) => macAddress("nat-gateway-inside", topologyId, id)),
      ...middleboxes.map(({ id }) => macAddress("instance-inside", topologyId, id)),
    ].sort(),
  };
}

function gatewayView(vpc: Vpc, index: TopologyIndex, context: CompileContext): GatewayView | null {
  const object = index.gatewayOfVpc(vpc.id);
  if (!object) return null;
  const ends = transitAddresses(slotOf(context, object.id));
  return {
    object,
    link: linkName(context, "gateway-router", object.id),
    routerAddress: ends.near,
    hostAddress: ends.far,
    translations: gatewayTranslations(vpc, index, context),
  };
}

/** null where it carries nothing: not active, or its other topology is not applied here. */
export function peeringView(peering: Peering, vpc: Vpc, index: TopologyIndex, context: CompileContext): PeeringView | null {
  const far = isActive(peering) ? farEnd(peering, vpc, index, context) : null;
  if (!far) return null;
  const isRequester = peering.requesterVpcId === vpc.id;
  const [here, there] = isRequester
    ? (["peering-requester", "peering-accepter"] as const)
    : (["peering-accepter", "peering-requester"] as const);
  const { near, far: other } = transitAddresses(slotOf(context, peering.id));
  return {
    peering,
    // Both ends have names of their own: a veth pair is created inside one namespace before the peer moves out.
    link: linkName(context, here, peering.id),
    mac: macAddress(here, context.topologyId, peering.id),
    creator: isRequester || peering.remote !== null,
    address: isRequester ? near : other,
    peer: {
      cidr: far.cidr,
      address: isRequester ? other : near,
      namespace: far.namespace,
      // From the far end's own topology, so that both documents come to the same names.
      link: interfaceName(there, far.topologyId, peering.id),
      mac: macAddress(there, far.topologyId, peering.id),
    },
  };
}

interface FarEnd {
  readonly cidr: string;
  readonly namespace: string;
  readonly topologyId: string;
}

function farEnd(peering: Peering, vpc: Vpc, index: TopologyIndex, context: CompileContext): FarEnd | null {
  if (peering.remote) {
    const namespace = context.remoteRouters[peering.id];
    return namespace === undefined ? null : { cidr: peering.remote.cidr, namespace, topologyId: peering.remote.topologyId };
  }
  const other = index.vpcById.get(peering.requesterVpcId === vpc.id ? peering.accepterVpcId : peering.requesterVpcId);
  if (!other) return null;
  return { cidr: other.cidr, namespace: routerNamespace(context.topologyName, other.name), topologyId: context.topologyId };
}
