import { gatewayRanges } from "./gateway-ranges";
import type { NftBaseChain, NftChain, NftRegularChain, NftRule, NftTable } from "./kernel-state";
import { aclChain, compileNetworkAcl } from "./compile-network-acl";
import { questions, resolverChains } from "./compile-resolver-filter";
import { routerTranslation } from "./compile-router-translation";
import { PRIORITY } from "./nft-priority";
import {
  ACCEPT, byInLink, byOutLink, cameInBy, COUNT, DROP, from, goesOutBy, isEchoRequest, isIpv6, isReply, isTranslatedInwards, jump, notFrom,
  notFromMac, notTo, notToAny, rule, to, UNTRACKED,
} from "./nft-rule";
import type { GatewayView, RouterView, SubnetView } from "./router-view";
import { isPublic } from "./router-view";

const LINK_LOCAL = "169.254.0.0/16";

/**
 * The packet filter of a VPC's router. Everything that is not named is dropped: between subnets as their ACLs allow, out by
 * the gateway and in by it as its translations allow, over a peering only to and from the VPC's own subnets, from the host where
 * the VPC's switch says so.
 */
export function routerTable(view: RouterView): NftTable {
  const acls = [...new Map(view.subnets.map(({ acl }) => [acl.id, acl])).values()].map(compileNetworkAcl);
  const guards = guardChains(view);
  return {
    name: "vpclab",
    counters: acls.flatMap((acl) => acl.counters),
    sets: [],
    chains: [...acls.flatMap((acl) => acl.chains), ...guards, forwarding(view), incoming(view), ...resolverChains(view), ...routerTranslation(view)],
  };
}

const sourceChain = (objectId: string): string => `from-${objectId}`;

/**
 * Before anything else: no IPv6, and on every link only the sources that live behind it (AWS's source check). The connection
 * table is for what passes the gateway, where addresses are translated: all else is stateless here, as ACLs are, and a packet
 * that passes twice (to a middlebox and on) is not taken for one that was translated already.
 */
function guardChains(view: RouterView): NftChain[] {
  const { vpc, gateway, hostAccess } = view;
  const links: { id: string; link: string; rules: NftRule[] }[] = [
    ...view.subnets.map((subnet) => ({ id: subnet.subnet.id, link: subnet.link, rules: subnetGuard(view, subnet) })),
    ...view.peerings.map(({ peering, link, peer }) => ({
      id: peering.id, link, rules: [rule(peering.id, notFrom(peer.cidr), COUNT, DROP), rule("untracked", UNTRACKED)],
    })),
    ...(gateway ? [{ id: gateway.object.id, link: gateway.link, rules: [rule(gateway.object.id, from(vpc.cidr), COUNT, DROP)] }] : []),
    ...(hostAccess ? [{ id: vpc.id, link: hostAccess.link, rules: [rule("host", notFrom(hostAccess.hostAddress), COUNT, DROP)] }] : []),
  ];
  const chains = links.map(({ id, rules }): NftRegularChain => ({ name: sourceChain(id), type: null, rules }));
  const guard: NftBaseChain = {
    name: "guard", type: "filter", hook: "prerouting", priority: PRIORITY.raw, policy: "accept",
    rules: [
      rule("ipv6", isIpv6, COUNT, DROP),
      ...byInLink("sources", links.map(({ id, link }) => [link, jump(sourceChain(id))] as const)),
    ],
  };
  return [...chains, guard];
}

function subnetGuard({ vpc, gateway, hostAccess }: RouterView, { subnet, table, forwarders }: SubnetView): NftRule[] {
  const unless = forwarders.length > 0 ? [notFromMac(...forwarders)] : [];
  const throughGateway = gateway ? gatewayRanges(vpc, table) : [];
  const elsewhere = throughGateway.length > 0 ? [notToAny(throughGateway)] : [];
  // Only what the host asked for is let out to it, so those connections are known here.
  const answers = hostAccess ? [rule("host", to(hostAccess.hostAddress), ACCEPT)] : [];
  return [rule(subnet.id, notFrom(subnet.cidr), ...unless, COUNT, DROP), ...answers, rule("untracked", ...elsewhere, UNTRACKED)];
}

