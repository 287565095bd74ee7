import type { RouterView } from "./router-view";
import type { NftChain, NftRule, NftTable } from "./kernel-state";
import {
  ACCEPT, cameInBy, COUNT, DROP, goesOutBy, isEchoRequest, isIpv6, isReply, MASQUERADE, notFrom, notTo, rule, to,
} from "./nft-rule";

/** nftables priorities by their names in nft(8). */
export const PRIORITY = { raw: -300, filter: 0, srcnat: 100 } as const;
const LINK_LOCAL = "169.254.0.0/16";

/**
 * The packet filter of a VPC's router. Everything that is not named is dropped: between subnets yes, out by the gateway
 * only from public subnets, in by the gateway only answers, over a peering only to and from the VPC's own subnets.
 */
export function routerTable(view: RouterView): NftTable {
  return { name: "vpclab", chains: [guard(view), forwarding(view), incoming(view), ...translation(view)] };
}

/** Before anything else: no IPv6, and on every link only the sources that live behind it (AWS's source check). */
function guard(view: RouterView): NftChain {
  return {
    name: "guard", type: "filter", hook: "prerouting", priority: PRIORITY.raw, policy: "accept",
    rules: [
      rule("ipv6", isIpv6, COUNT, DROP),
      ...view.subnets.map(({ subnet, link }) => rule(subnet.id, cameInBy(link), notFrom(subnet.cidr), COUNT, DROP)),
      ...view.peerings.map(({ peering, link, peer }) => rule(peering.id, cameInBy(link), notFrom(peer.cidr), COUNT, DROP)),
    ],
  };
}

function forwarding(view: RouterView): NftChain {
  const bridges = view.subnets.map(({ link }) => link);
  const publicBridges = view.subnets.filter(({ subnet }) => subnet.type === "public").map(({ link }) => link);
  const rules: NftRule[] = [];
  if (bridges.length > 0) {
    rules.push(rule("local", cameInBy(...bridges), goesOutBy(...bridges), COUNT, ACCEPT));
    for (const { peering, link } of view.peerings) {
      rules.push(rule(peering.id, cameInBy(...bridges), goesOutBy(link), COUNT, ACCEPT));
      rules.push(rule(peering.id, cameInBy(link), goesOutBy(...bridges), COUNT, ACCEPT));
    }
  }
  if (view.gateway && publicBridges.length > 0) {
    const { object, link } = view.gateway;
    rules.push(rule(object.id, cameInBy(...publicBridges), goesOutBy(link), notTo(LINK_LOCAL), COUNT, ACCEPT));
    rules.push(rule(object.id, cameInBy(link), goesOutBy(...publicBridges), isReply, COUNT, ACCEPT));
  }
  return { name: "forwarding", type: "filter", hook: "forward", priority: PRIORITY.filter, policy: "drop", rules };
}

/** What the router itself answers: pings of the VPC's own instances to its gateway addresses. */
function incoming(view: RouterView): NftChain {
  const bridges = view.subnets.map(({ link }) => link);
  const gateways = view.subnets.map(({ gateway }) => gateway);
  const rules = [rule("loopback", cameInBy("lo"), ACCEPT), rule("replies", isReply, ACCEPT)];
  if (bridges.length > 0) rules.push(rule("ping", cameInBy(...bridges), to(...gateways), isEchoRequest, COUNT, ACCEPT));
  return { name: "incoming", type: "filter", hook: "input", priority: PRIORITY.filter, policy: "drop", rules };
}

/** Out by the gateway with its transit address; the host translates that once more, to its own. */
function translation(view: RouterView): NftChain[] {
  if (!view.gateway) return [];
  const { object, link } = view.gateway;
  return [{
    name: "translation", type: "nat", hook: "postrouting", priority: PRIORITY.srcnat, policy: "accept",
    rules: [rule(object.id, goesOutBy(link), COUNT, MASQUERADE)],
  }];
}
