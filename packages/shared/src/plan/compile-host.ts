import { macAddress } from "../net/interface-name";
import { routerNamespace } from "../net/namespace-name";
import type { InternetGateway, Topology, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology } from "../topology/topology-index";
import type { CompileContext, HostGateway } from "./compile-context";
import { linkName, markFor, ownerOf, slotOf } from "./compile-context";
import { hostTable } from "./compile-host-table";
import type { TranslationContext } from "./gateway-translations";
import { gatewaysWithVpc, gatewayTranslations } from "./gateway-translations";
import { accessLinkOfHost, accessRouteOfHost, hostAccess, hostAccessLink, reachableVpcs } from "./host-access";
import { HOST_NAMESPACE, type Link, type NamespaceState, ROUTE_PROTOCOL, type Route } from "./kernel-state";
import { MAIN_TABLE } from "./main-table";
import { transitAddresses } from "./transit";

/** Object id of what belongs to no single drawn object: the host's own table. */
export const HOST_OBJECT_ID = "host";

/**
 * The host's part: an end of each gateway's link, forwarding on just those links and the uplink, a route to each public
 * address, a link and a route to each VPC that it may reach itself, and one table for all topologies.
 */
export function compileHost(doc: Topology, index: TopologyIndex, context: CompileContext): NamespaceState {
  const placed = gatewaysWithVpc(doc, index);
  const links = placed.map(({ gateway, vpc }) => hostLink(gateway, vpc, context));
  const gateways = [...hostGateways(doc, context, index), ...context.host.otherGateways].sort((a, b) => (a.link < b.link ? -1 : 1));
  const reached = doc.vpcs.flatMap((vpc) => {
    const access = hostAccess(vpc, context);
    return access ? [{ link: accessLinkOfHost(vpc, access, context), route: accessRouteOfHost(vpc, access, context) }] : [];
  });
  const accessLinks = [...reached.map(({ link }) => link.name), ...context.host.otherAccessLinks].sort();
  const forwarding = (link: string) => `net/ipv4/conf/${link}/forwarding`;
  const { uplink, uplinkForwardingBefore } = context.host;
  return {
    name: HOST_NAMESPACE,
    owner: ownerOf(context, HOST_OBJECT_ID),
    mark: "",
    sysctls: {
      [forwarding(uplink)]: gateways.length > 0 ? "1" : uplinkForwardingBefore,
      ...Object.fromEntries(links.map((link) => [forwarding(link.name), "1"])),
      ...Object.fromEntries(reached.map(({ link }) => [forwarding(link.name), "0"])),
    },
    links: [...links, ...reached.map(({ link }) => link)],
    routes: [...placed.flatMap(({ gateway, vpc }) => publicRoutes(gateway, vpc, index, context)), ...reached.map(({ route }) => route)],
    rules: [],
    nft: gateways.length + accessLinks.length > 0 ? hostTable({ gateways, accessLinks, uplink }) : null,
    workloads: [],
    resolvConf: null,
  };
}

type GatewayContext = TranslationContext & Pick<CompileContext, "topologyId" | "slots">;

/** A document's gateways as the host sees them: for its own table, and for `otherGateways` of all other topologies. */
export function hostGateways(doc: Topology, context: GatewayContext, index: TopologyIndex = indexTopology(doc)): HostGateway[] {
  return gatewaysWithVpc(doc, index).map(({ gateway, vpc }) => {
    const { publicAddresses, publishedPorts } = gatewayTranslations(vpc, index, context);
    return {
      link: linkName(context, "gateway-host", gateway.id),
      routerAddress: transitAddresses(slotOf(context, gateway.id)).near,
      publicAddresses: publicAddresses.map(({ address }) => address),
      publishedPorts: publishedPorts.map(({ protocol, hostPort }) => ({ protocol, hostPort })),
    };
  });
}

/** Links to a document's VPCs that the host may reach, for the one table when another topology is compiled. */
export const hostAccessLinks = (doc: Topology, topologyId: string): string[] =>
  reachableVpcs(doc).map((vpc) => hostAccessLink(vpc, { topologyId }));

function hostLink(gateway: InternetGateway, vpc: Vpc, context: CompileContext): Link {
  return {
    kind: "veth",
    name: linkName(context, "gateway-host", gateway.id),
    mac: macAddress("gateway-host", context.topologyId, gateway.id),
    alias: markFor(context, gateway.id, gateway.name),
    owner: ownerOf(context, gateway.id),
    peer: {
      namespace: routerNamespace(context.topologyName, vpc.name),
      name: linkName(context, "gateway-router", gateway.id),
      mac: macAddress("gateway-router", context.topologyId, gateway.id),
    },
    creator: true,
    master: null,
    addresses: [`${transitAddresses(slotOf(context, gateway.id)).far}/31`],
  };
}

const publicRoutes = (gateway: InternetGateway, vpc: Vpc, index: TopologyIndex, context: CompileContext): Route[] =>
  gatewayTranslations(vpc, index, context).publicAddresses.map(({ address, ownerId }) => ({
    type: "unicast", destination: address, table: MAIN_TABLE, via: transitAddresses(slotOf(context, gateway.id)).near,
    dev: linkName(context, "gateway-host", gateway.id), protocol: ROUTE_PROTOCOL.vpclab, owner: ownerOf(context, ownerId),
  }));
