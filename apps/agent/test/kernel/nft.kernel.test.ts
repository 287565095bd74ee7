import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NftBaseChain, NftExpression, NftSet, NftTable, SeenNftTable } from "@vpclab/shared/plan/kernel-state";
import { compileTopology } from "@vpclab/shared/plan/compile";
import {
  ACCEPT, addressRange, byValue, cameInBy, COUNT, countBy, DROP, from, fromAddress, goesNotOutBy, goesOutBy, goto, inSet, isEchoRequest,
  isForThisHost, isIpv6, isNew, isReply, isTranslatedInwards, jump, MASQUERADE, notFrom, notFromMac, notTo, ofProtocol, portRange, RETURN,
  rule, setMark, SOURCE, to, toAddress, toPort, UNTRACKED,
} from "@vpclab/shared/plan/nft-rule";
import { tableChanges } from "@vpclab/shared/plan/plan-filter";
import { changesScript, nftScript } from "@vpclab/shared/plan/render-nft";
import { testContext } from "@vpclab/shared/testing/builders";
import { createCommandRunner } from "../../src/host/run-command";
import { inNamespace } from "../../src/host/in-namespace";
import { NftContexts } from "../../src/kernel/nft-contexts";
import { NftTables } from "../../src/kernel/nft-tables";
import { mixedLab } from "./mixed-lab";

const runner = createCommandRunner();
const NETNS = "nfttest";
const inside = (argv: string[], stdin?: string) =>
  runner.run({ file: "ip", args: ["netns", "exec", NETNS, ...argv], ...(stdin === undefined ? {} : { stdin }) });

const contexts = new NftContexts();
const tables = new NftTables();
const run = (script: string) => expect(inNamespace(NETNS, () => contexts.run(NETNS, script)), script).toBeNull();
const load = (table: NftTable) => run(nftScript(table));
function list(): SeenNftTable {
  const { nft } = inNamespace(NETNS, () => tables.read(NETNS, 1n, false));
  if (!nft) throw new Error("no table");
  return nft;
}
const isListedAs = (table: NftTable) => expect(tableChanges(table, list()), JSON.stringify(list())).toEqual([]);

const chain = (name: string, over: Partial<NftBaseChain> = {}): NftBaseChain =>
  ({ name, type: "filter", hook: "forward", priority: 0, policy: "drop", rules: [], ...over });
const tableOf = (...chains: NftTable["chains"]): NftTable => ({ name: "vpclab", counters: [], sets: [], chains });
const forwarding = (...expressions: NftExpression[]): NftTable => tableOf(chain("forwarding", { rules: [rule("subnet-0a1b2c3d4e5f", ...expressions)] }));

beforeAll(() => runner.run({ file: "ip", args: ["netns", "add", NETNS] }));
afterAll(() => {
  contexts.drop(NETNS);
  return runner.run({ file: "ip", args: ["netns", "delete", NETNS] });
});

