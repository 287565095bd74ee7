import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { fingerprint } from "./fingerprint";
import { Lab } from "./lab";
import { noteRuleset } from "./note-ruleset";
import { addressIn, edited, open, peered, threePeered, twoVpcs, vpcNamed, withSubnet } from "./older-labs";

/** What really breaks in the tools before: peerings. There a peering joins two layer-2 domains; here it is a routed link. */
const lab = new Lab();
let before: Awaited<ReturnType<typeof fingerprint>>;
beforeAll(async () => {
  await lab.sandbox.ensure();
  before = await fingerprint(lab);
});
afterAll(() => lab.sandbox.remove());
noteRuleset(lab, ["vpc1", "vpc2"]);
const apply = async (doc: Topology) => expect(await lab.apply(doc)).toEqual([]);
const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** Packets that a namespace's links have carried, both ways; of those whose name begins so. */
async function packets(namespace: string, prefix = ""): Promise<number> {
  const { stdout } = await lab.inside(namespace, "ip", "-s", "-j", "link");
  const links = JSON.parse(stdout) as { ifname: string; stats64: { rx: { packets: number }; tx: { packets: number } } }[];
  return links.filter(({ ifname }) => ifname !== "lo" && ifname.startsWith(prefix)).reduce((sum, { stats64: { rx, tx } }) => sum + rx.packets + tx.packets, 0);
}

describe("three VPCs peered pairwise", () => {
  const VPCS = ["vpc1", "vpc2", "vpc3"];
  const drawn = threePeered();
  const at = (vpc: string) => addressIn(drawn, vpc, "private");
  beforeAll(() => apply(drawn));

  it("reach each other, all pairs, both ways", async () => {
    const pairs = VPCS.flatMap((from) => VPCS.filter((to) => to !== from).map((to) => ({ from, to })));
    expect(await Promise.all(pairs.map(({ from, to }) => lab.pings(`${from}-private`, at(to))))).toEqual(pairs.map(() => true));
  });

  it("share no layer 2: a peering's link is in no bridge", async () => {
    for (const vpc of VPCS) {
      const links = JSON.parse((await lab.inside(vpc, "ip", "-j", "link")).stdout) as { ifname: string; master?: string }[];
      const peerings = links.filter(({ ifname }) => ifname.startsWith("pcx-"));
      expect(peerings.map(({ master }) => master)).toEqual([undefined, undefined]);
    }
  });

  it("make no loop: broadcasts of an idle network stay in their subnet, and nothing goes round", async () => {
    const onPeerings = () => Promise.all(VPCS.map((vpc) => packets(vpc, "pcx-")));
    const everywhere = async () => (await Promise.all(VPCS.map((vpc) => packets(vpc)))).reduce((a, b) => a + b);
    const [quiet, all] = [await onPeerings(), await everywhere()];
    // Broadcasts, multicasts and questions for addresses that nobody has; then a second of answered pings as the clock.
    await lab.inside("vpc1-private", "ping", "-n", "-b", "-c", "3", "-i", "0.1", "-W", "1", "10.1.1.255");
    await lab.inside("vpc1-private", "ping", "-n", "-c", "3", "-i", "0.1", "-W", "1", "224.0.0.1");
    const neighbour = at("vpc1").replace(/\.\d+$/, ".77");
    await lab.inside("vpc1-private", "ping", "-n", "-c", "1", "-W", "1", neighbour);
    const gateway = at("vpc1").replace(/\.\d+$/, ".1");
    expect((await lab.inside("vpc1-private", "ping", "-n", "-c", "50", "-i", "0.02", gateway)).exitCode).toBe(0);
    // Routers ask now and then whether their neighbour is still there (ARP).
    for (const [i, now] of (await onPeerings()).entries()) expect(now - quiet[i]!).toBeLessThan(30);
    expect(await everywhere() - all).toBeLessThan(500);
  });

  it("carry routed packets over the peering's own veth, and over no other", async () => {
    const [direct, around] = [await packets("vpc1", "pcx-"), await packets("vpc3", "pcx-")];
    expect((await lab.inside("vpc1-private", "ping", "-n", "-c", "10", "-i", "0.02", at("vpc2"))).exitCode).toBe(0);
    expect(await packets("vpc1", "pcx-") - direct).toBeGreaterThanOrEqual(20);
    // A detour would carry twenty; routers ask now and then whether their neighbour is still there (ARP).
    expect(await packets("vpc3", "pcx-") - around).toBeLessThan(10);
  });
});

