import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import type { Flow } from "@vpclab/shared/analysis/verdict";
import { cidrFrom, overlaps } from "@vpclab/shared/net/cidr";
import { indexTopology, type TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { Instance, Topology } from "@vpclab/shared/topology/topology";
import { interestingPorts, interestingSourcePorts } from "./interesting-ports";
import type { Random } from "./random";

export type KnownFlow = Flow & { readonly sourcePort: number };

const INTERNET: ProbeEnd = { internet: true };
const HOST: ProbeEnd = { host: true };
const PROTOCOLS = ["icmp", "tcp", "udp"] as const;
/** Linux's own range (net.ipv4.ip_local_port_range). */
const EPHEMERAL = { from: 32_768, to: 60_999 };
const PUBLISHED_SHARE = 0.5;
const BORDER_SHARE = 0.25;
/** Of a NAT gateway, whom no group names. */
const PORTS = [22, 80, 443];

interface Pair {
  readonly source: ProbeEnd;
  readonly destination: ProbeEnd;
  /** Whose rules say which ports are of interest. */
  readonly instances: readonly Instance[];
}

/**
 * Flows worth asking about: every ordered pair of instances, each with the internet and the host, and public addresses, in turns until
 * there are enough; ports by preference where rules begin and end. No source port is used twice, nor is it anybody's destination port: an
 * entry of connection tracking never answers for another flow.
 */
export function chooseFlows(doc: Topology, count: number, random: Random, usedPorts: Set<number>): KnownFlow[] {
  const index = indexTopology(doc);
  const pairs = random.shuffled([...pairsOf(doc.instances), ...besides(doc, index, random)]);
  if (pairs.length === 0) return [];
  const wanted = Array.from({ length: count }, (_, turn) => {
    const pair = pairs[turn % pairs.length] ?? random.pick(pairs);
    const published = "instanceId" in pair.source && "instanceId" in pair.destination ? [] : pair.instances.at(-1)?.publishedPorts ?? [];
    if (published.length > 0 && random.chance(PUBLISHED_SHARE)) return { pair, ...random.pick(published) };
    const protocol = random.pick(PROTOCOLS);
    return { pair, protocol, port: protocol === "icmp" ? null : random.pick(portsFor(index, pair)) };
  });
  const destinations = new Set(wanted.map(({ port }) => port));
  return wanted.map(({ pair, protocol, port }) => {
    const sourcePort = chooseSourcePort(index, pair, random, (candidate) => usedPorts.has(candidate) || destinations.has(candidate));
    usedPorts.add(sourcePort);
    return { source: pair.source, destination: pair.destination, protocol, port, sourcePort };
  });
}

const endOf = ({ id }: Instance): ProbeEnd => ({ instanceId: id });

const pairsOf = (instances: readonly Instance[]): Pair[] => instances.flatMap((source): Pair[] => [
  ...instances.filter((other) => other !== source).map((destination) => ({ source: endOf(source), destination: endOf(destination), instances: [source, destination] })),
  { source: endOf(source), destination: INTERNET, instances: [source] },
  { source: INTERNET, destination: endOf(source), instances: [source] },
]);

/** The host with each instance; whatever may have a public address, asked for from the internet and by one of the instances. */
function besides(doc: Topology, index: TopologyIndex, random: Random): Pair[] {
  const { instances } = doc;
  if (instances.length === 0) return [];
  const known = instances.filter(({ subnetId }) => isHostsOwnWay(doc, index.subnetById.get(subnetId)?.vpcId));
  return [
    ...instances.map((source): Pair => ({ source: endOf(source), destination: HOST, instances: [source] })),
    ...known.map((destination): Pair => ({ source: HOST, destination: endOf(destination), instances: [destination] })),
    ...[...instances, ...doc.natGateways].flatMap((target): Pair[] => {
      const asker = random.pick(instances);
      const behind = instances.filter(({ id }) => id === target.id);
      const destination = { publicAddressOf: target.id };
      return [{ source: INTERNET, destination, instances: behind }, { source: endOf(asker), destination, instances: [asker, ...behind] }];
    }),
  ];
}

/** Where the host reaches another VPC at the same addresses, what it sends goes there: a host has one table of routes. */
function isHostsOwnWay({ vpcs }: Topology, vpcId: string | undefined): boolean {
  const own = vpcs.find(({ id }) => id === vpcId);
  return own !== undefined && !vpcs.some((other) => other !== own && other.reachableFromHost && overlaps(cidrFrom(other.cidr), cidrFrom(own.cidr)));
}

function portsFor(index: TopologyIndex, { instances }: Pair): number[] {
  const ports = instances.flatMap((instance) => interestingPorts(index, instance));
  return ports.length > 0 ? ports : PORTS;
}

function chooseSourcePort(index: TopologyIndex, { instances }: Pair, random: Random, taken: (port: number) => boolean): number {
  if (random.chance(BORDER_SHARE)) {
    const candidates = instances.flatMap((instance) => interestingSourcePorts(index, instance)).filter((port) => !taken(port));
    if (candidates.length > 0) return random.pick(candidates);
  }
  for (;;) {
    const port = EPHEMERAL.from + random.below(EPHEMERAL.to - EPHEMERAL.from + 1);
    if (!taken(port)) return port;
  }
}
