import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import type { Flow } from "@vpclab/shared/analysis/verdict";
import { indexTopology, type TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { Instance, Topology } from "@vpclab/shared/topology/topology";
import { interestingPorts, interestingSourcePorts } from "./interesting-ports";
import type { Random } from "./random";

export type KnownFlow = Flow & { readonly sourcePort: number };

const INTERNET: ProbeEnd = { internet: true };
const PROTOCOLS = ["icmp", "tcp", "udp"] as const;
/** Linux's own range (net.ipv4.ip_local_port_range). */
const EPHEMERAL = { from: 32_768, to: 60_999 };
const PUBLISHED_SHARE = 0.5;
const BORDER_SHARE = 0.25;

interface Pair {
  readonly source: Instance | null;
  readonly destination: Instance | null;
}

/**
 * Flows worth asking about: every ordered pair of instances, and each with the internet, in turns until there are enough;
 * ports by preference where rules begin and end. No source port is used twice, nor is it anybody's destination port: an
 * entry of connection tracking never answers for another flow.
 */
export function chooseFlows(doc: Topology, count: number, random: Random, usedPorts: Set<number>): KnownFlow[] {
  const index = indexTopology(doc);
  const pairs = random.shuffled(pairsOf(doc.instances));
  if (pairs.length === 0) return [];
  const wanted = Array.from({ length: count }, (_, turn) => {
    const pair = pairs[turn % pairs.length] ?? random.pick(pairs);
    const published = pair.source === null && pair.destination ? pair.destination.publishedPorts : [];
    if (published.length > 0 && random.chance(PUBLISHED_SHARE)) return { pair, ...random.pick(published) };
    const protocol = random.pick(PROTOCOLS);
    return { pair, protocol, port: protocol === "icmp" ? null : random.pick(portsFor(index, pair)) };
  });
  const destinations = new Set(wanted.map(({ port }) => port));
  return wanted.map(({ pair, protocol, port }) => {
    const sourcePort = chooseSourcePort(index, pair, random, (candidate) => usedPorts.has(candidate) || destinations.has(candidate));
    usedPorts.add(sourcePort);
    return { source: endOf(pair.source), destination: endOf(pair.destination), protocol, port, sourcePort };
  });
}

const endOf = (instance: Instance | null): ProbeEnd => (instance ? { instanceId: instance.id } : INTERNET);

const pairsOf = (instances: readonly Instance[]): Pair[] => instances.flatMap((source): Pair[] => [
  ...instances.filter((other) => other !== source).map((destination) => ({ source, destination })),
  { source, destination: null },
  { source: null, destination: source },
]);

const portsFor = (index: TopologyIndex, { source, destination }: Pair): number[] =>
  [source, destination].flatMap((end) => (end ? interestingPorts(index, end) : []));

function chooseSourcePort(index: TopologyIndex, { source, destination }: Pair, random: Random, taken: (port: number) => boolean): number {
  if (random.chance(BORDER_SHARE)) {
    const candidates = [source, destination].flatMap((end) => (end ? interestingSourcePorts(index, end) : [])).filter((port) => !taken(port));
    if (candidates.length > 0) return random.pick(candidates);
  }
  for (;;) {
    const port = EPHEMERAL.from + random.below(EPHEMERAL.to - EPHEMERAL.from + 1);
    if (!taken(port)) return port;
  }
}
