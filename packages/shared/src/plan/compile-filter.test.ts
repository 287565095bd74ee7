import { describe, expect, it } from "vitest";
import { testContext } from "../testing/builders";
import { entry, port, TinyLab, via } from "../testing/tiny-lab";
import type { Topology } from "../topology/topology";
import { compileTopology } from "./compile";
import type { CompileContext, HostGateway } from "./compile-context";
import { hostGateways } from "./compile-host";
import { ACCEPTED_MARK } from "./compile-host-table";
import type { KernelState, NftChain } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { ruleText } from "./render-nft";

const NO_POOL: Partial<CompileContext> = {
  publicAddresses: {}, host: { uplink: "uplink0", uplinkForwardingBefore: "0", publicPool: false, otherGateways: [], otherAccessLinks: [], closedVpcs: [], dnsUpstreams: [] },
};

/** v: public subnet `pub` with a NAT gateway, private `db` behind it. */
function lab(): TinyLab {
  const tiny = new TinyLab();
  tiny.vpc("v", "10.0.0.0/16");
  tiny.subnet("v/pub", "10.0.1.0/24", [via("0.0.0.0/0", "internet-gateway", "igw-v")]);
  tiny.subnet("v/db", "10.0.2.0/24", [via("0.0.0.0/0", "nat-gateway", "nat-nat")]);
  tiny.nat("v/pub/nat", 8);
  return tiny;
}

