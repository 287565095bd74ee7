import { HOST_OBJECT_ID } from "./compile-host";
import { looksAtHost } from "./host-looks";
import type { KernelState, NamespaceState, NftChain } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import type { Look } from "./look";

export interface LooksAt {
  readonly looks: readonly Look[];
  /** Named counters of its rules, by namespace. */
  readonly counters: ReadonlyMap<string, readonly string[]>;
  /** Namespaces that concern it, too, or links of the host, and have no room. */
  readonly leftOut: number;
}

/** A group with a hundred members is the same in each. */
const NAMESPACES_MAX = 3;
const CHAINS_MAX = 6;
const COUNTERS_MAX = 400;
const TABLE = "inet vpclab";
/** Anything else is none of a drawn object, and might be a part of many names. */
const OBJECT_ID = /^[a-z]+-[0-9a-f]{8,17}$/;

/**
 * Where in the kernel one drawn object shows, and how to look at it there: its own namespace whole, else the links, routes,
 * rules and chains that are there for it. All names come from the compiled state. `HOST_OBJECT_ID` is what it has on the host.
 */
export function looksAt(state: KernelState, objectId: string): LooksAt {
  const host = state[HOST_NAMESPACE];
  if (objectId === HOST_OBJECT_ID) return { ...(host ? looksAtHost(host) : { looks: [], leftOut: 0 }), counters: new Map() };
  const ids = [objectId];
  const concerned = Object.values(state).flatMap((namespace) => {
    if (namespace.name === HOST_NAMESPACE) return [];
    const looks = namespace.owner.objectId === objectId ? wholeOf(namespace) : partsOf(namespace, ids);
    return looks.length === 0 ? [] : [{ namespace, looks }];
  });
  const isOwn = ({ namespace }: (typeof concerned)[number]): boolean => namespace.owner.objectId === objectId;
  const read = [...concerned.filter(isOwn), ...concerned.filter((one) => !isOwn(one))].slice(0, NAMESPACES_MAX);
  return {
    looks: read.flatMap(({ looks }) => looks),
    counters: new Map(read.map(({ namespace }) => [namespace.name, countersOf(namespace, ids, namespace.owner.objectId === objectId)])),
    leftOut: concerned.length - read.length,
  };
}

const ip = ({ name }: NamespaceState, ...args: string[]): Look => ({ tool: "ip", namespace: name, args });
const nft = ({ name }: NamespaceState, script: string): Look => ({ tool: "nft", namespace: name, script });

function wholeOf(namespace: NamespaceState): Look[] {
  return [
    ip(namespace, "addr"), ip(namespace, "route", "show", "table", "all", "type", "unicast"), ip(namespace, "route", "show", "table", "all", "type", "blackhole"), ip(namespace, "rule"),
    ...(namespace.nft ? [nft(namespace, `list table ${TABLE}`)] : []),
  ];
}

function partsOf(namespace: NamespaceState, ids: readonly string[]): Look[] {
  const isOwn = ({ owner }: { readonly owner: { readonly objectId: string } }): boolean => ids.includes(owner.objectId);
  const links = namespace.links.filter(isOwn).map(({ name }) => name);
  const rules = namespace.rules.filter((rule) => isOwn(rule) || links.includes(rule.iif));
  const tables = [...new Set([...namespace.routes.filter(isOwn).map(({ table }) => table), ...rules.map(({ table }) => table)])];
  return [
    ...links.map((link) => ip(namespace, "-s", "addr", "show", "dev", link)),
    ...(rules.length > 0 ? [ip(namespace, "rule")] : []),
    ...tables.map((table) => ip(namespace, "route", "show", "table", table)),
    ...concernedChains(namespace, ids).slice(0, CHAINS_MAX).map(({ name }) => nft(namespace, `list chain ${TABLE} ${name}`)),
  ];
}

/** Chains that carry the id in their name, or a rule that is there for it. */
export function concernedChains({ nft: table }: NamespaceState, ids: readonly string[]): NftChain[] {
  const keys = ids.filter((id) => OBJECT_ID.test(id)).map((id) => id.slice(id.indexOf("-")));
  return (table?.chains ?? []).filter(({ name, rules }) => keys.some((key) => `${name}-`.includes(`${key}-`)) || rules.some(({ comment }) => ids.includes(comment)));
}

function countersOf(namespace: NamespaceState, ids: readonly string[], whole: boolean): string[] {
  const all = namespace.nft?.counters ?? [];
  if (whole) return all.slice(0, COUNTERS_MAX);
  const used = new Set(concernedChains(namespace, ids).flatMap(({ rules }) => rules.flatMap(({ expressions }) =>
    expressions.flatMap((expression) => ("counter" in expression && expression.counter !== null ? [expression.counter] : [])))));
  return all.filter((name) => used.has(name)).slice(0, COUNTERS_MAX);
}
