import { macAddress } from "../net/interface-name";
import { routerNamespace } from "../net/namespace-name";
import type { InternetGateway, Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { CompileContext } from "./compile-context";
import { linkName, markFor, ownerOf, slotOf } from "./compile-context";
import { PRIORITY } from "./compile-router-table";
import { HOST_NAMESPACE, type Link, type NamespaceState, type NftTable } from "./kernel-state";
import {
  ACCEPT, cameInBy, COUNT, DROP, from, goesNotOutBy, goesOutBy, isIpv6, isReply, MASQUERADE, rule, to,
} from "./nft-rule";
import { TRANSIT_CIDR, transitAddresses } from "./transit";

/** Where a VPC has no business even with an internet gateway: the networks behind the host. */
const NOT_THE_INTERNET = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/** Object id of what belongs to no single drawn object: the host's own table. */
export const HOST_OBJECT_ID = "host";

/** The host's part: an end of each gateway's link, forwarding on just those links and the uplink, and one table. */
export function compileHost(doc: Topology, index: TopologyIndex, context: CompileContext): NamespaceState {
  const links = doc.internetGateways.map((gateway) => hostLink(gateway, index, context));
  const allLinks = [...links.map((link) => link.name), ...context.host.otherGatewayLinks].sort();
  const forwarding = (link: string) => `net/ipv4/conf/${link}/forwarding`;
  const { uplink, uplinkForwardingBefore } = context.host;
  return {
    name: HOST_NAMESPACE,
    owner: ownerOf(context, HOST_OBJECT_ID),
    mark: "",
    sysctls: {
      [forwarding(uplink)]: allLinks.length > 0 ? "1" : uplinkForwardingBefore,
      ...Object.fromEntries(links.map((link) => [forwarding(link.name), "1"])),
    },
    links,
    routes: [],
    rules: [],
    nft: allLinks.length > 0 ? hostTable(allLinks, uplink) : null,
    workloads: [],
  };
}

function hostLink(gateway: InternetGateway, index: TopologyIndex, context: CompileContext): Link {
  const vpc = index.vpcById.get(gateway.vpcId);
  return {
    kind: "veth",
    name: linkName(context, "gateway-host", gateway.id),
    mac: macAddress("gateway-host", context.topologyId, gateway.id),
    alias: markFor(context, gateway.id, gateway.name),
    owner: ownerOf(context, gateway.id),
    peer: {
      namespace: routerNamespace(context.topologyName, vpc?.name ?? ""),
      name: linkName(context, "gateway-router", gateway.id),
    },
    creator: true,
    master: null,
    addresses: [`${transitAddresses(slotOf(context, gateway.id)).far}/31`],
  };
}

/**
 * Policies are `accept`: the host's other traffic is none of our business. What comes from a VPC may leave by the uplink
 * towards the internet and nowhere else; what goes to a VPC must be an answer; the host itself is closed to VPCs.
 */
function hostTable(links: readonly string[], uplink: string): NftTable {
  return {
    name: "vpclab",
    chains: [
      {
        name: "forwarding", type: "filter", hook: "forward", priority: PRIORITY.filter, policy: "accept",
        rules: [
          rule("ipv6", cameInBy(...links), isIpv6, COUNT, DROP),
          rule("only-uplink", cameInBy(...links), goesNotOutBy(uplink), COUNT, DROP),
          rule("not-internet", cameInBy(...links), to(...NOT_THE_INTERNET), COUNT, DROP),
          rule("replies", goesOutBy(...links), isReply, COUNT, ACCEPT),
          rule("unasked", goesOutBy(...links), COUNT, DROP),
        ],
      },
      {
        name: "incoming", type: "filter", hook: "input", priority: PRIORITY.filter, policy: "accept",
        rules: [rule("host-closed", cameInBy(...links), COUNT, DROP)],
      },
      {
        name: "translation", type: "nat", hook: "postrouting", priority: PRIORITY.srcnat, policy: "accept",
        rules: [rule("masquerade", goesOutBy(uplink), from(TRANSIT_CIDR), COUNT, MASQUERADE)],
      },
    ],
  };
}
