import type { PortRange, Protocol } from "../topology/topology";
import type { NftLeft, NftRegularChain, NftRule, NftValue, NftVerdict } from "./kernel-state";
import { addressRange, byValue, goto, portRange, PROTOCOL, rule } from "./nft-rule";

/** A rule with what it matches, in terms that can be cut into pieces. */
export interface ClassifiedRule {
  readonly protocol: Protocol;
  /** tcp and udp only; null is every port. */
  readonly ports: PortRange | null;
  /** Unsigned 32-bit, inclusive; or the name of a set, which may hold any address. */
  readonly addresses: { readonly first: number; readonly last: number } | { readonly set: string };
  /** The whole rule, match and verdict. */
  readonly rule: NftRule;
}

export interface RuleList {
  /** Chain to jump to; further chains are `<name>-1`, `<name>-2` … */
  readonly name: string;
  /** The address that the rules look at. */
  readonly addressKey: NftLeft;
  /** In order: the first that matches decides. */
  readonly rules: readonly ClassifiedRule[];
  /** What decides where no rule matches; none: whoever jumped goes on. */
  readonly end: readonly NftRule[];
}

/** Longer lists are cut into a tree: a person can read 64 rules, and a new connection passes them in about 2 µs. */
export const LEAF_RULES_MAX = 64;
const PIECE_RULES = 16;
const PIECES_MAX = 256;
/** All leaves together hold at most this many times the list; rules that overlap more than that stay together. */
const COPIES_MAX = 16;

/**
 * A list of rules as chains that decide the same: one chain while it is short, else a decision tree of verdict maps over
 * protocol, destination port and address. Within a leaf the order of the list is kept, and every step is a `goto`, so that a
 * `return` in a leaf goes back to whoever jumped to the list. Chains stand before those that lead to them; the list's own is last.
 */
export function ruleChains(list: RuleList): NftRegularChain[] {
  const builder = new TreeBuilder(list);
  builder.chain(list.name, list.rules, EVERYTHING);
  return builder.chains;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Packets that a chain of the tree can meet. `protocol` is null above the branch by protocol. */
interface Region {
  readonly protocol: Exclude<Protocol, "all"> | "other" | null;
  readonly ports: Range;
  readonly addresses: Range;
}
const EVERYTHING: Region = { protocol: null, ports: { first: 0, last: 65_535 }, addresses: { first: 0, last: 2 ** 32 - 1 } };

interface Branch {
  readonly value: NftValue;
  readonly rules: readonly ClassifiedRule[];
  readonly region: Region;
}
interface Split {
  readonly key: NftLeft;
  readonly branches: readonly Branch[];
  /** For packets that no branch is for. */
  readonly rest: Branch | null;
}

class TreeBuilder {
  readonly chains: NftRegularChain[] = [];
  private readonly leaves = new Map<string, string>();
  private readonly numberOf: ReadonlyMap<ClassifiedRule, number>;
  private copies: number;
  private named = 0;

  constructor(private readonly list: RuleList) {
    this.numberOf = new Map(list.rules.map((classified, number) => [classified, number]));
    this.copies = list.rules.length * (COPIES_MAX - 1);
  }

  chain(name: string, rules: readonly ClassifiedRule[], region: Region): void {
    const split = rules.length <= LEAF_RULES_MAX ? null : this.bestSplit(rules, region);
    const body = split ? this.dispatch(split) : rules.map((classified) => classified.rule);
    this.chains.push({ name, type: null, rules: [...body, ...this.list.end] });
  }

  private dispatch({ key, branches, rest }: Split): NftRule[] {
    const verdicts = branches.map((branch): readonly [NftValue, NftVerdict] => [branch.value, goto(this.branch(branch))]);
    return [
      ...(verdicts.length === 0 ? [] : [rule("tree", byValue(key, verdicts))]),
      ...(rest ? [rule("tree", goto(this.branch(rest)))] : []),
    ];
  }

  /** Name of a chain for a branch; leaves that hold the same rules are one chain. */
  private branch({ rules, region }: Branch): string {
    const isLeaf = rules.length <= LEAF_RULES_MAX;
    const content = isLeaf ? rules.map((classified) => this.numberOf.get(classified)).join() : "";
    const known = isLeaf ? this.leaves.get(content) : undefined;
    if (known !== undefined) return known;
    this.named += 1;
    const name = `${this.list.name}-${this.named}`;
    if (isLeaf) this.leaves.set(content, name);
    this.chain(name, rules, region);
    return name;
  }

  /** The split whose largest piece is smallest, or null where none is worth its copies. */
  private bestSplit(rules: readonly ClassifiedRule[], region: Region): Split | null {
    if (region.protocol === null && rules.some(({ protocol }) => protocol !== "all")) return splitByProtocol(rules, region);
    const pieces = Math.min(PIECES_MAX, Math.ceil(rules.length / PIECE_RULES));
    for (const ways of [pieces, 16, 4, 2].filter((number) => number <= pieces)) {
      const candidates = [splitByPort(rules, region, ways), splitByAddress(rules, region, ways, this.list.addressKey)];
      const [best] = candidates.filter((split) => split !== null)
        .map((split) => ({ split, largest: Math.max(0, ...sizes(split)), total: sizes(split).reduce((sum, size) => sum + size, 0) }))
        .filter(({ largest, total }) => largest < rules.length && total - rules.length <= Math.min(this.copies, 2 * rules.length))
        .sort((a, b) => a.largest - b.largest || a.total - b.total);
      if (!best) continue;
      this.copies -= Math.max(0, best.total - rules.length);
      return best.split;
    }
    return null;
  }
}

const sizes = (split: Split): number[] => split.branches.map((branch) => branch.rules.length);

function splitByProtocol(rules: readonly ClassifiedRule[], region: Region): Split {
  const branches = (["icmp", "tcp", "udp"] as const).flatMap((protocol): Branch[] => {
    const part = within(rules, { ...region, protocol });
    return [{ value: protocol, rules: part, region: { ...region, protocol } }];
  });
  const others = within(rules, { ...region, protocol: "other" });
  return {
    key: PROTOCOL,
    branches: branches.filter((branch) => branch.rules.length > 0),
    rest: others.length > 0 ? { value: "other", rules: others, region: { ...region, protocol: "other" } } : null,
  };
}

function splitByPort(rules: readonly ClassifiedRule[], region: Region, ways: number): Split | null {
  const { protocol } = region;
  if (protocol !== "tcp" && protocol !== "udp") return null;
  const cuts = cutsOf(rules.flatMap(({ ports }) => (ports ? [{ first: ports.from, last: ports.to }] : [])), region.ports, ways);
  const key: NftLeft = { payload: { protocol, field: "dport" } };
  return cuts.length === 0 ? null : { key, branches: piecesOf(rules, region, "ports", cuts), rest: null };
}

function splitByAddress(rules: readonly ClassifiedRule[], region: Region, ways: number, key: NftLeft): Split | null {
  const cuts = cutsOf(rules.flatMap(({ addresses }) => ("set" in addresses ? [] : [addresses])), region.addresses, ways);
  return cuts.length === 0 ? null : { key, branches: piecesOf(rules, region, "addresses", cuts), rest: null };
}

/** At most `ways - 1` numbers at which a range of some rule begins or has just ended, evenly spread. */
function cutsOf(ranges: readonly Range[], outer: Range, ways: number): number[] {
  const edges = new Set(ranges.flatMap(({ first, last }) => [first, last + 1]).filter((edge) => edge > outer.first && edge <= outer.last));
  const sorted = [...edges].sort((a, b) => a - b);
  if (sorted.length < ways) return sorted;
  return Array.from({ length: ways - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / ways)] ?? 0);
}

