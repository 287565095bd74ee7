import type { HostGateway } from "./compile-context";
import type { NftChain, NftRegularChain, NftRule, NftTable } from "./kernel-state";
import { PRIORITY } from "./nft-priority";
import {
  ACCEPT, byInLink, byOutLink, cameInBy, COUNT, DROP, from, goesNotOutBy, goesOutBy, goto, isForThisHost, isIpv6, isReply,
  isTranslatedInwards, MASQUERADE, notFrom, rule, setMark, to, toAddress, toPort,
} from "./nft-rule";
import { TRANSIT_CIDR } from "./transit";

/** Where a VPC has no business even with an internet gateway: the networks behind the host. */
export const NOT_THE_INTERNET = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * Mark on every forwarded packet that our table has accepted (the letters `vplb`): where another firewall of the host drops
 * forwarded traffic by policy, one rule of it that accepts this mark lets ours through and nothing else.
 */
export const ACCEPTED_MARK = 0x76706c62;

/** Everything of all topologies that hangs on the host; each list sorted by link. */
export interface HostLinks {
  readonly gateways: readonly HostGateway[];
  /** Host ends of links to VPCs that the host itself may reach (host-access.ts). */
  readonly accessLinks: readonly string[];
  readonly uplink: string;
}

/**
 * The host's one table, for all topologies. Policies are `accept`: the host's other traffic is none of our business. What
 * comes from a VPC may leave by the uplink towards the internet and nowhere else, with its own addresses only; what goes to a
 * VPC must be an answer or have been let in by name; the host itself is closed to VPCs. By an access link the host's own
 * connections go out and their answers come back: nothing is ever forwarded over one, in either direction.
 */
export function hostTable({ gateways, accessLinks, uplink }: HostLinks): NftTable {
  const links = [...gateways.map(({ link }) => link), ...accessLinks];
  const noWayThrough = accessLinks.length === 0 ? [] :
    [cameInBy(...accessLinks), goesOutBy(...accessLinks)].map((byAccess) => rule("no-way-through", byAccess, COUNT, DROP));
  const answers = accessLinks.length === 0 ? [] : [rule("replies", cameInBy(...accessLinks), isReply, COUNT, ACCEPT)];
  return {
    name: "vpclab",
    counters: [],
    sets: [],
    chains: [
      ...gateways.flatMap((gateway) => [outOf(gateway, uplink), into(gateway, uplink)]),
      {
        name: "forwarding", type: "filter", hook: "forward", priority: PRIORITY.beforeFilter, policy: "accept",
        rules: [
          ...noWayThrough,
          ...byInLink("from-vpcs", gateways.map(({ link }) => [link, goto(`from-${link}`)] as const)),
          ...byOutLink("to-vpcs", gateways.map(({ link }) => [link, goto(`to-${link}`)] as const)),
        ],
      },
      {
        name: "incoming", type: "filter", hook: "input", priority: PRIORITY.beforeFilter, policy: "accept",
        rules: [...answers, rule("host-closed", cameInBy(...links), COUNT, DROP)],
      },
      ...(gateways.length > 0 ? translation(gateways, uplink) : []),
    ],
  };
}

const PASS = [COUNT, setMark(ACCEPTED_MARK), ACCEPT] as const;

function outOf({ link, routerAddress, publicAddresses }: HostGateway, uplink: string): NftRegularChain {
  return {
    name: `from-${link}`, type: null,
    rules: [
      rule("ipv6", isIpv6, COUNT, DROP),
      rule("only-uplink", goesNotOutBy(uplink), COUNT, DROP),
      rule("own-addresses", notFrom(...[routerAddress, ...publicAddresses].sort()), COUNT, DROP),
      // Before the next rule: who asked may well live in the networks behind the host.
      rule("replies", isReply, ...PASS),
      rule("not-internet", to(...NOT_THE_INTERNET), COUNT, DROP),
      rule("internet", ...PASS),
    ],
  };
}

function into({ link, routerAddress, publicAddresses, publishedPorts }: HostGateway, uplink: string): NftRegularChain {
  const asked: NftRule[] = [];
  if (publicAddresses.length > 0) asked.push(rule("public", cameInBy(uplink), to(...[...publicAddresses].sort()), ...PASS));
  if (publishedPorts.length > 0) asked.push(rule("published", cameInBy(uplink), to(routerAddress), isTranslatedInwards, ...PASS));
  return {
    name: `to-${link}`, type: null,
    rules: [rule("ipv6", isIpv6, COUNT, DROP), rule("replies", isReply, ...PASS), ...asked, rule("unasked", COUNT, DROP)],
  };
}

/** Whether a table lets anything through the host: one that is there for access links alone does not. */
export const forwardsForVpcs = (table: NftTable | null): boolean => table?.chains.some(({ name }) => name === OUTWARDS) ?? false;

const OUTWARDS = "outwards";

function translation(gateways: readonly HostGateway[], uplink: string): NftChain[] {
  const published = gateways.flatMap(({ routerAddress, publishedPorts }) => publishedPorts.map(({ protocol, hostPort }) =>
    rule("published", cameInBy(uplink), isForThisHost, toPort(protocol, hostPort), COUNT, toAddress(routerAddress, hostPort))));
  return [
    { name: "inwards", type: "nat", hook: "prerouting", priority: PRIORITY.dstnat, policy: "accept", rules: published },
    {
      name: OUTWARDS, type: "nat", hook: "postrouting", priority: PRIORITY.srcnat, policy: "accept",
      rules: [rule("masquerade", goesOutBy(uplink), from(TRANSIT_CIDR), COUNT, MASQUERADE)],
    },
  ];
}