describe("a table that is loaded is listed as it was written", () => {
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
    ["a range of addresses", [{ match: { left: SOURCE, op: "==", right: addressRange(0x0a000005, 0x0a000063) } }, ACCEPT]],
    ["not from these devices", [notFromMac("02:00:00:00:00:01", "02:00:00:00:00:02"), DROP]],
    ["a reply", [isReply, ACCEPT]],
    ["a new connection", [isNew, ACCEPT]],
    ["a translated connection", [isTranslatedInwards, ACCEPT]],
    ["for this host", [isForThisHost, DROP]],
    ["echo requests", [isEchoRequest, ACCEPT]],
    ["a port", [toPort("tcp", 443), ACCEPT]],
    ["ports", [toPort("udp", { set: [53, 123, portRange(6000, 7000)] }), ACCEPT]],
    ["a range of ports", [toPort("tcp", portRange(0, 65535)), ACCEPT]],
    ["a protocol", [ofProtocol("tcp"), ACCEPT]],
    ["protocols", [ofProtocol("tcp", "udp", "icmp"), RETURN]],
    ["a mark", [setMark(0x7650), ACCEPT]],
  ];

  it.each(forms)("%s", (_form, expressions) => {
    load(forwarding(...expressions));
    isListedAs(forwarding(...expressions));
  });

  it("named sets and counters, jumps and maps", () => {
    const set = (name: string, interval: boolean, elements: NftSet["elements"]): NftSet => ({ name, type: "ipv4_addr", interval, elements });
    const table: NftTable = {
      name: "vpclab",
      counters: ["c-sgr-1", "c-sgr-2"],
      sets: [set("sg-empty", false, []), set("sg-some", false, ["10.0.1.9", "10.0.1.10"]), set("ranges", true, [{ prefix: { addr: "10.0.0.0", len: 8 } }, "192.0.2.7"])],
      chains: [
        { name: "sg-in-1", type: null, rules: [rule("sgr-1", inSet(SOURCE, "sg-some"), countBy("c-sgr-1"), ACCEPT), rule("sgr-2", inSet(SOURCE, "ranges"), countBy("c-sgr-2"), ACCEPT)] },
        { name: "leaf", type: null, rules: [] },
        chain("incoming", {
          hook: "input", rules: [
            rule("to-group", jump("sg-in-1")), rule("tail", goto("leaf")),
            rule("by-port", byValue({ payload: { protocol: "tcp", field: "dport" } }, [[22, DROP], [portRange(80, 90), jump("leaf")]])),
            rule("by-link", byValue({ meta: { key: "iifname" } }, [["br-a", jump("leaf")], ["br-b", RETURN]])),
          ],
        }),
      ],
    };
    load(table);
    isListedAs(table);
  });

  it("translation in both directions, and every hook", () => {
    const table = tableOf(
      chain("raw", { hook: "prerouting", priority: -300, policy: "accept", rules: [rule("ipv6", isIpv6, DROP), rule("untracked", from("10.0.0.0/8"), UNTRACKED)] }),
      chain("inwards", { type: "nat", hook: "prerouting", priority: -100, policy: "accept", rules: [rule("a", to("198.51.100.130"), toAddress("10.0.1.2")), rule("b", toPort("tcp", 8080), toAddress("10.0.1.3", 80))] }),
      chain("incoming", { hook: "input" }),
      chain("outgoing", { hook: "output" }),
      chain("outwards", {
        type: "nat", hook: "postrouting", priority: 100, policy: "accept",
        rules: [rule("nat", ofProtocol("tcp", "udp"), fromAddress("10.0.1.9", [1024, 65535])), rule("plain", fromAddress("10.0.1.9")), rule("igw", goesOutBy("up"), COUNT, MASQUERADE)],
      }),
    );
    load(table);
    isListedAs(table);
  });

  it("every table that a lab with every kind of object compiles to", () => {
    const doc = mixedLab();
    const compiled = Object.values(compileTopology(doc, testContext(doc))).flatMap((space) => space.nft ?? []);
    expect(compiled.length).toBeGreaterThan(6);
    for (const table of compiled) {
      load(table);
      isListedAs(table);
    }
  });
});

describe("a change", () => {
  const wanted = (...ports: number[]): NftTable => ({
    name: "vpclab", counters: ports.map((port) => `c-${port}`), sets: [{ name: "sg-a", type: "ipv4_addr", interval: false, elements: ports.map((port) => `10.0.0.${port}`) }],
    chains: [
      { name: "sg-in-a", type: null, rules: ports.map((port) => rule(`r${port}`, inSet(SOURCE, "sg-a"), toPort("tcp", port), countBy(`c-${port}`), ACCEPT)) },
      chain("incoming", { hook: "input", rules: [rule("a", jump("sg-in-a"))] }),
    ],
  });

  it("leads to the wanted table without replacing it", () => {
    load(wanted(22, 80));
    for (const next of [wanted(80, 90, 91), wanted(91), wanted(22, 80)]) {
      const changes = tableChanges(next, list());
      expect(changes?.length).toBeGreaterThan(0);
      run(changesScript(changes ?? []));
      isListedAs(next);
    }
  });

  it("that is wrong in one place changes nothing at all", () => {
    load(wanted(22));
    const complaint = inNamespace(NETNS, () => contexts.run(NETNS, "delete chain inet vpclab sg-in-a\ndelete set inet vpclab nosuchset\n"));
    expect(complaint).toContain("No such file or directory");
    isListedAs(wanted(22));
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
    load(table);
    isListedAs(table);
    await inside(["nft", "-f", "-"], `${script}\n`);
    expect(tableChanges(table, list())).not.toEqual([]);
    load(table);
    isListedAs(table);
  });

  it("a table of another name", async () => {
    await inside(["nft", "add", "table", "ip", "theirs"]);
    expect(inNamespace(NETNS, () => tables.read(NETNS, 1n, false)).foreignTables).toEqual(["ip theirs"]);
    expect(inNamespace(NETNS, () => new NftTables().read(NETNS, 1n, true)).foreignTables, "but on a host no other is looked at").toEqual([]);
    await inside(["nft", "delete", "table", "ip", "theirs"]);
    expect(inNamespace(NETNS, () => tables.read(NETNS, 1n, false)).foreignTables).toEqual([]);
  });

  it("traffic through counters is no change", async () => {
    const table: NftTable = { ...tableOf(chain("in", { hook: "input", policy: "accept", rules: [rule("all", COUNT, countBy("c-1"), ACCEPT)] })), counters: ["c-1"] };
    load(table);
    await inside(["ip", "link", "set", "lo", "up"]);
    await inside(["ping", "-n", "-c", "1", "127.0.0.1"]);
    const listed = (await inside(["nft", "list", "table", "inet", "vpclab"])).stdout;
    expect(listed).not.toContain("packets 0");
    expect(tableChanges(table, inNamespace(NETNS, () => new NftTables().read(NETNS, 1n, false)).nft ?? list())).toEqual([]);
  });
});
