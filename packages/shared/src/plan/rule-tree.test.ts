import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrOf, formatAddress, formatCidr, parseAddress } from "../net/cidr";
import type { TestPacket, TestRuleSet } from "../testing/nft-verdict";
import { verdictOf } from "../testing/nft-verdict";
import type { NftRegularChain, NftVerdict } from "./kernel-state";
import { ACCEPT, DROP, RETURN, rule, SOURCE } from "./nft-rule";
import type { DrawnMatch } from "./rule-match";
import { classifiedRule } from "./rule-match";
import type { ClassifiedRule } from "./rule-tree";
import { LEAF_RULES_MAX, ruleChains } from "./rule-tree";

const SETS = { "sg-a": ["10.0.0.1", "10.0.1.9"], "sg-b": [], "sg-c": ["172.16.0.7"] } as const;

type DrawnRule = DrawnMatch & { readonly verdict: NftVerdict };
const classified = (drawn: readonly DrawnRule[]): ClassifiedRule[] =>
  drawn.map((one, number) => classifiedRule(`r-${number}`, one, SOURCE, one.verdict));

function ruleSetOf(rules: readonly ClassifiedRule[]): TestRuleSet & { all: readonly NftRegularChain[] } {
  const all = ruleChains({ name: "list", addressKey: SOURCE, rules, end: [rule("rest", DROP)] });
  return { all, chains: new Map(all.map((chain) => [chain.name, chain])), sets: SETS };
}

/** What the drawn list says, read as a person would. */
function linear(rules: readonly ClassifiedRule[], packet: TestPacket): string {
  const chain: NftRegularChain = { name: "list", type: null, rules: [...rules.map((one) => one.rule), rule("rest", DROP)] };
  return verdictOf({ chains: new Map([["list", chain]]), sets: SETS }, "list", packet) ?? "none";
}

const verdicts = fc.constantFrom<NftVerdict>(ACCEPT, RETURN, DROP);
const cidrs = fc.tuple(
  fc.constantFrom("10.0.0.0", "10.0.1.0", "172.16.0.0", "192.168.3.0", "0.0.0.0", "255.255.255.0"), fc.nat(255), fc.constantFrom(0, 8, 14, 20, 24, 28, 30, 32),
).map(([base, host, length]) => formatCidr(cidrOf((parseAddress(base) ?? 0) + host, length)));
const peers = fc.oneof({ weight: 6, arbitrary: cidrs.map((cidr) => ({ cidr })) }, { weight: 1, arbitrary: fc.constantFrom("sg-a", "sg-b", "sg-c").map((set) => ({ set })) });
const ports = fc.oneof(
  fc.constant(null), fc.nat(65_535).map((port) => ({ from: port, to: port })),
  fc.tuple(fc.nat(65_535), fc.nat(65_535)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
);
const rules: fc.Arbitrary<DrawnRule> = fc.record({ protocol: fc.constantFrom("tcp", "udp", "icmp", "all"), ports, peer: peers, verdict: verdicts })
  .map((one) => ({ ...one, ports: one.protocol === "tcp" || one.protocol === "udp" ? one.ports : null }) as DrawnRule);

/** Packets at and beside every edge of the rules, where a wrong cut would show, and anywhere. */
function packetsFor(list: readonly ClassifiedRule[], salt: number): TestPacket[] {
  const addresses = list.flatMap(({ addresses: at }) => ("set" in at ? [] : [at.first - 1, at.first, at.last, at.last + 1]));
  const members = Object.values(SETS).flat().map((member) => parseAddress(member) ?? 0);
  const portEdges = list.flatMap(({ ports: at }) => (at ? [at.from - 1, at.from, at.to, at.to + 1] : []));
  const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(items.length, 1)];
  return Array.from({ length: 150 }, (_, n) => {
    const step = n * 7919 + salt;
    const source = Math.min(2 ** 32 - 1, Math.max(0, pick([...addresses, ...members, step * 65_537 % 2 ** 32], step) ?? 0));
    const protocol = (["tcp", "udp", "icmp", "gre"] as const)[step % 4] ?? "tcp";
    const port = Math.min(65_535, Math.max(0, pick([...portEdges, step % 65_536], step >> 2) ?? 0));
    return { protocol, source, destination: 0, port: protocol === "tcp" || protocol === "udp" ? port : 0 };
  });
}

/** Much work, on machines that may have other work: the limit is for what hangs. */
describe("a long list of rules as a tree", { timeout: 180_000 }, () => {
  it("decides for every packet what the list decides", () => {
    fc.assert(fc.property(fc.array(rules, { minLength: 0, maxLength: 400, size: "max" }), fc.nat(), (drawn, salt) => {
      const list = classified(drawn);
      const tree = ruleSetOf(list);
      for (const packet of packetsFor(list, salt)) expect(verdictOf(tree, "list", packet)).toBe(linear(list, packet));
    }), { numRuns: 60 });
  });

  it("leads only to chains that stand before", () => {
    fc.assert(fc.property(fc.array(rules, { minLength: 65, maxLength: 300, size: "max" }), (drawn) => {
      const known = new Set<string>();
      for (const chain of ruleSetOf(classified(drawn)).all) {
        for (const target of JSON.stringify(chain.rules).matchAll(/"target":"([^"]+)"/g)) expect(known).toContain(target[1]);
        known.add(chain.name);
      }
    }), { numRuns: 30 });
  });

  it("is one chain, in the list's order, while a person can read it", () => {
    const drawn = Array.from({ length: LEAF_RULES_MAX }, (_, n): DrawnRule => ({ protocol: "tcp", ports: { from: n, to: n }, peer: { cidr: "0.0.0.0/0" }, verdict: ACCEPT }));
    expect(ruleSetOf(classified(drawn)).all.map((chain) => chain.rules.length)).toEqual([LEAF_RULES_MAX + 1]);
  });

  it.each<[string, (n: number) => DrawnMatch]>([
    ["ports", (n) => ({ protocol: "tcp", ports: { from: n * 6, to: n * 6 + 3 }, peer: { cidr: "0.0.0.0/0" } })],
    ["addresses", (n) => ({ protocol: "all", ports: null, peer: { cidr: `${formatAddress(n * 256 + 167_772_160)}/24` } })],
    ["ports of groups", (n) => ({ protocol: "udp", ports: { from: n, to: n }, peer: { set: "sg-a" } })],
    ["both", (n) => ({ protocol: n % 2 ? "tcp" : "udp", ports: { from: n % 97, to: n % 97 }, peer: { cidr: `${formatAddress(n * 65_536)}/16` } })],
  ])("of ten thousand rules over %s has a packet pass no more than 64 of them", (_, draw) => {
    const list = classified(Array.from({ length: 10_000 }, (_rule, n) => ({ ...draw(n), verdict: ACCEPT })));
    const tree = ruleSetOf(list);
    // The last rule of each chain is the list's end.
    for (const chain of tree.all) expect(chain.rules.length).toBeLessThanOrEqual(LEAF_RULES_MAX + 1);
    const stored = tree.all.reduce((sum, chain) => sum + chain.rules.length, 0);
    expect(stored).toBeLessThan(15_000);
  });
});
