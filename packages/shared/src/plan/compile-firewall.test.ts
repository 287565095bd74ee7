import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "../net/cidr";
import { testContext } from "../testing/builders";
import { verdictOf } from "../testing/nft-verdict";
import { fwRule, port, TinyLab } from "../testing/tiny-lab";
import type { FirewallRule } from "../topology/topology";
import { compileTopology } from "./compile";
import { compileFirewall } from "./compile-firewall";
import type { NftChain, NftTable } from "./kernel-state";
import { tableChanges } from "./plan-filter";
import { ruleText } from "./render-nft";

const WEB = fwRule("ingress", "allow", "tcp", port(80));
const SSH = fwRule("ingress", "deny", "tcp", port(22), "10.0.0.0/8");

/** v/net with a firewall; its `main` and a middlebox `fw`. */
function tableOf(instance: "v-net" | "v-net-fw", rules: FirewallRule[] | null, defaults: Parameters<TinyLab["firewall"]>[2] = {}): NftTable {
  const tiny = new TinyLab();
  tiny.vpc("v", "10.0.0.0/16");
  tiny.subnet("v/net", "10.0.1.0/24");
  tiny.middlebox("v/net/fw", 7);
  if (rules) tiny.firewall("v/net", rules, defaults);
  const table = compileTopology(tiny.doc, testContext(tiny.doc))[instance]?.nft;
  if (!table) throw new Error(`no table in ${instance}`);
  return table;
}
const chain = (table: NftTable, name: string): NftChain => {
  const found = table.chains.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no chain ${name}`);
  return found;
};
const rulesOf = (table: NftTable, name: string): string[] => chain(table, name).rules.map((rule) => ruleText(rule).replace(/ comment "[^"]*"/g, ""));

describe("a subnet's firewall in an instance's namespace", () => {
  it("lets answers and loopback through, then the first rule that matches decides, then the default; each with a counter", () => {
    const table = tableOf("v-net", [WEB, fwRule("egress", "deny", "icmp"), SSH], { ingress: "deny" });
    expect(rulesOf(table, "incoming-firewall")).toEqual([
      "iifname lo accept", "ct state established,related accept", "meta nfproto ipv6 counter drop", "jump fw-in",
    ]);
    expect(rulesOf(table, "fw-in")).toEqual([
      "tcp dport 80 counter name c-fw-in-allow-tcp-80-0.0.0.0-0 accept",
      "ip saddr 10.0.0.0/8 tcp dport 22 counter name c-fw-in-deny-tcp-22-10.0.0.0-8 drop",
      "counter name c-fw-in-default drop",
    ]);
    expect(rulesOf(table, "outgoing-firewall")).toEqual([
      "oifname lo accept", "ip daddr 10.0.1.1 accept", "ct state established,related accept", "meta nfproto ipv6 counter drop", "jump fw-out",
    ]);
    expect(rulesOf(table, "fw-out")).toEqual(["meta l4proto icmp counter name c-fw-out-deny-icmp-0.0.0.0-0 drop", "counter name c-fw-out-default accept"]);
    expect(table.counters).toEqual(expect.arrayContaining(["c-fw-in-default", "c-fw-out-default"]));
  });

  it("hangs beside the groups at priorities of its own, so that an accept of one skips nothing of the other", () => {
    const hooks = tableOf("v-net-fw", [WEB]).chains.flatMap((base) => (base.type === null ? [] : [[base.hook, base.priority, base.name, base.policy]]));
    expect(hooks).toEqual([
      ["input", 0, "incoming", "drop"], ["output", 0, "outgoing", "drop"], ["forward", 0, "forwarding", "drop"], ["forward", 10, "forwarding-out", "drop"],
      ["input", -10, "incoming-firewall", "drop"], ["output", 10, "outgoing-firewall", "drop"],
      ["forward", -10, "forwarding-firewall", "drop"], ["forward", 20, "forwarding-firewall-out", "drop"],
    ]);
  });

  it("leaves no trace where there is none", () => {
    const table = tableOf("v-net-fw", null);
    expect(JSON.stringify(table)).not.toContain("firewall");
    expect(tableChanges(table, { ...table, foreignObjects: 0 })).toEqual([]);
  });

  it("a changed list is one transaction of what differs, and a rule keeps its counter wherever it is moved to", () => {
    const seen = (table: NftTable) => ({ ...table, foreignObjects: 0 });
    const [before, after] = [tableOf("v-net", [WEB, SSH]), tableOf("v-net", [SSH, WEB])];
    expect(tableChanges(before, seen(before))).toEqual([]);
    expect(tableChanges(after, seen(before))).toMatchObject([{ change: "rewrite-rules", chain: "fw-in" }]);
    expect(tableChanges(tableOf("v-net", [WEB]), seen(before))?.map(({ change }) => change)).toEqual(["rewrite-rules", "delete-counter"]);
    const removed = tableChanges(tableOf("v-net", null), seen(before)) ?? [];
    expect(new Set(removed.map(({ change }) => change))).toEqual(new Set(["rewrite-rules", "delete-chain", "delete-counter"]));
  });

  it("as a tree, where it is long, decides what the list decides", () => {
    const rules = fc.uniqueArray(fc.record({
      action: fc.constantFrom("allow" as const, "deny" as const), from: fc.integer({ min: 1, max: 300 }), size: fc.nat(40), network: fc.nat(3), length: fc.constantFrom(0, 16, 24),
    }), { minLength: 70, maxLength: 100, selector: (one) => JSON.stringify(one) });
    fc.assert(fc.property(rules, fc.constantFrom("allow" as const, "deny" as const), fc.array(fc.tuple(fc.nat(350), fc.nat(3)), { minLength: 40, maxLength: 40 }), (drawn, last, packets) => {
      const list = drawn.map(({ action, from, size, network, length }) =>
        fwRule("ingress", action, "tcp", port(from, from + size), length === 0 ? "0.0.0.0/0" : length === 16 ? "10.0.0.0/16" : `10.0.${network}.0/24`));
      const { chains } = compileFirewall({ defaults: { ingress: last, egress: "allow" }, rules: list });
      const ruleSet = { chains: new Map(chains.map((one) => [one.name, one])), sets: {} };
      for (const [at, network] of packets) {
        const source = (parseAddress("10.0.0.0") ?? 0) + network * 256 + 9;
        const decides = list.find(({ ports, cidr }) => ports && ports.from <= at && at <= ports.to && (cidr.endsWith("/0") || cidr.endsWith("/16") || formatAddress(source).startsWith(cidr.replace("0/24", ""))));
        const expected = (decides?.action ?? last) === "allow" ? "accept" : "drop";
        expect(verdictOf(ruleSet, "fw-in", { protocol: "tcp", source, destination: 0, port: at })).toBe(expected);
      }
    }), { numRuns: 30 });
  });
});
