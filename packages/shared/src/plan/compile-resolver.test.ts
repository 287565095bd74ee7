import { describe, expect, it } from "vitest";
import { TinyLab, via } from "../testing/tiny-lab";
import { testContext } from "../testing/builders";
import type { Topology } from "../topology/topology";
import { compileTopology } from "./compile";
import type { NamespaceState, ResolverProcess } from "./kernel-state";
import { planChanges } from "./plan";
import { ruleText } from "./render-nft";
import { configurationHash, readResolverMark, resolverArgs, resolverConfiguration } from "./resolver-configuration";

const UPSTREAM = "203.0.113.53";

/** Two VPCs, v with a resolver and a subnet that holds the base + 2. */
function lab(): TinyLab {
  const tiny = new TinyLab();
  for (const [name, cidr] of [["v", "10.0.0.0/16"], ["w", "10.1.0.0/16"]] as const) Object.assign(tiny.vpc(name, cidr), { dnsSupport: true });
  tiny.subnet("v/pub", "10.0.1.0/24", [via("0.0.0.0/0", "internet-gateway", "igw-v")]);
  tiny.subnet("v/base", "10.0.0.0/24");
  Object.assign(tiny.doc.instances.at(-1)!, { address: "10.0.0.3" });
  tiny.instance("v/pub/db", 9);
  tiny.subnet("w/far", "10.1.1.0/24");
  return tiny;
}

function compiled(doc: Topology, dnsUpstreams: readonly string[] = [UPSTREAM]) {
  const context = testContext(doc);
  return compileTopology(doc, { ...context, host: { ...context.host, dnsUpstreams } });
}
const resolverIn = (space: NamespaceState | undefined): ResolverProcess => space?.workloads.find(({ kind }) => kind === "resolver") as ResolverProcess;
const chainText = (space: NamespaceState | undefined, name: string): string[] => space?.nft?.chains.find((chain) => chain.name === name)?.rules.map(ruleText) ?? [];

describe("a VPC's resolver", () => {
  it("answers at every gateway and at the base + 2, which the bridge of that subnet holds", () => {
    const { v } = compiled(lab().doc);
    expect(resolverIn(v).listen).toEqual(["10.0.1.1", "10.0.0.1", "10.0.0.2"]);
    expect(v?.links.flatMap(({ addresses }) => addresses)).toEqual(expect.arrayContaining(["10.0.0.1/24", "10.0.0.2/32"]));
  });

  it("knows its own instances, and a peer's only while the peering is active", () => {
    const tiny = lab();
    expect(resolverIn(compiled(tiny.doc)["v"]).records).toEqual([
      { names: ["main.pub.v.internal", "pub.v.internal"], address: "10.0.1.2" }, { names: ["db.pub.v.internal"], address: "10.0.1.9" },
      { names: ["main.base.v.internal", "base.v.internal"], address: "10.0.0.3" },
    ]);
    const peering = tiny.peering("v", "w");
    expect(resolverIn(compiled(tiny.doc)["v"]).records.at(-1)).toEqual({ names: ["main.far.w.internal", "far.w.internal"], address: "10.1.1.2" });
    Object.assign(peering, { status: "rejected" });
    expect(resolverIn(compiled(tiny.doc)["v"]).records).toHaveLength(3);
  });

  it("asks others by the internet gateway only: their routes are the router's own, and all else on port 53 is dropped", () => {
    const { v } = compiled(lab().doc);
    const gateway = v?.links.find(({ name }) => name.startsWith("igw-"))?.name;
    expect(v?.routes.filter(({ table }) => table === "12")).toMatchObject([{ destination: UPSTREAM, dev: gateway }]);
    expect(v?.rules.filter(({ iif }) => iif === "lo")).toMatchObject([{ table: "12" }]);
    expect(chainText(v, "outgoing").slice(1)).toEqual([
      ...["udp", "tcp"].map((protocol) => `oifname ${gateway} ip daddr ${UPSTREAM} ${protocol} dport 53 counter accept comment "resolver"`),
      ...["udp", "tcp"].map((protocol) => `${protocol} dport 53 counter drop comment "nobody-else"`),
    ]);
  });

  it("asks nobody without an internet gateway, nor where the host names nobody", () => {
    const tiny = lab();
    for (const state of [compiled(tiny.doc, []), compiled({ ...tiny.doc, internetGateways: [] })]) {
      expect(resolverIn(state["v"]).upstreams).toEqual([]);
      expect(state["v"]?.rules.filter(({ iif }) => iif === "lo")).toEqual([]);
      expect(chainText(state["v"], "outgoing").filter((text) => text.includes("accept"))).toHaveLength(1);
    }
  });

  it("is asked by its own subnets only, and no group or ACL has a say", () => {
    const state = compiled(lab().doc);
    const bridges = state["v"]?.links.filter(({ kind }) => kind === "bridge").map(({ name }) => name).join(", ");
    for (const text of chainText(state["v"], "incoming").filter((line) => line.includes("dport 53"))) {
      expect(text).toContain(`iifname { ${bridges} } ip saddr 10.0.0.0/16 ip daddr { 10.0.1.1, 10.0.0.1, 10.0.0.2 }`);
    }
    expect(chainText(state["v-pub"], "outgoing")[1]).toBe('ip daddr { 10.0.1.1, 10.0.0.2 } accept comment "router"');
  });

  it("is not there without the switch: no program, no file, no rule", () => {
    const tiny = lab();
    for (const vpc of tiny.doc.vpcs) vpc.dnsSupport = false;
    const state = compiled(tiny.doc);
    expect(Object.values(state).flatMap(({ workloads, resolvConf }) => [...workloads, ...(resolvConf === null ? [] : [resolvConf])])).toEqual([]);
    expect(JSON.stringify(state)).not.toContain("10.0.0.2/32");
    expect(state["v"]?.nft?.chains.map(({ name }) => name)).not.toContain("outgoing");
  });
});

