import { cidrFrom, formatAddress } from "../net/cidr";
import { INSTANCE_INTERFACE } from "../net/interface-name";
import { natGatewayNamespace, routerNamespace } from "../net/namespace-name";
import { gatewayAddress } from "../net/subnet-addresses";
import type { NatGateway, Subnet, Vpc } from "../topology/topology";
import type { CompileContext } from "./compile-context";
import { markFor, ownerOf } from "./compile-context";
import { insideLink } from "./compile-instance";
import type { NamespaceState, NftTable } from "./kernel-state";
import { ROUTE_PROTOCOL } from "./kernel-state";
import { MAIN_TABLE } from "./main-table";
import { PRIORITY } from "./nft-priority";
import { ACCEPT, cameInBy, COUNT, DROP, from, fromAddress, goesOutBy, isIpv6, isNew, isReply, ofProtocol, rule } from "./nft-rule";
import { NAT_GATEWAY_SYSCTLS } from "./sysctls";

export interface PlacedNatGateway {
  readonly gateway: NatGateway;
  readonly subnet: Subnet;
  readonly vpc: Vpc;
}

export const namespaceOfNatGateway = ({ gateway, subnet, vpc }: PlacedNatGateway, topologyName: string): string =>
  natGatewayNamespace(topologyName, vpc.name, subnet.name, gateway.name);

/** AWS: a NAT gateway's source ports. */
const PORTS = [1024, 65_535] as const;

/**
 * A NAT gateway: a namespace of its own in its subnet, as an instance is, that forwards with its own address. So what it sends
 * is routed by its subnet's route table and filtered by its subnet's ACL, on the way in and on the way out. Its subnet's firewall
 * does not filter it: that stands in the instances' own namespaces, and what a NAT gateway forwards was judged at its sender.
 */
export function compileNatGateway(placed: PlacedNatGateway, context: CompileContext): NamespaceState {
  const { gateway, subnet, vpc } = placed;
  const namespace = namespaceOfNatGateway(placed, context.topologyName);
  const owner = ownerOf(context, gateway.id);
  const router = { namespace: routerNamespace(context.topologyName, vpc.name), role: "nat-gateway" } as const;
  const subnetCidr = cidrFrom(subnet.cidr);
  return {
    name: namespace,
    owner,
    mark: markFor(context, gateway.id, namespace),
    sysctls: NAT_GATEWAY_SYSCTLS,
    links: [insideLink(gateway, `${gateway.address}/${subnetCidr.length}`, router, context)],
    routes: [{
      type: "unicast", destination: "default", table: MAIN_TABLE, via: formatAddress(gatewayAddress(subnetCidr)),
      dev: INSTANCE_INTERFACE, protocol: ROUTE_PROTOCOL.boot, owner,
    }],
    rules: [],
    nft: natGatewayTable(gateway, vpc),
    workloads: [],
    resolvConf: null,
  };
}

/** Only the VPC itself may open connections through it, and nobody to it. */
function natGatewayTable(gateway: NatGateway, vpc: Vpc): NftTable {
  const link = INSTANCE_INTERFACE;
  return {
    name: "vpclab",
    counters: [],
    sets: [],
    chains: [
      {
        name: "forwarding", type: "filter", hook: "forward", priority: PRIORITY.filter, policy: "drop",
        rules: [
          rule("replies", isReply, COUNT, ACCEPT),
          rule("ipv6", isIpv6, COUNT, DROP),
          rule("own-vpc", cameInBy(link), goesOutBy(link), from(vpc.cidr), isNew, COUNT, ACCEPT),
        ],
      },
      { name: "incoming", type: "filter", hook: "input", priority: PRIORITY.filter, policy: "drop", rules: [] },
      {
        name: "outwards", type: "nat", hook: "postrouting", priority: PRIORITY.srcnat, policy: "accept",
        rules: [
          rule("ports", goesOutBy(link), ofProtocol("tcp", "udp"), COUNT, fromAddress(gateway.address, PORTS)),
          rule("others", goesOutBy(link), COUNT, fromAddress(gateway.address)),
        ],
      },
    ],
  };
}
