import type { Peering, Topology } from "@vpclab/shared/topology/topology";

/** One of the topologies that are applied side by side. */
export interface Part {
  readonly topologyId: string;
  readonly name: string;
  readonly document: Topology;
}

export const PART_NAMES = ["default", "lab2"] as const;
export const partId = (index: number): string => `00000000-0000-4000-8000-00000000abc${index}`;

export const newParts = (documents: readonly Topology[]): Part[] =>
  documents.map((document, index) => ({ topologyId: partId(index), name: PART_NAMES[index] ?? "", document: withoutPortsOf(document, documents.slice(0, index)) }));

export function withDocument(parts: readonly Part[], index: number, document: Topology): Part[] {
  const others = parts.filter((_, at) => at !== index).map((part) => part.document);
  return parts.map((part, at) => (at === index ? { ...part, document: withoutPortsOf(document, others) } : part));
}

/** A port of the host belongs to one topology: what others publish already is not published a second time. */
function withoutPortsOf(document: Topology, others: readonly Topology[]): Topology {
  const taken = new Set(others.flatMap(({ instances }) => instances.flatMap(({ publishedPorts }) => publishedPorts.map(({ protocol, hostPort }) => `${protocol} ${hostPort}`))));
  const instances = document.instances.map((instance) => ({
    ...instance, publishedPorts: instance.publishedPorts.filter(({ protocol, hostPort }) => !taken.has(`${protocol} ${hostPort}`)),
  }));
  return { ...document, instances };
}

/**
 * All parts as one document, for the analysis: a peering between two of them is like one inside a document, active where both
 * say so.
 */
export function wholeOf(parts: readonly Part[]): Topology {
  const [first, ...others] = parts.map(({ document }) => document);
  if (!first) throw new Error("no topology");
  const all = others.reduce((whole, other): Topology => ({
    ...whole,
    vpcs: [...whole.vpcs, ...other.vpcs], subnets: [...whole.subnets, ...other.subnets], instances: [...whole.instances, ...other.instances],
    internetGateways: [...whole.internetGateways, ...other.internetGateways], natGateways: [...whole.natGateways, ...other.natGateways],
    elasticIps: [...whole.elasticIps, ...other.elasticIps], routeTables: [...whole.routeTables, ...other.routeTables],
    securityGroups: [...whole.securityGroups, ...other.securityGroups], networkAcls: [...whole.networkAcls, ...other.networkAcls],
    peerings: [...whole.peerings, ...other.peerings],
  }), first);
  const halves = new Map<string, Peering[]>();
  for (const peering of all.peerings) halves.set(peering.id, [...(halves.get(peering.id) ?? []), peering]);
  return { ...all, peerings: [...halves.values()].flatMap(joined) };
}

function joined(halves: readonly Peering[]): Peering[] {
  const [one, other] = halves;
  if (!one?.remote) return [...halves];
  const active = other !== undefined && halves.every(({ status }) => status === "active");
  return [{ ...one, remote: null, status: active ? "active" : "pending-acceptance" }];
}
