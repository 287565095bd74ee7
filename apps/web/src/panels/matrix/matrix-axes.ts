import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { isProbePair } from "@vpclab/shared/analysis/probe";
import { promisesOf } from "@vpclab/shared/analysis/promises";
import type { HostFacts } from "@vpclab/shared/analysis/verdict";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { PairQuestion } from "../../canvas/state/editor-api";
import { byName, objectName } from "../../canvas/scene/object-name";
import { keyOfEnd, publicKey } from "../../canvas/state/probe-end-key";
import { HOST_ID, INTERNET_ID } from "../../canvas/scene/scene";
import { seenFromOutside } from "../../canvas/scene/seen-from-outside";

/** `listens`: by TCP, at the port where each target's web server is drawn to listen. */
export const MATRIX_KINDS = ["ping", "tcp", "udp", "listens"] as const;
export type MatrixKind = (typeof MATRIX_KINDS)[number];

/** A row or a column of the matrix. */
export interface MatrixEnd {
  /** As `keyOfEnd` has it. */
  readonly id: string;
  readonly end: ProbeEnd;
  readonly name: string;
  /** Of an instance; null: no instance. */
  readonly address: string | null;
  /** Over its column, where it is no instance and so has no number. */
  readonly sign: string;
  readonly group: string;
  /** Port that it is asked at; null: nothing is drawn to listen there. */
  readonly listens: number | null;
}

export interface MatrixGroup {
  readonly subnetId: string;
  /** `vpc1/public`. */
  readonly name: string;
  readonly ends: readonly MatrixEnd[];
  /** What the internet sees of its instances and NAT gateways. */
  readonly publicEnds: readonly MatrixEnd[];
}

/** At most so many instances stand in it at once: 48 rows and columns are 2,352 pairs. */
export const INSTANCES_MAX = 48;
/** Of public addresses, which the internet is let in by and a VPC of the same host is not: a few are enough. */
export const PUBLIC_MAX = 12;
const WEB_PORT = 80;
const none = { address: null, group: "" };
export const INTERNET_END: MatrixEnd = { ...none, id: INTERNET_ID, end: { internet: true }, name: "Internet", sign: "net", listens: WEB_PORT };
export const HOST_END: MatrixEnd = { ...none, id: HOST_ID, end: { host: true }, name: "Host", sign: "host", listens: null };

/** All instances by their subnets, as the outline of a drawing has them. */
export function groupsOf(document: Topology, index: TopologyIndex): MatrixGroup[] {
  const { subnets, instances, natGateways } = document;
  const seen = new Set(seenFromOutside(document, index));
  const named = subnets.map((subnet) => ({ subnet, name: `${index.vpcById.get(subnet.vpcId)?.name ?? "?"}/${subnet.name}` }));
  return named.sort(byName).map(({ subnet, name }): MatrixGroup => {
    const within = instances.filter(({ subnetId }) => subnetId === subnet.id).sort(byName);
    const gateways = natGateways.filter(({ subnetId }) => subnetId === subnet.id).sort(byName);
    return {
      subnetId: subnet.id, name,
      ends: within.map((instance) => ({
        id: instance.id, end: { instanceId: instance.id }, name: instance.name, address: instance.address, sign: "", group: name, listens: instance.webServer?.port ?? null,
      })),
      publicEnds: [...within, ...gateways].filter(({ id }) => seen.has(id)).map(({ id }) => ({
        ...none, id: publicKey(id), end: { publicAddressOf: id }, name: `${objectName(index, id) ?? id}, public address`, sign: "pub",
        listens: index.instanceById.get(id)?.webServer?.port ?? null,
      })),
    };
  }).filter(({ ends, publicEnds }) => ends.length + publicEnds.length > 0);
}

export interface ShownEnds {
  /** Who sends: instances by subnet, then the internet and the host. */
  readonly rows: readonly MatrixEnd[];
  /** Who is sent to: the same, then public addresses. */
  readonly columns: readonly MatrixEnd[];
  /** Instances that have no room, of those that were asked for. */
  readonly leftOut: number;
  /** Public addresses that have none. */
  readonly publicLeftOut: number;
  /** Instances of subnets that were not asked for. */
  readonly notChosen: number;
}

/** `chosen`: ids of subnets; null: all, as far as there is room. */
export function shownEnds(groups: readonly MatrixGroup[], chosen: ReadonlySet<string> | null): ShownEnds {
  const within = groups.filter(({ subnetId }) => chosen === null || chosen.has(subnetId));
  const asked = within.flatMap(({ ends }) => ends);
  const seen = within.flatMap(({ publicEnds }) => publicEnds);
  const all = groups.reduce((count, { ends }) => count + ends.length, 0);
  const rows = [...asked.slice(0, INSTANCES_MAX), INTERNET_END, HOST_END];
  return {
    rows, columns: [...rows, ...seen.slice(0, PUBLIC_MAX)], leftOut: Math.max(0, asked.length - INSTANCES_MAX),
    publicLeftOut: Math.max(0, seen.length - PUBLIC_MAX), notChosen: all - asked.length,
  };
}

/** What is sent from one end to the other; null: nothing is asked there. */
export function questionOf(from: MatrixEnd, to: MatrixEnd, kind: MatrixKind, port: number | null): PairQuestion | null {
  if (from.id === to.id || !isProbePair(from.end, to.end)) return null;
  const ends = { source: from.end, destination: to.end };
  if (kind === "ping") return { ...ends, kind, port: null };
  if (kind === "listens") return to.listens === null ? null : { ...ends, kind: "tcp", port: to.listens };
  return port === null ? null : { ...ends, kind, port };
}

/** What the drawing promises, by `source destination` of ids, for every question of the matrix. */
export function intendedOf(
  document: Topology, host: HostFacts, { rows, columns }: Pick<ShownEnds, "rows" | "columns">, kind: MatrixKind, port: number | null,
): ReadonlyMap<string, boolean> {
  const byPort = new Map<number | null, PairQuestion[]>();
  for (const from of rows) {
    for (const to of columns) {
      const question = questionOf(from, to, kind, port);
      if (!question) continue;
      const group = byPort.get(question.port);
      if (group) group.push(question);
      else byPort.set(question.port, [question]);
    }
  }
  const protocol = kind === "ping" ? "icmp" : kind === "udp" ? "udp" : "tcp";
  return new Map([...byPort].flatMap(([asked, questions]) => promisesOf(document, host, questions, { protocol, port: asked })
    .map(({ source, destination, reachable }) => [`${keyOfEnd(source)} ${keyOfEnd(destination)}`, reachable] as const)));
}
