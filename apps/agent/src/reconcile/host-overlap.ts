import { cidrFrom, cidrOf, containsCidr, overlaps, parseAddress } from "@vpclab/shared/net/cidr";
import type { Cidr } from "@vpclab/shared/net/cidr";
import { NOT_THE_INTERNET } from "@vpclab/shared/plan/compile-host-table";
import { reachableVpcs } from "@vpclab/shared/plan/host-access";
import type { HostNetwork } from "@vpclab/shared/plan/kernel";
import type { SeenNamespace } from "@vpclab/shared/plan/kernel-state";
import { ROUTE_PROTOCOL } from "@vpclab/shared/plan/kernel-state";
import { parseMark } from "@vpclab/shared/plan/mark";
import { TRANSIT_CIDR } from "@vpclab/shared/plan/transit";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Blocked } from "./blocked";
import type { Goal, Site } from "./site";

const TRANSIT = cidrFrom(TRANSIT_CIDR);
/** The host's way to everything else is its default route, which no VPC may cut short. */
const PRIVATE = NOT_THE_INTERNET.map(cidrFrom);

/**
 * VPCs that the host may reach by their switch, but whose addresses it knows already: a route to them would take over
 * somebody's network. Own routes of this topology do not count, those of another one do: who was there first, stays.
 */
export async function overlappingHost(document: Topology, goal: Goal, site: Site, host: SeenNamespace | undefined): Promise<Map<string, Blocked>> {
  const vpcs = reachableVpcs(document);
  if (vpcs.length === 0) return new Map();
  const known = (await site.kernel.hostNetworks()).map((network) => ({ network, cidr: networkOf(network.destination), owner: ownerOf(network, site, host) }));
  const foreign = known.filter(({ cidr, owner }) => owner !== goal.topologyId && !containsCidr(TRANSIT, cidr));
  return new Map(vpcs.flatMap((vpc): [string, Blocked][] => {
    if (!PRIVATE.some((range) => containsCidr(range, cidrFrom(vpc.cidr)))) return [[vpc.id, { state: "failed", code: "HOST_OVERLAP", reason: publicReason(vpc.cidr) }]];
    const found = foreign.find(({ cidr }) => overlaps(cidr, cidrFrom(vpc.cidr)));
    return found ? [[vpc.id, { state: "failed", code: "HOST_OVERLAP", reason: reasonOf(vpc.cidr, found, site.others(goal.topologyId)) }]] : [];
  }));
}

/** Topology whose route it is; null for everybody else's. */
function ownerOf({ dev, protocol }: HostNetwork, { agentId }: Site, host: SeenNamespace | undefined): string | null {
  if (protocol !== ROUTE_PROTOCOL.vpclab) return null;
  const mark = parseMark(host?.links.find((link) => link.name === dev)?.alias ?? "");
  return mark?.agentId === agentId ? mark.topologyId : null;
}

const publicReason = (cidr: string): string =>
  `The host cannot reach ${cidr}: these are addresses of the internet, which it would lose. Choose a private range, such as 10.0.0.0/16; the VPC itself is not concerned.`;

function reasonOf(
  cidr: string, { network, owner }: { readonly network: HostNetwork; readonly owner: string | null }, others: ReturnType<Site["others"]>,
): string {
  const route = `${network.destination}${network.dev === null ? "" : ` dev ${network.dev}`}`;
  const whose = others.find(({ topologyId }) => topologyId === owner);
  const what = whose ? `the host already reaches a VPC of topology “${whose.name}” there` : "the host already has a network there";
  return `The host cannot reach ${cidr}: ${what} (${route}). Switch one of the two off, or choose other addresses; the VPC itself is not concerned.`;
}

/** A route's destination, or an address with the length of its network. */
function networkOf(destination: string): Cidr {
  const [address = "", length = "32"] = destination.split("/");
  return cidrOf(parseAddress(address) ?? 0, Number(length));
}
