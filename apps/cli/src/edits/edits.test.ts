import { describe, expect, it } from "vitest";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import { EMPTY_TOPOLOGY, type Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { allowCidr } from "./allow-cidr";
import { deleteObject, describeDependents } from "./delete-edits";
import { inSteps, type Edit } from "./edit";
import { associate, createElasticIp, disassociate } from "./eip-edits";
import { setFirewall } from "./firewall-edits";
import { createInternetGateway, createNatGateway, disableNat, enableNat } from "./gateway-edits";
import { createInstance, deployWebServer, NO_INSTANCE_CHANGE, setInstance, stopApp } from "./instance-edits";
import { addEntry, createNetworkAcl, removeEntry } from "./nacl-edits";
import { createPeering, deletePeering, isolateVpcs } from "./peer-edits";
import { find } from "./place";
import { addRoute, createRouteTable, deleteRoute, describeTarget } from "./route-edits";
import { allowTraffic, createGroup, revokeTraffic } from "./sg-edits";
import { createSubnet, setSubnet, typeOf, type WantedType } from "./subnet-edits";
import { readPorts, type TrafficOptions } from "./traffic";
import { createVpc, setVpc } from "./vpc-edits";

const ABSENT = { name: null, vpc: null, subnet: null, cidr: null, type: null, address: null, table: null } as const;
const vpc = (name: string, cidr: string | null = null) => createVpc({ name, cidr, reachableFromHost: null, dns: null });
const subnet = (name: string, type: WantedType | null = null, cidr: string | null = null) => createSubnet({ ...ABSENT, name, type, cidr });
const peer = (a: string, b: string, withAccess = true) => createPeering({ vpc: a, peer: b, name: null, withAccess });
const traffic = (set: Partial<TrafficOptions>): TrafficOptions => ({ tcp: null, udp: null, icmp: false, all: false, from: null, to: null, ...set });

/** The document after edits that must all be accepted. */
function after(...edits: Edit[]): Topology {
  return edits.reduce((doc, edit) => {
    const made = edit(doc);
    if (!made.ok) throw new Error(made.error.map(({ message }) => message).join(" "));
    if (made.value === null) return doc;
    const edited = applyEdit(doc, made.value);
    if (!edited.ok) throw new Error(edited.error.map(({ message }) => message).join(" "));
    return edited.value.document;
  }, EMPTY_TOPOLOGY);
}

/** What an edit answers: `nothing`, `changes`, or the code and text of its refusal. */
function answer(doc: Topology, edit: Edit): string {
  const made = edit(doc);
  if (!made.ok) return `${made.error[0]?.code}: ${made.error[0]?.message}`;
  if (made.value === null) return "nothing";
  const edited = applyEdit(doc, made.value);
  return edited.ok ? "changes" : `${edited.error[0]?.code}: ${edited.error[0]?.message}`;
}

function get<K extends Parameters<typeof find>[1]>(doc: Topology, kind: K, name: string) {
  const found = find(doc, kind, { name });
  if (!found.ok) throw new Error(found.error[0]?.message);
  return found.value;
}

/** Routes of a subnet's table, e.g. `10.1.0.0/16 peering connection “a-b”`. */
const routesOf = (doc: Topology, name: string): string[] =>
  routeTableOf(indexTopology(doc), get(doc, "subnet", name)).routes.map((route) => `${route.destination} ${describeTarget(doc, route).replace(/igw-[0-9a-f]+/, "igw")}`);

const prod = [vpc("prod", "10.0.0.0/16"), subnet("prod/public", "public"), subnet("prod/private")];
const two = [...prod, vpc("dev", "10.1.0.0/16"), subnet("dev/public"), subnet("dev/private")];

describe("creating what is there already", () => {
  const doc = after(...two, peer("prod", "dev"), createInstance({ ...ABSENT, name: "prod/public/web", groups: [], webServerPort: null }), createElasticIp("ip"));
  it.each<[string, Edit, string | RegExp]>([
    ["VPC, same", vpc("prod", "10.0.0.0/16"), "nothing"],
    ["VPC, nothing asked", vpc("prod"), "nothing"],
    ["VPC, other CIDR", vpc("prod", "10.9.0.0/16"), /^CONFLICT: VPC “prod” exists already with other content: CIDR is 10\.0\.0\.0\/16, not 10\.9\.0\.0\/16\./],
    ["subnet, same", subnet("prod/public", "public", "10.0.1.0/24"), "nothing"],
    ["subnet, other type and CIDR", subnet("prod/public", "private", "10.0.7.0/24"), /^CONFLICT: Subnet “prod\/public” .*CIDR is 10\.0\.1\.0\/24, not 10\.0\.7\.0\/24; type is public, not private/],
    ["instance, same", createInstance({ ...ABSENT, name: "prod/public/web", groups: ["default"], webServerPort: null }), "nothing"],
    ["instance, other address", createInstance({ ...ABSENT, name: "prod/public/web", address: "10.0.1.99", groups: [], webServerPort: null }), /^CONFLICT: .*address is 10\.0\.1\.3, not 10\.0\.1\.99/],
    ["peering, same", peer("dev", "prod"), "nothing"],
    ["peering, other name", createPeering({ vpc: "prod", peer: "dev", name: "other", withAccess: true }), /^CONFLICT: .*peered already, by “prod-dev”/],
    ["gateway, same", createInternetGateway("prod", null), "nothing"],
    ["gateway, other name", createInternetGateway("prod", "other"), /^CONFLICT: .*name is prod-igw, not other/],
    ["Elastic IP", createElasticIp("ip"), "nothing"],
    ["group", createGroup({ ...ABSENT, name: "prod/default" }, "mine"), /^CONFLICT/],
    ["ACL", createNetworkAcl({ ...ABSENT, name: "prod/default" }), "nothing"],
    ["table", createRouteTable({ ...ABSENT, name: "prod/main" }), "nothing"],
  ])("%s", (_what, edit, expected) => {
    if (typeof expected === "string") expect(answer(doc, edit)).toBe(expected);
    else expect(answer(doc, edit)).toMatch(expected);
  });
});

describe("names that lead nowhere", () => {
  const doc = after(...two);
  it.each<[string, Edit, RegExp]>([
    ["a VPC", setVpc("pord", { newName: null, cidr: null, reachableFromHost: true, dns: null }), /^NOT_FOUND: .*did you mean “prod”\?/],
    ["a subnet's VPC", subnet("prdo/web"), /^NOT_FOUND: There is no VPC “prdo”; did you mean “prod”\?/],
    ["no VPC at all", subnet("web"), /^SCHEMA: Which VPC is the subnet in\?/],
    ["an instance's subnet", createInstance({ ...ABSENT, name: "prod/pubic/web", groups: [], webServerPort: null }), /^NOT_FOUND: .*“prod\/pubic”; did you mean “prod\/public”\?/],
    ["a group", createInstance({ ...ABSENT, name: "prod/public/web", groups: ["wbe"], webServerPort: null }), /^NOT_FOUND: There is no security group/],
    ["an ambiguous subnet", setSubnet({ name: "public" }, { type: "private", newName: null, cidr: null, routeTable: null, networkAcl: null, autoAssignPublicAddress: null }), /^CONFLICT: “public” could be dev\/public or prod\/public/],
    ["a peering", deletePeering({ name: "prod", peer: "dev" }), /^NOT_FOUND: “prod” and “dev” are not peered/],
    ["a route", deleteRoute({ ...ABSENT, table: "prod/main" }, "10.9.0.0/16", false), /^NOT_FOUND: Table “main” has no route for 10\.9\.0\.0\/16/],
    ["a rule", revokeTraffic({ name: "prod/default" }, traffic({ tcp: "80", from: "0.0.0.0/0" }), false), /^NOT_FOUND: “default” has no such rule; it has sgr-/],
    ["an entry", removeEntry({ name: "prod/default" }, { direction: "ingress", number: 7 }, false), /^NOT_FOUND: .*it has 100/],
    ["a VPC by CIDR", isolateVpcs("10.0.0.0/16", "10.7.0.0/16"), /^NOT_FOUND: No VPC has 10\.7\.0\.0\/16; there is .*prod 10\.0\.0\.0\/16/],
    ["a malformed CIDR", subnet("prod/web", null, "10.0.9.0/2x"), /^CIDR_SYNTAX/],
    ["a port", allowTraffic({ name: "prod/default" }, traffic({ tcp: "ssh", from: "0.0.0.0/0" }), null), /^PORT: “ssh” is no port/],
  ])("%s", (_what, edit, expected) => expect(answer(doc, edit)).toMatch(expected));
});

describe("deleting", () => {
  const doc = after(...two, peer("prod", "dev"));
  it("a VPC takes everything in it, and leaves nothing of its peerings in the peer", () => {
    expect(describeDependents(doc, get(doc, "vpc", "prod").id)).toBe("2 subnets, 2 instances, internet gateway “prod-igw”, peering connection “prod-dev”");
    const left = after(...two, peer("prod", "dev"), deleteObject("vpc", { name: "prod" }, false));
    expect(left.peerings).toEqual([]);
    expect(routesOf(left, "dev/public")).toEqual([]);
    expect(left.securityGroups.flatMap(({ rules }) => rules.map(({ description }) => description))).toEqual(["", ""]);
  });

  it("what is not there is an error, or nothing with --if-exists; also where its VPC is missing", () => {
    expect(answer(doc, deleteObject("vpc", { name: "staging" }, false))).toMatch(/^NOT_FOUND/);
    expect(answer(doc, deleteObject("vpc", { name: "staging" }, true))).toBe("nothing");
    expect(answer(doc, deleteObject("subnet", { name: "web", vpc: "staging" }, true))).toBe("nothing");
    // Not knowing which one is no reason to delete nothing silently.
    expect(answer(doc, deleteObject("subnet", { name: "public" }, true))).toMatch(/^CONFLICT/);
  });

  it("a peering blocks again: routes and rules go with it", () => {
    const left = after(...two, peer("prod", "dev"), deletePeering({ name: "dev", peer: "prod" }));
    expect(left.peerings).toEqual([]);
    expect(["prod/public", "prod/private", "dev/public"].map((name) => routesOf(left, name))).toEqual([["0.0.0.0/0 internet gateway “prod/prod-igw”"], [], []]);
    expect(left.securityGroups.every(({ rules }) => rules.length === 2)).toBe(true);
  });
});

describe("public the older way", () => {
  const waiting = [vpc("prod"), subnet("prod/public", "waiting"), subnet("prod/private", "private")];
  it("has no way out until the VPC gets its gateway", () => {
    const before = after(...waiting);
    const at = (doc: Topology, name: string) => [typeOf(indexTopology(doc), get(doc, "subnet", name)), subnetType(indexTopology(doc), get(doc, "subnet", name))];
    expect(at(before, "public")).toEqual(["public", "private"]);
    expect(routesOf(before, "public")).toEqual(["0.0.0.0/0 blackhole (igw is gone)"]);
    const on = after(...waiting, enableNat({ vpc: "prod", subnets: "waiting" }));
    expect(at(on, "public")).toEqual(["public", "public"]);
    expect(at(on, "private")).toEqual(["private", "private"]);
    const off = after(...waiting, enableNat({ vpc: "prod", subnets: "waiting" }), disableNat("prod", null));
    expect(at(off, "public")).toEqual(["public", "private"]);
    const again = after(...waiting, enableNat({ vpc: "prod", subnets: "waiting" }), disableNat("prod", null), enableNat({ vpc: "prod", subnets: "waiting" }));
    expect(at(again, "public")).toEqual(["public", "public"]);
  });

  it("is said of one subnet after it was made without a type", () => {
    const doc = after(vpc("vpc1"), subnet("vpc1/publicsub"), subnet("vpc1/privatesub"), enableNat({ vpc: "vpc1", subnets: ["publicsub"] }));
    expect(doc.subnets.map((one) => `${one.name} ${subnetType(indexTopology(doc), one)}`).sort()).toEqual(["privatesub private", "publicsub public"]);
    expect(answer(doc, enableNat({ vpc: "vpc1", subnets: ["publicsub"] }))).toBe("nothing");
  });

  it("a second one shares the table, and one made after the gateway is public at once", () => {
    const doc = after(...waiting, subnet("prod/public2", "waiting"), enableNat({ vpc: "prod", subnets: "waiting" }), subnet("prod/public3", "waiting"));
    expect(new Set(["public", "public2", "public3"].map((name) => get(doc, "subnet", name).routeTableId)).size).toBe(1);
  });
});

describe("peering", () => {
  it("a subnet added afterwards has the routes, too", () => {
    const doc = after(...two, peer("prod", "dev"), subnet("prod/late"), subnet("prod/late2", "public"));
    expect(routesOf(doc, "prod/late")).toEqual(["10.1.0.0/16 peering connection “prod-dev”"]);
    expect(routesOf(doc, "prod/late2")).toContain("10.1.0.0/16 peering connection “prod-dev”");
  });

  it("without access stands there, and the second call brings what is missing", () => {
    const bare = after(...two, peer("prod", "dev", false));
    expect(routesOf(bare, "prod/private")).toEqual([]);
    expect(answer(bare, peer("prod", "dev", false))).toBe("nothing");
    expect(routesOf(after(...two, peer("prod", "dev", false), peer("prod", "dev")), "prod/private")).toHaveLength(1);
  });

  it("limited to two subnets gives those two a route and one direction a rule; the others keep nothing", () => {
    const steps = [...two, peer("prod", "dev", false), allowCidr("10.0.1.0/24", "10.1.1.0/24")];
    const doc = after(...steps);
    expect(routesOf(doc, "prod/public")).toContain("10.1.1.0/24 peering connection “prod-dev”");
    expect(routesOf(doc, "dev/public")).toEqual(["10.0.1.0/24 peering connection “prod-dev”"]);
    expect([routesOf(doc, "prod/private"), routesOf(doc, "dev/private")]).toEqual([[], []]);
    const rulesFrom = (document: Topology, name: string) => document.securityGroups.filter((group) => group.vpcId === get(document, "vpc", name).id)
      .flatMap(({ rules }) => rules.flatMap((rule) => ("cidr" in rule.peer && rule.direction === "ingress" ? [rule.peer.cidr] : [])));
    expect([rulesFrom(doc, "prod"), rulesFrom(doc, "dev")]).toEqual([[], ["10.0.1.0/24"]]);
    expect(answer(doc, allowCidr("10.0.1.0/24", "10.1.1.0/24"))).toBe("nothing");
    const both = after(...steps, allowCidr("10.1.1.0/24", "10.0.1.0/24"));
    expect([rulesFrom(both, "prod"), rulesFrom(both, "dev")]).toEqual([["10.1.1.0/24"], ["10.0.1.0/24"]]);
    const isolated = after(...steps, isolateVpcs("10.0.0.0/16", "10.1.0.0/16"));
    expect([...routesOf(isolated, "dev/public"), ...rulesFrom(isolated, "dev")]).toEqual([]);
  });

  it("is needed before a range can be allowed", () => {
    expect(answer(after(...two), allowCidr("10.0.1.0/24", "10.1.1.0/24"))).toMatch(/^NOT_FOUND: The VPCs of prod\/public and dev\/public are not peered/);
    expect(answer(after(...two), allowCidr("10.0.1.0/24", "10.0.2.0/24"))).toBe("nothing");
  });
});

describe("the smaller nouns", () => {
  const doc = after(...prod, createNatGateway({ ...ABSENT, name: "prod/public/nat" }), createRouteTable({ ...ABSENT, name: "prod/out" }));
  it("a route leads to what is named; another target needs --replace", () => {
    const route = (via: string, replace = false) => addRoute({ ...ABSENT, table: "prod/out", destination: "0.0.0.0/0", via, replace });
    expect(answer(doc, route("igw"))).toBe("changes");
    expect(answer(doc, route("nat"))).toBe("changes");
    const routed = after(...prod, createNatGateway({ ...ABSENT, name: "prod/public/nat" }), createRouteTable({ ...ABSENT, name: "prod/out" }), route("nat"),
      setSubnet({ name: "prod/private" }, { type: null, newName: null, cidr: null, routeTable: "out", networkAcl: null, autoAssignPublicAddress: null }));
    expect(routesOf(routed, "prod/private")).toEqual(["0.0.0.0/0 NAT gateway “prod/public/nat”"]);
    expect(answer(routed, route("nat"))).toBe("nothing");
    expect(answer(routed, route("igw"))).toMatch(/^CONFLICT: Table “out” leads 0\.0\.0\.0\/0 to NAT gateway “prod\/public\/nat”, not to “igw”/);
    expect(answer(routed, route("igw", true))).toBe("changes");
  });

  it("a rule of a group is allowed once and revoked by the same words", () => {
    const web = traffic({ tcp: "80", from: "0.0.0.0/0" });
    const made = after(...prod, createGroup({ ...ABSENT, name: "prod/web" }, null), allowTraffic({ name: "web" }, web, null));
    expect(answer(made, allowTraffic({ name: "web" }, web, null))).toBe("nothing");
    expect(answer(made, allowTraffic({ name: "default", vpc: "prod" }, traffic({ tcp: "5432", from: "web" }), null))).toBe("changes");
    expect(get(after(...prod, createGroup({ ...ABSENT, name: "prod/web" }, null), allowTraffic({ name: "web" }, web, null), revokeTraffic({ name: "web" }, web, false)), "security-group", "web").rules).toHaveLength(1);
  });

  it("an entry of an ACL gets the next number before the rule that allows all", () => {
    const deny = addEntry({ name: "prod/default" }, { action: "deny", number: null, traffic: traffic({ tcp: "22", from: "0.0.0.0/0" }) });
    const made = after(...prod, deny);
    expect(get(made, "network-acl", "default").entries.map(({ number, action }) => `${number} ${action}`)).toEqual(["100 allow", "100 allow", "10 deny"]);
    expect(answer(made, deny)).toBe("nothing");
    expect(answer(made, addEntry({ name: "prod/default" }, { action: "allow", number: 10, traffic: traffic({ tcp: "23", from: "0.0.0.0/0" }) }))).toMatch(/^CONFLICT: .*entry 10 already: deny tcp 22/);
  });

  it("a web server is put on a subnet's instance and taken off again", () => {
    const served = after(...prod, deployWebServer({ name: "public", vpc: "prod" }, 8000));
    expect(get(served, "instance", "prod/public").webServer).toEqual({ port: 8000 });
    expect(answer(served, deployWebServer({ name: "prod-public" }, 8000))).toBe("nothing");
    expect(answer(served, stopApp({ name: "prod/public" }))).toBe("changes");
    expect(answer(served, setInstance({ name: "prod/private" }, { ...NO_INSTANCE_CHANGE, subnet: "prod/public" }))).toBe("changes");
  });

  it("an Elastic IP is associated by names and set free", () => {
    const made = after(...prod, createElasticIp("ip"), associate("ip", "prod/public"));
    expect(answer(made, associate("ip", "prod-public"))).toBe("nothing");
    expect(answer(made, disassociate("ip"))).toBe("changes");
  });

  it("a firewall is replaced as a whole; the same one changes nothing", () => {
    const firewall = { defaults: { ingress: "deny", egress: "allow" }, rules: [] } as const;
    const made = after(...prod, setFirewall({ name: "prod/public" }, { ...firewall, rules: [] }));
    expect(answer(made, setFirewall({ name: "prod/public" }, { ...firewall, rules: [] }))).toBe("nothing");
    expect(answer(made, setFirewall({ name: "prod/public" }, null))).toBe("changes");
  });

  it("steps are one command, and one that is refused refuses them all", () => {
    expect(after(inSteps(...two, peer("prod", "dev")))).toMatchObject({ peerings: [{ name: "prod-dev" }] });
    expect(answer(EMPTY_TOPOLOGY, inSteps(vpc("prod"), subnet("prod/a", null, "10.99.0.0/24")))).toMatch(/^CIDR_OUTSIDE_VPC/);
  });

  it.each([["80", { from: 80, to: 80 }], ["8000-8100", { from: 8000, to: 8100 }], ["all", null]])("ports %s", (text, ports) => expect(readPorts(text)).toEqual({ ok: true, value: ports }));
  it.each(["", "0", "080", "0x50", "ssh", "1e3", "1.5", "-1", "80-", "123456", "80,443"])("no ports: %j", (text) => expect(readPorts(text).ok).toBe(false));
});
