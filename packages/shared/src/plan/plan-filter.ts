import type { NamespaceState, NftChain, NftSet, NftTable, SeenNamespace, SeenNftChain, SeenNftTable } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { elementsBeside, sameRules } from "./same-nft";
import type { NftChange, Step, StepAction } from "./step";

const OUR_TABLE = "inet vpclab";
/** Names that nft can be told. A table of another name was not made with nft, and cannot be deleted by it. */
const FOREIGN_TABLE = /^(ip|ip6|inet|arp|bridge|netdev) [A-Za-z][A-Za-z0-9_./-]*$/;

/** The packet filter of one namespace: the smallest change that leads to the wanted table. Others' tables go, but never the host's. */
export function planFilter(want: NamespaceState, have: SeenNamespace): Step[] {
  const foreign = want.name === HOST_NAMESPACE ? [] : have.foreignTables.filter((table) => FOREIGN_TABLE.test(table));
  const actions: StepAction[] = [
    ...filterActions(want.nft, have.nft),
    ...foreign.map((table): StepAction => ({ action: "nft-delete", table })),
  ];
  return actions.map((action) => ({ owner: want.owner, namespace: want.name, ...action }));
}

function filterActions(want: NftTable | null, have: SeenNftTable | null): StepAction[] {
  if (!want) return have ? [{ action: "nft-delete", table: OUR_TABLE }] : [];
  const changes = have ? tableChanges(want, have) : null;
  if (!changes) return [{ action: "nft-replace", table: want }];
  return changes.length > 0 ? [{ action: "nft-change", changes }] : [];
}

/**
 * What differs, in an order in which it can be done: things before the rules that name them, chains before those that jump to
 * them, removals last. null where only the whole table anew will do.
 */
export function tableChanges(want: NftTable, have: SeenNftTable): NftChange[] | null {
  if (isUnchanged(want, have)) return [];
  const chains = new Map(have.chains.map((chain) => [chain.name, chain]));
  const sets = new Map(have.sets.map((set) => [set.name, set]));
  if (have.foreignObjects > 0 || !want.chains.every((chain) => mayStay(chain, chains.get(chain.name)))) return null;
  if (!want.sets.every((set) => sameKind(set, sets.get(set.name)))) return null;
  return [
    ...beside(want.counters, have.counters).map((name): NftChange => ({ change: "add-counter", name })),
    ...want.sets.flatMap((set) => setChanges(set, sets.get(set.name))),
    ...want.chains.filter((chain) => !chains.has(chain.name)).map((chain): NftChange => ({ change: "add-chain", chain })),
    ...want.chains.flatMap((chain): NftChange[] => {
      const seen = chains.get(chain.name);
      return seen && !sameRules(chain.rules, seen.rules) ? [{ change: "rewrite-rules", chain: chain.name, rules: chain.rules }] : [];
    }),
    ...removals(want, have),
  ];
}

/** The usual case, without look-ups: the kernel lists things in the order in which we made them. */
function isUnchanged(want: NftTable, have: SeenNftTable): boolean {
  return have.foreignObjects === 0 && beside(want.counters, have.counters).length === 0 && want.counters.length === have.counters.length &&
    want.sets.length === have.sets.length && want.chains.length === have.chains.length &&
    want.sets.every((set, i) => sameSet(set, have.sets[i])) &&
    want.chains.every((chain, i) => sameChain(chain, have.chains[i]));
}

const sameSet = (want: NftSet, have: NftSet | undefined): boolean =>
  have?.name === want.name && sameKind(want, have) && want.elements.length === have.elements.length &&
  elementsBeside(want.elements, have.elements).length === 0;

const sameChain = (want: NftChain, have: SeenNftChain | undefined): boolean =>
  have?.name === want.name && mayStay(want, have) && sameRules(want.rules, have.rules);

/** A chain's hook, priority and policy are for life. */
function mayStay(want: NftChain, have: SeenNftChain | undefined): boolean {
  if (!have) return true;
  if (want.type === null || have.type === null) return want.type === have.type;
  return want.type === have.type && want.hook === have.hook && want.priority === have.priority && want.policy === have.policy;
}

const sameKind = (want: NftSet, have: NftSet | undefined): boolean =>
  !have || (want.type === have.type && want.interval === have.interval);

function setChanges(want: NftSet, have: NftSet | undefined): NftChange[] {
  if (!have) return [{ change: "add-set", set: want }];
  const added = elementsBeside(want.elements, have.elements);
  const gone = elementsBeside(have.elements, want.elements);
  return [
    ...(added.length > 0 ? [{ change: "add-elements", set: want.name, elements: added } as const] : []),
    ...(gone.length > 0 ? [{ change: "delete-elements", set: want.name, elements: gone } as const] : []),
  ];
}

/** Chains that go may jump to each other: all are emptied before the first is deleted. */
function removals(want: NftTable, have: SeenNftTable): NftChange[] {
  const wanted = new Set(want.chains.map((chain) => chain.name));
  const gone = have.chains.filter((chain) => !wanted.has(chain.name));
  return [
    ...gone.filter((chain) => chain.rules.length > 0).map((chain): NftChange => ({ change: "rewrite-rules", chain: chain.name, rules: [] })),
    ...gone.map((chain): NftChange => ({ change: "delete-chain", name: chain.name })),
    ...beside(have.sets.map((set) => set.name), want.sets.map((set) => set.name)).map((name): NftChange => ({ change: "delete-set", name })),
    ...beside(have.counters, want.counters).map((name): NftChange => ({ change: "delete-counter", name })),
  ];
}

function beside(a: readonly string[], b: readonly string[]): readonly string[] {
  // Nearly always: the kernel lists in the order in which we made them.
  if (a.length === b.length && a.every((name, i) => name === b[i])) return [];
  const others = new Set(b);
  return a.filter((name) => !others.has(name));
}
