import { containsAddress, parseAddress, parseCidr } from "../net/cidr";
import { instanceDnsNames, subnetDomain, vpcDomain } from "../net/dns-name";
import { kindWord } from "../topology/diff";
import { groupsOf } from "../topology/effective";
import type { Instance, ObjectKind, PortRange, Topology, TopologyObject } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology, objectsOf } from "../topology/topology-index";
import { readableName } from "./describe-object";
import type { KernelNames } from "./kernel-names";

/** An object as a search lists it. */
export interface FoundObject {
  readonly id: string;
  readonly kind: ObjectKind;
  /** With its place, e.g. `vpc1/public/main`. */
  readonly name: string;
  /** Its address, CIDR or what it is about; empty where there is nothing to say. */
  readonly detail: string;
  /** Why it was found, where the name does not show it: `bridge br-…`, `port 8080`, `contains 10.0.1.77`. */
  readonly why: string | null;
}

export interface ObjectSearch {
  /** The best first; nothing for an empty query. */
  find(query: string, most: number): readonly FoundObject[];
}

interface Entry extends Omit<FoundObject, "why"> {
  /** What a person may type, lower case. */
  readonly words: readonly string[];
  /** Words that the name does not show, with what to say of them. */
  readonly more: readonly { readonly word: string; readonly why: string }[];
  readonly cidr: ReturnType<typeof parseCidr> | null;
}

/** Search over one document. `publicAddresses` by object id, as the host has given them. */
export function objectSearch(doc: Topology, kernel: KernelNames, publicAddresses: Readonly<Record<string, string>>): ObjectSearch {
  const index = indexTopology(doc);
  const entries = [...objectsOf(doc)].map(({ kind, object }) => entryOf(kind, object, index, publicAddresses));
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    find(query, most) {
      const text = query.trim().toLowerCase();
      if (text === "") return [];
      const named = kernel.objectsNamedIn(query.trim()).flatMap(({ objectId, what }) => {
        const entry = byId.get(objectId);
        return entry ? [{ entry, score: 0, why: what === "namespace" ? "namespace" : what as string | null }] : [];
      });
      const known = new Set(named.map(({ entry }) => entry.id));
      const matched = entries.filter(({ id }) => !known.has(id)).flatMap((entry) => {
        const match = matchOf(entry, text);
        return match ? [{ entry, ...match }] : [];
      });
      return [...named, ...matched]
        .sort((a, b) => a.score - b.score || KIND_RANK[a.entry.kind] - KIND_RANK[b.entry.kind] || a.entry.name.localeCompare(b.entry.name, "en", { numeric: true }))
        .slice(0, most)
        .map(({ entry: { id, kind, name, detail }, why }) => ({ id, kind, name, detail, why }));
    },
  };
}

/** Among equals, what stands on the canvas comes first. */
const KIND_RANK: Readonly<Record<ObjectKind, number>> = {
  vpc: 0, subnet: 1, instance: 2, "internet-gateway": 3, "nat-gateway": 4, peering: 5, "elastic-ip": 6, "route-table": 7, "security-group": 8, "network-acl": 9,
};

interface Match {
  /** 0 is the best. */
  readonly score: number;
  readonly why: string | null;
}

function matchOf(entry: Entry, text: string): Match | null {
  const whole = matchWord(entry, text);
  if (whole) return whole;
  const address = parseAddress(text);
  if (address !== null) return entry.cidr?.ok && containsAddress(entry.cidr.value, address) ? { score: 60 - entry.cidr.value.length, why: `contains ${text}` } : null;
  const parts = text.split(/[\s/]+/).filter(Boolean);
  if (parts.length < 2) return null;
  const matches = parts.map((part) => matchWord(entry, part));
  if (!matches.every((match) => match !== null)) return null;
  return { score: 5 + Math.max(...matches.map(({ score }) => score)), why: matches.find(({ why }) => why !== null)?.why ?? null };
}

function matchWord({ words, more }: Entry, text: string): Match | null {
  let best: Match | null = null;
  const offer = (word: string, why: string | null) => {
    const score = word === text ? 1 : word.startsWith(text) ? 3 : word.split(/[/.\s-]/).some((part) => part.startsWith(text)) ? 8 : word.includes(text) ? 12 : null;
    if (score !== null && (!best || score < best.score)) best = { score, why };
  };
  for (const word of words) offer(word, null);
  for (const { word, why } of more) offer(word, why);
  return best;
}

function entryOf(kind: ObjectKind, object: TopologyObject, index: TopologyIndex, publicAddresses: Readonly<Record<string, string>>): Entry {
  const name = readableName(kind, object as never, index);
  const more: { word: string; why: string }[] = domainNames(kind, object, index).map((word) => ({ word, why: word }));
  const publicAddress = publicAddresses[object.id] ?? publicAddresses[index.elasticIpOf(object.id)?.id ?? ""];
  if (publicAddress) more.push({ word: publicAddress, why: `public address ${publicAddress}` });
  if ("webServer" in object) more.push(...ofInstance(object, index));
  if ("rules" in object) {
    for (const { ports } of object.rules) more.push(...portWords(ports));
  }
  const cidr = "cidr" in object ? object.cidr : null;
  return {
    id: object.id, kind, name, more,
    detail: cidr ?? ("address" in object ? object.address : "rules" in object ? object.description : publicAddress ?? ""),
    words: [name, object.name, object.id, kindWord(kind), ...(cidr ? [cidr] : []), ..."address" in object ? [object.address] : []].map((word) => word.toLowerCase()),
    cidr: cidr === null ? null : parseCidr(cidr),
  };
}

function ofInstance(instance: Instance, index: TopologyIndex): { word: string; why: string }[] {
  const web = instance.webServer ? portWords({ from: instance.webServer.port, to: instance.webServer.port }) : [];
  const published = instance.publishedPorts.flatMap(({ hostPort, port }) => [hostPort, port].flatMap((number) => portWords({ from: number, to: number })));
  const groups = groupsOf(index, instance).map(({ name }) => ({ word: name.toLowerCase(), why: `security group ${name}` }));
  return [...web, ...published, ...groups];
}

function portWords(ports: PortRange | null): { word: string; why: string }[] {
  if (!ports) return [];
  const text = ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
  return [text, `:${text}`, `port ${text}`].map((word) => ({ word, why: `port ${text}` }));
}

function domainNames(kind: ObjectKind, object: TopologyObject, index: TopologyIndex): string[] {
  const subnet = index.subnetById.get("subnetId" in object ? object.subnetId : object.id);
  const vpc = index.vpcById.get(subnet?.vpcId ?? object.id);
  if (!vpc?.dnsSupport) return [];
  if (kind === "vpc") return [vpcDomain(vpc.name)];
  if (!subnet) return [];
  return kind === "instance" ? instanceDnsNames(vpc.name, subnet.name, object.name) : [subnetDomain(vpc.name, subnet.name)];
}