/** Rules of a chain as text, without counters and comments, links by their kind. */
function rulesOf(state: KernelState, namespace: string, chain: string): string[] {
  const found = state[namespace]?.nft?.chains.find(({ name }) => name === chain);
  if (!found) throw new Error(`no chain ${chain} in ${namespace}`);
  return found.rules.map((rule) => ruleText(rule).replace(/ comment "[^"]*"/g, "").replace(/\bcounter (name [^ ]+ )?/g, "").replace(/\b(br|igw|igh|pcx)-[a-z2-7]{10}/g, "$1"));
}
const compiled = (doc: Topology, overrides: Partial<CompileContext> = {}): KernelState => compileTopology(doc, testContext(doc, overrides));
const baseChains = (state: KernelState, namespace: string, hook: string): NftChain[] =>
  state[namespace]?.nft?.chains.filter((chain) => chain.type === "filter" && chain.hook === hook) ?? [];

describe("security groups in an instance's own namespace", () => {
  it("let answers through, then what a rule of any of its groups accepts", () => {
    const tiny = lab();
    const web = tiny.group("v", "web", [tiny.rule("ingress", "tcp", port(80, 90), { cidr: "10.0.0.0/8" }), tiny.rule("ingress", "icmp"), tiny.rule("egress")]);
    const ssh = tiny.group("v", "ssh", [tiny.rule("ingress", "tcp", port(22), { cidr: "192.0.2.1/32" })]);
    tiny.instance("v/pub/one", 20, [web, ssh]);
    const state = compiled(tiny.doc);
    expect(rulesOf(state, "v-pub-one", "incoming")).toEqual([
      "iifname lo accept", "ct state established,related accept", "meta nfproto ipv6 drop", "jump sg-in-v-web", "jump sg-in-v-ssh",
    ]);
    expect(rulesOf(state, "v-pub-one", "outgoing")).toContain("ip daddr 10.0.1.1 accept");
    expect(rulesOf(state, "v-pub-one", "sg-in-v-web")).toEqual(["ip saddr 10.0.0.0/8 tcp dport 80-90 accept", "meta l4proto icmp accept"]);
    expect(rulesOf(state, "v-pub-one", "sg-in-v-ssh")).toEqual(["ip saddr 192.0.2.1 tcp dport 22 accept"]);
    expect(rulesOf(state, "v-pub-one", "sg-out-v-ssh")).toEqual([]);
    for (const hook of ["input", "output", "forward"]) {
      expect(baseChains(state, "v-pub-one", hook)).toMatchObject([{ policy: "drop" }]);
    }
  });

  it("forward nothing, unless source/destination check is off: then both gates have to be passed", () => {
    const tiny = lab();
    tiny.middlebox("v/pub/fw", 30);
    const state = compiled(tiny.doc);
    expect(rulesOf(state, "v-pub", "forwarding")).toEqual([]);
    expect(state["v-pub"]?.sysctls["net.ipv4.ip_forward"]).toBe("0");
    expect(rulesOf(state, "v-pub-fw", "forwarding").at(-1)).toBe("jump sg-in-v-default");
    expect(rulesOf(state, "v-pub-fw", "forwarding-out").at(-1)).toBe("jump sg-out-v-default");
    const gates = baseChains(state, "v-pub-fw", "forward").map((chain) => (chain.type === null ? null : [chain.priority, chain.policy]));
    expect(gates).toEqual([[0, "drop"], [10, "drop"]]);
  });

  it("name other groups by a set of their members' addresses: of the own VPC, of an actively peered one, else of nobody", () => {
    const tiny = lab();
    tiny.vpc("w", "10.1.0.0/16");
    tiny.subnet("w/net", "10.1.1.0/24");
    const peering = tiny.peering("v", "w");
    const guests = tiny.group("w", "guests", []);
    tiny.instance("w/net/guest", 5, [guests]);
    const own = tiny.group("v", "own", []);
    tiny.instance("v/db/own", 6, [own]);
    const door = tiny.group("v", "door", [
      tiny.rule("ingress", "tcp", port(1), { securityGroupId: guests.id }), tiny.rule("ingress", "tcp", port(2), { securityGroupId: own.id }),
      tiny.rule("ingress", "tcp", port(3), { goneSecurityGroupId: "sg-gone" }),
    ]);
    tiny.instance("v/pub/door", 21, [door]);
    const setsOf = () => Object.fromEntries(compiled(tiny.doc)["v-pub-door"]?.nft?.sets.map((set) => [set.name, set.elements]) ?? []);
    expect(setsOf()).toEqual({ "sg-w-guests": ["10.1.1.5"], "sg-v-own": ["10.0.2.6"] });
    expect(rulesOf(compiled(tiny.doc), "v-pub-door", "sg-in-v-door")).toEqual(["ip saddr @sg-w-guests tcp dport 1 accept", "ip saddr @sg-v-own tcp dport 2 accept"]);
    peering.status = "pending-acceptance";
    expect(setsOf()).toEqual({ "sg-w-guests": [], "sg-v-own": ["10.0.2.6"] });
  });
});

describe("a VPC's router", () => {
  it("passes ACLs first: out of the subnet left, into the one entered, by number, and what no entry names is dropped", () => {
    const tiny = lab();
    tiny.acl("v/db", [entry("ingress", 200, "allow"), entry("ingress", 100, "deny", "tcp", port(22), "10.0.1.0/24"), entry("egress", 50, "allow", "udp")]);
    const state = compiled(tiny.doc);
    expect(rulesOf(state, "v", "acl-in-v-db")).toEqual(["ip saddr 10.0.1.0/24 tcp dport 22 drop", "return", "drop"]);
    expect(rulesOf(state, "v", "acl-out-v-db")).toEqual(["meta l4proto udp return", "drop"]);
    const forwarding = rulesOf(state, "v", "forwarding");
    expect(forwarding.slice(0, 3)).toEqual([
      "iifname br oifname br accept",
      expect.stringMatching(/^iifname vmap \{ br : jump acl-out-.* br : jump acl-out-.* \}$/) as string,
      expect.stringMatching(/^oifname vmap \{ br : jump acl-in-.* br : jump acl-in-.* \}$/) as string,
    ]);
    expect(baseChains(state, "v", "forward")).toMatchObject([{ policy: "drop" }]);
  });

  it("checks sources, except those of NAT gateways and of instances without the check", () => {
    const tiny = lab();
    tiny.middlebox("v/db/fw", 30);
    const state = compiled(tiny.doc);
    const [nat, fw] = ["v-pub-nat", "v-db-fw"].map((namespace) => state[namespace]?.links[0]?.mac);
    expect(rulesOf(state, "v", "from-subnet-v-pub")).toEqual([
      `ip saddr != 10.0.1.0/24 ether saddr != ${nat} drop`, "ip daddr != { 0.0.0.0-9.255.255.255, 10.1.0.0-255.255.255.255 } notrack",
    ]);
    expect(rulesOf(state, "v", "from-subnet-v-db")).toEqual([`ip saddr != 10.0.2.0/24 ether saddr != ${fw} drop`, "notrack"]);
    expect(rulesOf(state, "v", "guard")[0]).toBe("meta nfproto ipv6 drop");
  });

  it("with a pool: translates 1:1, and lets out by the gateway only who has a public address", () => {
    const tiny = lab();
    const nat = tiny.doc.natGateways[0];
    if (nat) tiny.elasticIp(nat);
    const state = compiled(tiny.doc, { publicAddresses: { "eipalloc-nat-nat": "198.51.100.140" } });
    expect(rulesOf(state, "v", "inwards")).toEqual(["iifname igw ip daddr 198.51.100.140 dnat ip to 10.0.1.8"]);
    expect(rulesOf(state, "v", "outwards")).toEqual(["oifname igw ip saddr 10.0.1.8 snat ip to 198.51.100.140"]);
    expect(rulesOf(state, "v", "forwarding").at(-1)).toBe("iifname br oifname igw ip saddr 10.0.1.8 ip daddr != 169.254.0.0/16 accept");
    expect(state[HOST_NAMESPACE]?.routes).toMatchObject([{ destination: "198.51.100.140", via: "169.254.64.0", protocol: 118, owner: { objectId: "eipalloc-nat-nat" } }]);
  });

  it("without a pool: shares the host's address and lets published ports in", () => {
    const tiny = lab();
    const [main] = tiny.doc.instances;
    main?.publishedPorts.push({ protocol: "tcp", hostPort: 8080, port: 80 });
    const state = compiled(tiny.doc, NO_POOL);
    expect(rulesOf(state, "v", "outwards")).toEqual(["oifname igw masquerade"]);
    expect(rulesOf(state, "v", "inwards")).toEqual(["iifname igw ip daddr 169.254.64.0 tcp dport 8080 dnat ip to 10.0.1.2:80"]);
    expect(rulesOf(state, HOST_NAMESPACE, "inwards")).toEqual(["iifname uplink0 fib daddr type local tcp dport 8080 dnat ip to 169.254.64.0:8080"]);
    expect(state[HOST_NAMESPACE]?.routes).toEqual([]);
  });
});

describe("a NAT gateway", () => {
  it("forwards what its VPC opens, with its own address, and nothing that others open", () => {
    const state = compiled(lab().doc);
    expect(rulesOf(state, "v-pub-nat", "forwarding")).toEqual([
      "ct state established,related accept", "meta nfproto ipv6 drop", "iifname eth0 oifname eth0 ip saddr 10.0.0.0/16 ct state new accept",
    ]);
    expect(rulesOf(state, "v-pub-nat", "outwards")).toEqual([
      "oifname eth0 meta l4proto { tcp, udp } snat ip to 10.0.1.8:1024-65535", "oifname eth0 snat ip to 10.0.1.8",
    ]);
    expect(rulesOf(state, "v-pub-nat", "incoming")).toEqual([]);
    expect(baseChains(state, "v-pub-nat", "input")).toMatchObject([{ policy: "drop" }]);
  });
});

describe("the host", () => {
  const other: HostGateway = { link: "igh-other", routerAddress: "169.254.64.8", publicAddresses: ["198.51.100.200"], publishedPorts: [] };
  const withOther = (doc: Topology): KernelState => {
    const context = testContext(doc);
    return compileTopology(doc, { ...context, host: { ...context.host, otherGateways: [other] } });
  };

  it("lets a gateway out by the uplink only, to the internet only, with its own addresses only", () => {
    const tiny = lab();
    const state = compiled(tiny.doc, { publicAddresses: {} });
    const link = state[HOST_NAMESPACE]?.links[0]?.name ?? "";
    expect(rulesOf(state, HOST_NAMESPACE, `from-${link}`)).toEqual([
      "meta nfproto ipv6 drop", "oifname != uplink0 drop", "ip saddr != 169.254.64.0 drop",
      "ct state established,related meta mark set 0x76706c62 accept",
      "ip daddr { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 } drop", "meta mark set 0x76706c62 accept",
    ]);
    expect(ACCEPTED_MARK).toBe(0x76706c62);
  });

  it("covers the gateways of other topologies in its one table, and touches nothing else of theirs", () => {
    const state = withOther(lab().doc);
    expect(rulesOf(state, HOST_NAMESPACE, "to-igh-other")).toEqual([
      "meta nfproto ipv6 drop", "ct state established,related meta mark set 0x76706c62 accept",
      "iifname uplink0 ip daddr 198.51.100.200 meta mark set 0x76706c62 accept", "drop",
    ]);
    expect(state[HOST_NAMESPACE]?.links.map((link) => link.name)).not.toContain("igh-other");
    expect(state[HOST_NAMESPACE]?.routes).toEqual([]);
  });

  it("sees a document's gateways as the others' compile does", () => {
    const tiny = lab();
    const [main] = tiny.doc.instances;
    if (main) tiny.elasticIp(main);
    const context = testContext(tiny.doc);
    const [gateway] = hostGateways(tiny.doc, context);
    expect(gateway).toEqual({ link: expect.stringMatching(/^igh-/) as string, routerAddress: "169.254.64.0", publicAddresses: ["198.51.100.129"], publishedPorts: [] });
  });

  it("has no table left without gateways, and the uplink's forwarding is as before", () => {
    const state = compiled(new TinyLab().doc);
    expect(state[HOST_NAMESPACE]).toMatchObject({ nft: null, links: [], routes: [], sysctls: { "net/ipv4/conf/uplink0/forwarding": "0" } });
  });
});
