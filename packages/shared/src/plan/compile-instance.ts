import { cidrFrom, containsCidr, formatAddress } from "../net/cidr";
import { INSTANCE_INTERFACE, interfaceName, macAddress } from "../net/interface-name";
import { instanceNamespace, routerNamespace } from "../net/namespace-name";
import { gatewayAddress } from "../net/subnet-addresses";
import { routeTableOf } from "../topology/effective";
import type { Instance, NatGateway, Subnet, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { markFor, ownerOf } from "./compile-context";
import type { InstanceFilters } from "./compile-instance-table";
import { instanceTable } from "./compile-instance-table";
import { EVERYWHERE } from "../topology/subnet-routing";
import { resolvConfText } from "./compile-resolver";
import { destinationOf } from "./compile-routes";
import { hostAccess } from "./host-access";
import type { Link, NamespaceState, Route } from "./kernel-state";
import { ROUTE_PROTOCOL } from "./kernel-state";
import { MAIN_TABLE } from "./main-table";
import { peeringView } from "./router-view";
import { resolverAddressesOf } from "./resolver-view";
import { INSTANCE_SYSCTLS, MIDDLEBOX_SYSCTLS } from "./sysctls";

export interface PlacedInstance {
  readonly instance: Instance;
  readonly subnet: Subnet;
  readonly vpc: Vpc;
}

export const namespaceOfInstance = ({ instance, subnet, vpc }: PlacedInstance, topologyName: string): string =>
  instanceNamespace(topologyName, vpc.name, subnet.name, instance.name);

/**
 * An instance: a namespace with one interface in its subnet, a default route to the subnet's router, its security groups and
 * its subnet's firewall as the namespace's own packet filter, and its workload.
 */
export function compileInstance(
  placed: PlacedInstance, filters: InstanceFilters, index: TopologyIndex, context: CompileContext,
): NamespaceState {
  const { instance, subnet, vpc } = placed;
  const namespace = namespaceOfInstance(placed, context.topologyName);
  const subnetCidr = cidrFrom(subnet.cidr);
  const gateway = formatAddress(gatewayAddress(subnetCidr));
  const owner = ownerOf(context, instance.id);
  const mark = markFor(context, instance.id, namespace);
  const router = { namespace: routerNamespace(context.topologyName, vpc.name), role: "instance" } as const;
  return {
    name: namespace,
    owner,
    mark,
    sysctls: instance.sourceDestCheck ? INSTANCE_SYSCTLS : MIDDLEBOX_SYSCTLS,
    links: [insideLink(instance, `${instance.address}/${subnetCidr.length}`, router, context)],
    routes: [
      { ...byGateway(gateway), destination: "default", owner },
      ...peeringRoutes(placed, index, context).map((route) => ({ ...byGateway(gateway), ...route })),
    ],
    rules: [],
    nft: instanceTable(instance, [gateway, ...resolverAddressesOf(vpc, index)], filters, hostAccess(vpc, context)?.hostAddress ?? null),
    workloads: instance.webServer
      ? [{ kind: "web-server", port: instance.webServer.port, label: namespace, owner }]
      : [],
    resolvConf: vpc.dnsSupport ? resolvConfText(mark, gateway, vpc, subnet) : null,
  };
}

const byGateway = (gateway: string) =>
  ({ type: "unicast", table: MAIN_TABLE, via: gateway, dev: INSTANCE_INTERFACE, protocol: ROUTE_PROTOCOL.boot } as const);

/** The end of an instance's or NAT gateway's link in its own namespace. */
export function insideLink(
  object: Instance | NatGateway, address: string, router: { namespace: string; role: "instance" | "nat-gateway" }, context: CompileContext,
): Link {
  const { namespace, role } = router;
  return {
    kind: "veth",
    name: INSTANCE_INTERFACE,
    mac: macAddress(`${role}-inside`, context.topologyId, object.id),
    alias: markFor(context, object.id, object.name),
    owner: ownerOf(context, object.id),
    peer: {
      namespace,
      name: interfaceName(role, context.topologyId, object.id),
      mac: macAddress(role, context.topologyId, object.id),
    },
    creator: false,
    master: null,
    addresses: [address],
  };
}

/**
 * Routes of the subnet's table to peerings that carry something. They take the same path as the default route; they are there
 * so that `ip route` inside an instance shows the peering.
 */
function peeringRoutes({ subnet, vpc }: PlacedInstance, index: TopologyIndex, context: CompileContext): Pick<Route, "destination" | "owner">[] {
  const local = cidrFrom(vpc.cidr);
  return routeTableOf(index, subnet).routes.flatMap(({ destination, target }) => {
    const peering = target.kind === "peering" ? index.peeringById.get(target.id) : undefined;
    const isShown = destination !== EVERYWHERE && !containsCidr(local, cidrFrom(destination));
    if (!peering || !isShown || !peeringView(peering, vpc, index, context)) return [];
    return [{ destination: destinationOf(destination), owner: ownerOf(context, peering.id) }];
  });
}
