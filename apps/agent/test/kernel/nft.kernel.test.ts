import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NftChain, NftExpression, NftTable } from "@vpclab/shared/plan/kernel-state";
import { compileTopology } from "@vpclab/shared/plan/compile";
import {
  ACCEPT, cameInBy, COUNT, DROP, from, goesNotOutBy, goesOutBy, isEchoRequest, isIpv6, isReply, MASQUERADE, notFrom, notTo, rule, to,
} from "@vpclab/shared/plan/nft-rule";
import { nftScript } from "@vpclab/shared/plan/render-nft";
import { sameTable } from "@vpclab/shared/plan/same-table";
import { peeredLab, testContext } from "@vpclab/shared/testing/builders";
import { parseNft } from "../../src/kernel/parse-nft";
import { createCommandRunner } from "../../src/host/run-command";

const runner = createCommandRunner();
const NETNS = "nfttest";
const inside = (argv: string[], stdin?: string) =>
  runner.run({ file: "ip", args: ["netns", "exec", NETNS, ...argv], ...(stdin === undefined ? {} : { stdin }) });

const load = (table: NftTable) => inside(["nft", "-f", "-"], nftScript(table));
const list = async () => parseNft(JSON.parse((await inside(["nft", "-j", "list", "table", "inet", "vpclab"])).stdout));

const chain = (name: string, over: Partial<NftChain>): NftChain =>
  ({ name, type: "filter", hook: "forward", priority: 0, policy: "drop", rules: [], ...over });
const forwarding = (...expressions: NftExpression[]): NftTable =>
  ({ name: "vpclab", chains: [chain("forwarding", { rules: [rule("subnet-0a1b2c3d4e5f", ...expressions)] })] });

beforeAll(() => runner.run({ file: "ip", args: ["netns", "add", NETNS] }));
afterAll(() => runner.run({ file: "ip", args: ["netns", "delete", NETNS] }));

describe("a table that is loaded is listed as it was written", () => {
  const l4 = (key: "l4proto", right: string): NftExpression => ({ match: { left: { meta: { key } }, op: "==", right } });
  const dport = (protocol: "tcp" | "udp", right: number | { set: number[] }, op: "==" | "!=" = "=="): NftExpression =>
    ({ match: { left: { payload: { protocol, field: "dport" } }, op, right } });
  const forms: [string, NftExpression[]][] = [
    ["one interface in", [cameInBy("br-aaaaaaaaaa"), ACCEPT]],
    ["several interfaces in", [cameInBy("br-bbbbbbbbbb", "br-aaaaaaaaaa", "igw-c"), COUNT, ACCEPT]],
    ["interfaces out", [goesOutBy("br-b", "br-a"), DROP]],
    ["not out by", [goesNotOutBy("uplink0"), COUNT, DROP]],
    ["IPv6", [isIpv6, COUNT, DROP]],
    ["a prefix", [from("10.0.0.0/16"), ACCEPT]],
    ["one address", [to("10.0.0.7"), ACCEPT]],
    ["a prefix of one address", [to("10.0.0.7/32"), ACCEPT]],
    ["several prefixes", [to("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10"), DROP]],
    ["several addresses", [to("10.0.2.1", "10.0.1.1"), ACCEPT]],
    ["not a prefix", [notFrom("10.0.1.0/24"), notTo("169.254.0.0/16"), DROP]],
    ["connection state", [isReply, ACCEPT]],
    ["echo requests", [isEchoRequest, ACCEPT]],
    ["a port", [dport("tcp", 443), ACCEPT]],
    ["ports", [dport("udp", { set: [53, 123] }), ACCEPT]],
    ["not a port", [dport("tcp", 22, "!="), DROP]],
    ["a protocol", [l4("l4proto", "tcp"), ACCEPT]],
  ];

  it.each(forms)("%s", async (_form, expressions) => {
    const table = forwarding(...expressions);
    await load(table);
    const seen = await list();
    expect(seen.foreignObjects).toBe(0);
    expect(seen.chains).toHaveLength(1);
    expect(sameTable(table, seen), JSON.stringify(seen.chains[0]?.rules)).toBe(true);
  });

  it("masquerade in a nat chain, and every hook", async () => {
    const table: NftTable = {
      name: "vpclab",
      chains: [
        chain("guard", { hook: "prerouting", priority: -300, policy: "accept", rules: [rule("ipv6", isIpv6, DROP)] }),
        chain("incoming", { hook: "input" }),
        chain("translation", { type: "nat", hook: "postrouting", priority: 100, policy: "accept", rules: [rule("igw", goesOutBy("up"), COUNT, MASQUERADE)] }),
      ],
    };
    await load(table);
    expect((await list()).chains).toEqual(table.chains);
  });

  it("every table that the peered lab compiles to", async () => {
    const doc = peeredLab();
    const tables = Object.values(compileTopology(doc, testContext(doc))).flatMap((space) => space.nft ?? []);
    expect(tables.length).toBeGreaterThan(2);
    for (const table of tables) {
      await load(table);
      expect(sameTable(table, await list())).toBe(true);
    }
  });
});

describe("what was changed by hand is seen", () => {
  const table = forwarding(isReply, ACCEPT);
  const damage: [string, string][] = [
    ["a rule more", "add rule inet vpclab forwarding tcp dport 22 accept"],
    ["a rule of our own form without a comment", "add rule inet vpclab forwarding ct state established,related accept"],
    ["a rule outside of the grammar", "add rule inet vpclab forwarding limit rate 5/second accept comment \"x\""],
    ["no rule", "flush chain inet vpclab forwarding"],
    ["another policy", "add chain inet vpclab forwarding { policy accept; }"],
    ["a chain more", "add chain inet vpclab mine"],
    ["a base chain more", "add chain inet vpclab mine { type filter hook output priority 0; }"],
    ["a set", "add set inet vpclab mine { type ipv4_addr; }"],
    ["a named counter", "add counter inet vpclab mine"],
  ];
  it.each(damage)("%s", async (_what, script) => {
    await load(table);
    expect(sameTable(table, await list())).toBe(true);
    await inside(["nft", "-f", "-"], `${script}\n`);
    expect(sameTable(table, await list())).toBe(false);
    await load(table);
    expect(sameTable(table, await list())).toBe(true);
  });

  it("traffic through counters is no change", async () => {
    await load({ name: "vpclab", chains: [chain("out", { hook: "input", policy: "accept", rules: [rule("all", COUNT, ACCEPT)] })] });
    await inside(["ip", "link", "set", "lo", "up"]);
    await inside(["ping", "-n", "-c", "1", "127.0.0.1"]);
    const listed = (await inside(["nft", "list", "table", "inet", "vpclab"])).stdout;
    expect(listed).not.toContain("packets 0");
    expect((await list()).chains[0]?.rules).toEqual([rule("all", COUNT, ACCEPT)]);
  });
});