/** Pieces of one dimension with the rules of each; neighbours with the same rules are one piece, pieces without rules are left out. */
function piecesOf(rules: readonly ClassifiedRule[], region: Region, dimension: "ports" | "addresses", cuts: readonly number[]): Branch[] {
  const outer = region[dimension];
  const starts = [outer.first, ...new Set(cuts)];
  const pieces: { range: Range; rules: readonly ClassifiedRule[] }[] = [];
  for (const [i, first] of starts.entries()) {
    const range = { first, last: (starts[i + 1] ?? outer.last + 1) - 1 };
    const part = within(rules, { ...region, [dimension]: range });
    const before = pieces.at(-1);
    if (before && sameRules(before.rules, part)) before.range = { first: before.range.first, last: range.last };
    else pieces.push({ range, rules: part });
  }
  const valueOf = dimension === "ports" ? portRange : addressRange;
  return pieces.filter((piece) => piece.rules.length > 0)
    .map((piece) => ({ value: valueOf(piece.range.first, piece.range.last), rules: piece.rules, region: { ...region, [dimension]: piece.range } }));
}

const sameRules = (a: readonly ClassifiedRule[], b: readonly ClassifiedRule[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

/** Rules that a packet of the region can meet, in order, up to the first that decides for all of them. */
function within(rules: readonly ClassifiedRule[], region: Region): ClassifiedRule[] {
  const met: ClassifiedRule[] = [];
  const decidedSets = new Set<string>();
  for (const classified of rules) {
    if (!meets(classified, region)) continue;
    const { addresses } = classified;
    if ("set" in addresses && decidedSets.has(addresses.set)) continue;
    met.push(classified);
    if (!coversPorts(classified, region)) continue;
    if ("set" in addresses) decidedSets.add(addresses.set);
    else if (contains(addresses, region.addresses)) break;
  }
  return met;
}

function meets({ protocol, ports, addresses }: ClassifiedRule, region: Region): boolean {
  if (protocol !== "all" && region.protocol !== null && protocol !== region.protocol) return false;
  if (ports && (ports.from > region.ports.last || ports.to < region.ports.first)) return false;
  return "set" in addresses || (addresses.first <= region.addresses.last && addresses.last >= region.addresses.first);
}

function coversPorts({ protocol, ports }: ClassifiedRule, region: Region): boolean {
  if (protocol !== "all" && protocol !== region.protocol) return false;
  return ports === null || (ports.from <= region.ports.first && ports.to >= region.ports.last);
}

const contains = (outer: Range, inner: Range): boolean => outer.first <= inner.first && outer.last >= inner.last;