describe("a peering with limits", () => {
  const both = open(peered(twoVpcs(), "vpc1", "vpc2"));
  const index = indexTopology(both);
  const privates = both.subnets.filter(({ name }) => name === "private");
  /** Public to public only: the private subnets' tables have no route to the peer, and nobody's leads to them. */
  const limited = edited(both, ...privates.map((subnet) => routeTableOf(index, subnet)).map((table) =>
    ({ op: "update", kind: "route-table", id: table.id, set: { routes: table.routes.filter(({ target }) => target.kind !== "peering") } }) as const));
  const at = (vpc: string, subnet: string) => addressIn(limited, vpc, subnet);
  beforeAll(() => apply(limited));

  it("joins public and public; private subnets stay blocked", async () => {
    expect([await lab.pings("vpc1-public", at("vpc2", "public")), await lab.pings("vpc2-public", at("vpc1", "public"))]).toEqual([true, true]);
    expect([await lab.pings("vpc1-private", at("vpc2", "public")), await lab.pings("vpc1-public", at("vpc2", "private"))]).toEqual([false, false]);
  });

  it.each(["172.16.0.0/16 dev eth0", "172.16.0.0/16 via 10.0.2.1 onlink dev eth0"])("is not bypassed by an on-link route: %s", async (route) => {
    await lab.inside("vpc1-private", "ip", "route", "replace", ...route.split(" "));
    expect(await Promise.all([at("vpc2", "public"), at("vpc2", "private")].map((address) => lab.pings("vpc1-private", address)))).toEqual([false, false]);
    await apply(limited);
    expect((await lab.inside("vpc1-private", "ip", "route", "show", "172.16.0.0/16")).stdout).toBe("");
  });

  it("a network ACL is not bypassed by an on-link route to another subnet of the VPC", async () => {
    const acl = limited.networkAcls.find(({ id }) => id === vpcNamed(limited, "vpc1").defaultNetworkAclId)!;
    await apply(edited(limited, { op: "update", kind: "network-acl", id: acl.id, set: { entries: [] } }));
    await lab.inside("vpc1-private", "ip", "route", "replace", "10.0.1.0/24", "dev", "eth0");
    expect(await lab.pings("vpc1-private", at("vpc1", "public"))).toBe(false);
    await apply(limited);
  });
});

describe("a VPC that is peered", () => {
  const both = open(peered(twoVpcs(), "vpc1", "vpc2"));
  const peer = addressIn(both, "vpc2", "private");

  it.each(["private", "public"] as const)("routes a %s subnet that is added later to its peers, and back", async (type) => {
    await apply(both);
    const later = open(withSubnet(both, "vpc1", "later", type));
    await apply(later);
    expect([await lab.pings("vpc1-later", peer), await lab.pings("vpc2-private", addressIn(later, "vpc1", "later"))]).toEqual([true, true]);
  });

  it("has its routes to the peer in the namespaces, where they are used, and none on the host", async () => {
    await apply(both);
    expect((await lab.inside("vpc1-private", "ip", "route", "get", peer)).stdout).toMatch(/via 10\.0\.2\.1 dev eth0/);
    expect((await lab.inside("vpc1-private", "ip", "route")).stdout).toMatch(/^172\.16\.0\.0\/16 via 10\.0\.2\.1 dev eth0/m);
    expect((await lab.inside("vpclab.host", "ip", "route")).stdout).not.toMatch(/172\.16|10\.0/);
  });

  it("is deleted without leaving objects or dead routes at its peer", async () => {
    await apply(both);
    const without = edited(both, { op: "delete", id: vpcNamed(both, "vpc2").id });
    await apply(without);
    expect(await lab.plan(without)).toEqual([]);
    expect(lines((await lab.runner.run({ file: "ip", args: ["netns", "list"] })).stdout).filter((line) => line.startsWith("vpc2"))).toEqual([]);
    expect((await lab.inside("vpc1", "ip", "-br", "link")).stdout).not.toMatch(/pcx-/);
    for (const namespace of ["vpc1-public", "vpc1-private", "vpclab.host"]) expect((await lab.inside(namespace, "ip", "route")).stdout).not.toMatch(/172\.16/);
    // What the drawing still says of it is a blackhole there as here, until somebody deletes the route.
    const left = lines((await lab.inside("vpc1", "ip", "route", "show", "table", "all")).stdout).filter((line) => line.includes("172.16"));
    expect(left.every((line) => line.startsWith("blackhole 172.16.0.0/16"))).toBe(true);
    expect(await lab.pings("vpc1-public", addressIn(without, "vpc1", "private"))).toBe(true);
  });

  it("leaves nothing when everything goes", async () => {
    await apply(EMPTY_TOPOLOGY);
    expect(await fingerprint(lab)).toEqual(before);
  });
});
