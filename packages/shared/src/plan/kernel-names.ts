import { instanceNamespace, natGatewayNamespace, routerNamespace } from "../net/namespace-name";
import type { LinkRole } from "../net/interface-name";
import { interfaceName } from "../net/interface-name";
import { ID_PREFIX } from "../topology/ids";
import type { ObjectKind, Topology } from "../topology/topology";
import { indexTopology, objectsOf } from "../topology/topology-index";
import { parseMark } from "./mark";
import { routeTableNumbers } from "./route-table-numbers";

/** What stands behind a name that the kernel shows. */
export interface KernelName {
  readonly objectId: string;
  readonly what: "namespace" | "bridge" | "interface" | "routing table" | "chain, set or counter" | "alias";
}

/** Which topology's names: they are part of every one. */
export interface NamedTopology {
  readonly topologyId: string;
  readonly topologyName: string;
}

/** The way back from a kernel name to the drawn object, for one document. Made once per change, asked per key press. */
export interface KernelNames {
  /**
   * The objects that the words of a pasted text name, e.g. `br-k3v7qz2m4a`, `vi-…@if5:`, `lab2.vpc1-public`, `table 1004711`,
   * `acl-in-0a1b2c3d4e5f`, a whole `ip netns exec …` line; in the order of the words, each object once.
   */
  objectsNamedIn(text: string): readonly KernelName[];
  /** Every exact name with its object; chains and marks carry ids and are not listed. */
  readonly exact: ReadonlyMap<string, KernelName>;
}

export function kernelNames(doc: Topology, context: NamedTopology): KernelNames {
  const exact = exactNames(doc, context);
  const ids = idsOf(doc);
  return {
    exact,
    objectsNamedIn(text) {
      const found = new Map<string, KernelName>();
      for (const word of wordsOf(text)) {
        const name = exact.get(word) ?? (word.startsWith(MARK) ? byMark(word, context, ids) : byIdWithin(word, ids));
        if (name && !found.has(name.objectId)) found.set(name.objectId, name);
      }
      return [...found.values()];
    },
  };
}

/** A name as `ip` and `nft` print it: quotes, `@if5` and a colon at the end are not part of it. */
const wordsOf = (text: string): string[] =>
  text.trim().split(/[\s"'{}(),;]+/).map((word) => word.replace(/(.)@[\w-]+:?$/, "$1").replace(/:$/, "")).filter(Boolean);

function exactNames(doc: Topology, { topologyId, topologyName }: NamedTopology): ReadonlyMap<string, KernelName> {
  const names = new Map<string, KernelName>();
  const index = indexTopology(doc);
  const link = (role: LinkRole, objectId: string) =>
    names.set(interfaceName(role, topologyId, objectId), { objectId, what: role === "bridge" ? "bridge" : "interface" });
  for (const vpc of doc.vpcs) {
    names.set(routerNamespace(topologyName, vpc.name), { objectId: vpc.id, what: "namespace" });
    link("access-router", vpc.id);
    link("access-host", vpc.id);
    for (const [objectId, number] of routeTableNumbers(index.routeTablesOfVpc(vpc.id))) names.set(number, { objectId, what: "routing table" });
  }
  const inSubnet = (subnetId: string) => {
    const subnet = index.subnetById.get(subnetId);
    return [topologyName, index.vpcById.get(subnet?.vpcId ?? "")?.name ?? "", subnet?.name ?? ""] as const;
  };
  for (const { id } of doc.subnets) link("bridge", id);
  for (const { id, subnetId, name } of doc.natGateways) {
    names.set(natGatewayNamespace(...inSubnet(subnetId), name), { objectId: id, what: "namespace" });
    link("nat-gateway", id);
  }
  for (const { id, subnetId, name } of doc.instances) {
    names.set(instanceNamespace(...inSubnet(subnetId), name), { objectId: id, what: "namespace" });
    link("instance", id);
  }
  for (const { id } of doc.internetGateways) {
    link("gateway-router", id);
    link("gateway-host", id);
  }
  for (const { id } of doc.peerings) {
    link("peering-requester", id);
    link("peering-accepter", id);
  }
  return names;
}

interface KnownIds {
  readonly all: ReadonlySet<string>;
  /** By the part after the prefix: names of chains carry only that. */
  readonly byHex: ReadonlyMap<string, readonly { readonly kind: ObjectKind; readonly id: string }[]>;
}

function idsOf(doc: Topology): KnownIds {
  const all = new Set<string>();
  const byHex = new Map<string, { kind: ObjectKind; id: string }[]>();
  for (const { kind, object: { id } } of objectsOf(doc)) {
    all.add(id);
    const hex = id.slice(id.indexOf("-") + 1);
    byHex.set(hex, [...(byHex.get(hex) ?? []), { kind, id }]);
  }
  return { all, byHex };
}

const MARK = "vpclab:";

/** The alias of a link. Another topology's object may have the same id, and is not meant. */
function byMark(word: string, { topologyId }: NamedTopology, { all }: KnownIds): KernelName | null {
  const mark = parseMark(word);
  return mark?.topologyId === topologyId && all.has(mark.objectId) ? { objectId: mark.objectId, what: "alias" } : null;
}

/** Chains, sets and counters: `from-subnet-…`, `sg-in-…-3`. A whole id decides, else the kind that the name begins with. */
function byIdWithin(word: string, { all, byHex }: KnownIds): KernelName | null {
  const what = "chain, set or counter";
  for (const [, id] of word.matchAll(/(?=\b([a-z]+-[0-9a-f]{8,17})\b)/g)) if (id && all.has(id)) return { objectId: id, what };
  for (const [hex] of word.matchAll(/[0-9a-f]{8,17}/g)) {
    const meant = byHex.get(hex) ?? [];
    const object = meant.find(({ kind }) => word.startsWith(`${ID_PREFIX[kind]}-`)) ?? (meant.length === 1 ? meant[0] : undefined);
    if (object) return { objectId: object.id, what };
  }
  return null;
}