describe("its configuration", () => {
  const resolver = () => resolverIn(compiled(lab().doc)["v"]);

  it("reads no file of the machine and asks only those named", () => {
    const lines = resolverConfiguration(resolver()).split("\n");
    expect(lines).toEqual(expect.arrayContaining(["no-resolv", "no-hosts", "bind-interfaces", "local=/internal/", `server=${UPSTREAM}`]));
    expect(lines.filter((line) => line.startsWith("server="))).toHaveLength(1);
    expect(resolverArgs(resolver())).toContain("--conf-file=-");
  });

  it.each(["a\nserver=192.0.2.1", "a,10.0.0.9", "a b", "#", "", ".", "a..b", "A.internal", "a/b", `${"a.".repeat(130)}b`])("refuses the name %j", (name) => {
    expect(() => resolverConfiguration({ ...resolver(), records: [{ names: [name], address: "10.0.0.9" }] })).toThrow(/names/);
    expect(() => resolverConfiguration({ ...resolver(), ownDomains: name === "#" ? ["##"] : [name] })).toThrow(/names/);
  });

  it.each(["10.0.0.1\nserver=192.0.2.1", "10.0.0.1#53", "::1", "", "host", "10.0.0.1/24"])("refuses the address %j", (address) => {
    expect(() => resolverConfiguration({ ...resolver(), listen: [address] })).toThrow(/addresses/);
    expect(() => resolverConfiguration({ ...resolver(), upstreams: [address] })).toThrow(/addresses/);
    expect(() => resolverConfiguration({ ...resolver(), ownCidrs: [`${address} `] })).toThrow(/prefixes/);
  });

  it("is told apart by its hash, which a running program carries in its arguments with what it belongs to", () => {
    const [one, other] = [resolver(), { ...resolver(), upstreams: [] }];
    expect(configurationHash(one)).not.toBe(configurationHash(other));
    const mark = resolverArgs(one).flatMap((argument) => readResolverMark(argument) ?? []);
    expect(mark).toEqual([{ configurationHash: configurationHash(one), objectId: one.owner.objectId, topologyId: one.owner.topologyId }]);
    expect(readResolverMark("--local=/internal/")).toBeNull();
  });
});

describe("a plan", () => {
  const doc = lab().doc;
  const wanted = compiled(doc);
  const scope = testContext(doc);
  const text = wanted["v-pub"]?.resolvConf ?? "";
  const seenWith = (resolvConf: "absent" | "closed" | { text: string }) => ({
    "v-pub": { name: "v-pub", mark: wanted["v-pub"]?.mark ?? "", loopbackUp: true, loopbackAddresses: [], sysctls: {}, links: [], routes: [], rules: [], nft: null, foreignTables: [], workloads: [], resolvConf },
  });
  const fileSteps = (state: typeof wanted, seen: ReturnType<typeof seenWith>) =>
    planChanges(state, seen, scope).filter(({ namespace, action }) => namespace === "v-pub" && action.startsWith("resolv-conf")).map(({ action }) => action);

  it("mends a resolv.conf of ours, and leaves somebody else's and a closed /etc alone", () => {
    expect(fileSteps(wanted, seenWith("absent"))).toEqual(["resolv-conf-write"]);
    expect(fileSteps(wanted, seenWith({ text: `${text}x` }))).toEqual(["resolv-conf-write"]);
    expect(fileSteps(wanted, seenWith({ text }))).toEqual([]);
    for (const foreign of ["", "nameserver 192.0.2.1\n", text.replace("agent1", "agent2"), ` ${text}`]) expect(fileSteps(wanted, seenWith({ text: foreign }))).toEqual([]);
    expect(fileSteps(wanted, seenWith("closed"))).toEqual([]);
  });

  it("removes it with its namespace, unless it is somebody else's", () => {
    const { ["v-pub"]: _gone, ...rest } = wanted;
    expect(fileSteps(rest, seenWith({ text }))).toEqual(["resolv-conf-delete"]);
    expect(fileSteps(rest, seenWith({ text: "nameserver 192.0.2.1\n" }))).toEqual([]);
  });
});