function forwarding(view: RouterView): NftChain {
  const bridges = view.subnets.map(({ link }) => link);
  const rules: NftRule[] = [...fromHost(view, bridges), ...gates(view)];
  if (bridges.length > 0) {
    rules.push(rule("local", cameInBy(...bridges), goesOutBy(...bridges), COUNT, ACCEPT));
    for (const { peering, link } of view.peerings) {
      rules.push(rule(peering.id, cameInBy(...bridges), goesOutBy(link), COUNT, ACCEPT));
      rules.push(rule(peering.id, cameInBy(link), goesOutBy(...bridges), COUNT, ACCEPT));
    }
    if (view.gateway) rules.push(...throughGateway(view, view.gateway, bridges));
  }
  return { name: "forwarding", type: "filter", hook: "forward", priority: PRIORITY.filter, policy: "drop", rules };
}

/**
 * The host's own connections and their answers. Before the ACLs, which decide among drawn things as groups do: whether the
 * host gets in is said by the VPC's switch alone. A subnet's firewall applies to it (compile-instance-table.ts).
 */
function fromHost({ hostAccess }: RouterView, bridges: readonly string[]): NftRule[] {
  if (!hostAccess || bridges.length === 0) return [];
  return [
    rule("host", cameInBy(hostAccess.link), goesOutBy(...bridges), COUNT, ACCEPT),
    rule("host", cameInBy(...bridges), goesOutBy(hostAccess.link), isReply, COUNT, ACCEPT),
  ];
}

/**
 * ACLs: out of the subnet that a packet leaves, then into the one that it enters. Who sends by a NAT gateway or a middlebox of
 * the own subnet does not leave it, although the packet passes the router.
 */
function gates({ subnets }: RouterView): NftRule[] {
  const within = subnets.filter(({ forwarders }) => forwarders.length > 0)
    .map(({ subnet, link }) => rule(subnet.id, cameInBy(link), goesOutBy(link), COUNT, ACCEPT));
  return [
    ...within,
    ...byInLink("acl-out", subnets.map(({ link, acl }) => [link, jump(aclChain(acl, "egress"))] as const)),
    ...byOutLink("acl-in", subnets.map(({ link, acl }) => [link, jump(aclChain(acl, "ingress"))] as const)),
  ];
}

function throughGateway(view: RouterView, { object, link, translations }: GatewayView, bridges: readonly string[]): NftRule[] {
  const outward = view.subnets.filter(isPublic).map((subnet) => subnet.link);
  const mayLeave = translations.masquerade ? [view.vpc.cidr] : translations.publicAddresses.map(({ privateAddress }) => privateAddress).sort();
  const rules = [
    rule(object.id, cameInBy(link), goesOutBy(...bridges), isReply, COUNT, ACCEPT),
    rule(object.id, cameInBy(link), goesOutBy(...bridges), isTranslatedInwards, COUNT, ACCEPT),
  ];
  if (outward.length > 0 && mayLeave.length > 0) {
    rules.push(rule(object.id, cameInBy(...outward), goesOutBy(link), from(...mayLeave), notTo(LINK_LOCAL), COUNT, ACCEPT));
  }
  return rules;
}

/** What the router itself answers: pings of the VPC's own instances to its gateway addresses, and their questions for names. */
function incoming(view: RouterView): NftChain {
  const bridges = view.subnets.map(({ link }) => link);
  const gateways = view.subnets.map(({ gateway }) => gateway);
  const rules = [rule("loopback", cameInBy("lo"), ACCEPT), rule("replies", isReply, ACCEPT)];
  if (bridges.length > 0) rules.push(rule("ping", cameInBy(...bridges), to(...gateways), isEchoRequest, COUNT, ACCEPT), ...questions(view));
  return { name: "incoming", type: "filter", hook: "input", priority: PRIORITY.filter, policy: "drop", rules };
}
