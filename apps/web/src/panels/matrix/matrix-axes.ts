import { promises } from "@vpclab/shared/analysis/promises";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import type { HostFacts } from "@vpclab/shared/analysis/verdict";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { PairQuestion } from "../../canvas/editor-api";
import { byName } from "../../canvas/object-name";

/** `listens`: by TCP, at the port where each target's web server is drawn to listen. */
export const MATRIX_KINDS = ["ping", "tcp", "udp", "listens"] as const;
export type MatrixKind = (typeof MATRIX_KINDS)[number];

/** A row and a column of the matrix. */
export interface MatrixEnd {
  /** Instance id, or `internet`. */
  readonly id: string;
  readonly end: ProbeEnd;
  readonly name: string;
  /** null: the internet. */
  readonly address: string | null;
  readonly group: string;
  /** Port that it is asked at; null: nothing is drawn to listen there. */
  readonly listens: number | null;
}

export interface MatrixGroup {
  readonly subnetId: string;
  /** `vpc1/public`. */
  readonly name: string;
  readonly ends: readonly MatrixEnd[];
}

/** At most so many instances stand in it at once: 48 rows and columns are 2,352 pairs. */
export const INSTANCES_MAX = 48;
const WEB_PORT = 80;
export const INTERNET_END: MatrixEnd = { id: "internet", end: { internet: true }, name: "Internet", address: null, group: "", listens: WEB_PORT };

/** All instances by their subnets, as the outline of a drawing has them. */
export function groupsOf({ subnets, instances }: Topology, index: TopologyIndex): MatrixGroup[] {
  const named = subnets.map((subnet) => ({ subnet, name: `${index.vpcById.get(subnet.vpcId)?.name ?? "?"}/${subnet.name}` }));
  return named.sort(byName).map(({ subnet, name }) => ({
    subnetId: subnet.id, name,
    ends: instances.filter(({ subnetId }) => subnetId === subnet.id).sort(byName).map((instance): MatrixEnd => ({
      id: instance.id, end: { instanceId: instance.id }, name: instance.name, address: instance.address, group: name, listens: instance.webServer?.port ?? null,
    })),
  })).filter(({ ends }) => ends.length > 0);
}

export interface ShownEnds {
  /** Instances by subnet, the internet last. */
  readonly ends: readonly MatrixEnd[];
  /** Instances that have no room, of those that were asked for. */
  readonly leftOut: number;
  /** Instances of subnets that were not asked for. */
  readonly notChosen: number;
}

/** `chosen`: ids of subnets; null: all, as far as there is room. */
export function shownEnds(groups: readonly MatrixGroup[], chosen: ReadonlySet<string> | null): ShownEnds {
  const asked = groups.filter(({ subnetId }) => chosen === null || chosen.has(subnetId)).flatMap(({ ends }) => ends);
  const all = groups.reduce((count, { ends }) => count + ends.length, 0);
  return { ends: [...asked.slice(0, INSTANCES_MAX), INTERNET_END], leftOut: Math.max(0, asked.length - INSTANCES_MAX), notChosen: all - asked.length };
}

/** What is sent from one end to the other; null: nothing is asked there. */
export function questionOf(from: MatrixEnd, to: MatrixEnd, kind: MatrixKind, port: number | null): PairQuestion | null {
  if (from.id === to.id) return null;
  const ends = { source: from.end, destination: to.end };
  if (kind === "ping") return { ...ends, kind, port: null };
  if (kind === "listens") return to.listens === null ? null : { ...ends, kind: "tcp", port: to.listens };
  return port === null ? null : { ...ends, kind, port };
}

/** What the drawing promises, by `source destination` of ids. */
export function intendedOf(document: Topology, host: HostFacts, ends: readonly MatrixEnd[], kind: MatrixKind, port: number | null): ReadonlyMap<string, boolean> {
  const instanceIds = ends.filter(({ address }) => address !== null).map(({ id }) => id);
  const idOf = (end: ProbeEnd): string => ("internet" in end ? INTERNET_END.id : end.instanceId);
  const found = new Map<string, boolean>();
  const ports = kind === "listens" ? [...new Set(ends.map(({ listens }) => listens))] : [port];
  const listens = new Map(ends.map((end) => [end.id, end.listens]));
  for (const asked of ports) {
    if (kind !== "ping" && asked === null) continue;
    const protocol = kind === "ping" ? "icmp" : kind === "udp" ? "udp" : "tcp";
    for (const { source, destination, reachable } of promises(document, host, { protocol, port: kind === "ping" ? null : asked, instanceIds })) {
      if (kind === "listens" && listens.get(idOf(destination)) !== asked) continue;
      found.set(`${idOf(source)} ${idOf(destination)}`, reachable);
    }
  }
  return found;
}
