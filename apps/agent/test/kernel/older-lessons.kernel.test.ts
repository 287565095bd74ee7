import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newInstance } from "@vpclab/shared/topology/new-object";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { seededRandom } from "@vpclab/shared/testing/builders";
import { listNetnsNames } from "../../src/host/netns";
import { fingerprint } from "./fingerprint";
import { addressIn, edited, open, peered, twoVpcs, vpcNamed, withSubnet, withVpc } from "./older-labs";
import { PlainHost, UPSTREAM } from "./plain-host";

/** The lessons that the tools before wrote down, each as a check, on a host whose settings are the ones that hurt (plain-host.ts). */
const host = new PlainHost();
const { lab } = host;
const apply = async (doc: Topology) => expect(await lab.apply(doc)).toEqual([]);
const out = async (namespace: string, ...argv: [string, ...string[]]): Promise<string> => (await lab.inside(namespace, ...argv)).stdout;
beforeAll(() => host.up("accept"));
afterAll(async () => {
  await lab.apply(EMPTY_TOPOLOGY);
  await host.down();
});

describe("a lesson of the tools before", () => {
  const drawn = open(peered(twoVpcs(), "vpc1", "vpc2"));
  const NAMESPACES = ["vpc1-public", "vpc1-private", "vpc2-public", "vpc2-private"] as const;
  const at = (instance: string) => addressIn(drawn, ...(instance.split("-") as [string, string]));
  beforeAll(() => apply(drawn));

  it("asymmetric routing: both directions of every allowed pair work, and the bridge has the subnet's gateway only, never the whole VPC", async () => {
    const pairs = NAMESPACES.flatMap((from) => NAMESPACES.filter((to) => to !== from).map((to) => ({ from, to })));
    expect(await Promise.all(pairs.map(({ from, to }) => lab.pings(from, at(to))))).toEqual(pairs.map(() => true));
    const bridges = (await out("vpc1", "ip", "-4", "-o", "address")).split("\n").filter((line) => / br-/.test(line));
    expect(bridges.map((line) => /inet (\S+)/.exec(line)?.[1]).sort()).toEqual(["10.0.1.1/24", "10.0.2.1/24"]);
  });

  it("reverse-path filter: whatever the host's default is, no namespace drops what comes back another way", async () => {
    for (const namespace of ["vpc1", "vpc2", ...NAMESPACES]) {
      const values = (await out(namespace, "sysctl", "-a", "-r", "^net\\.ipv4\\.conf\\..*\\.rp_filter$")).trim().split("\n");
      expect(values.filter((line) => !line.endsWith("= 0"))).toEqual([]);
    }
    expect(await lab.pings("vpc1-public", UPSTREAM)).toBe(true);
  });

  it("redirects: no router sends one and no instance heeds one", async () => {
    const random = seededRandom(3);
    const made = newInstance(drawn, drawn.subnets.find(({ vpcId, name }) => vpcId === vpcNamed(drawn, "vpc1").id && name === "private")!.id, random);
    if (!made.ok) throw new Error("no room");
    const two = open(edited(drawn, made.value.command));
    await apply(two);
    const neighbour = two.instances.find(({ id }) => id === made.value.id)!.address;
    await lab.inside("vpc1-private", "nft", "add table inet watch; add chain inet watch in { type filter hook input priority -300; }; add rule inet watch in icmp type redirect counter");
    // A detour by the router to a neighbour of the same subnet: what a redirect is made for.
    await lab.inside("vpc1-private", "ip", "route", "add", neighbour, "via", "10.0.2.1");
    expect((await lab.inside("vpc1-private", "ping", "-n", "-c", "3", "-i", "0.2", "-W", "1", neighbour)).exitCode).toBe(0);
    expect(await out("vpc1-private", "nft", "list", "table", "inet", "watch")).toContain("counter packets 0 ");
    await apply(drawn);
    for (const namespace of ["vpc1", ...NAMESPACES]) {
      const values = await out(namespace, "sysctl", "net.ipv4.conf.all.send_redirects", "net.ipv4.conf.all.accept_redirects");
      expect(values.match(/= 0$/gm)).toHaveLength(2);
    }
  });

  it("bridge netfilter: frames within a subnet meet no packet filter, on whichever host", async () => {
    const key = "net.bridge.bridge-nf-call-iptables";
    if (existsSync("/proc/sys/net/bridge")) expect((await out("vpc1", "sysctl", "-n", key)).trim()).toBe("0");
    else expect((await lab.inside("vpc1", "sysctl", "-n", key)).exitCode).not.toBe(0);
    expect(await lab.pings("vpc1-public", at("vpc1-private"))).toBe(true);
  });

  it("Docker's FORWARD policy: what stays within VPCs and over peerings never passes the host's firewall", async () => {
    await lab.runner.run({ file: "nft", args: ["chain ip filter FORWARD { policy drop; }"] });
    const pairs = NAMESPACES.flatMap((from) => NAMESPACES.filter((to) => to !== from).map((to) => ({ from, to })));
    expect(await Promise.all(pairs.map(({ from, to }) => lab.pings(from, at(to))))).toEqual(pairs.map(() => true));
    await lab.runner.run({ file: "nft", args: ["chain ip filter FORWARD { policy accept; }"] });
  });

  it("gateway addresses across VPCs: a router answers at its own subnets' gateways, and not for a peered VPC", async () => {
    expect(await lab.pings("vpc1-public", "10.0.1.1")).toBe(true);
    expect(await host.reached("vpc1-public", ["172.16.1.1", "172.16.2.1"])).toEqual({ pinged: [], connected: [] });
  });

  it("routes on the host instead of in the namespace: the host has none, the namespaces have theirs", async () => {
    expect(await host.ip("route")).not.toMatch(/^(10|172\.16)\./m);
    expect(await out("vpc1-private", "ip", "route")).toMatch(/^172\.16\.0\.0\/16 via 10\.0\.2\.1/m);
  });

  it("a gateway that is on link: every default route has its next hop in the namespace's own subnet", async () => {
    for (const namespace of NAMESPACES) expect(await out(namespace, "ip", "route", "show", "default")).toMatch(new RegExp(`^default via ${at(namespace).replace(/\d+$/, "1 ")}dev eth0`));
  });

  it("ip_forward: the host's own switch is not needed, nor changed", async () => {
    await lab.runner.run({ file: "sysctl", args: ["-qw", "net.ipv4.ip_forward=0"] });
    await apply(drawn);
    expect([await lab.pings("vpc1-public", at("vpc1-private")), await lab.pings("vpc1-public", UPSTREAM)]).toEqual([true, true]);
    expect((await lab.runner.run({ file: "sysctl", args: ["-n", "net.ipv4.ip_forward"] })).stdout.trim()).toBe("0");
  });
});

describe("names", () => {
  const LONG = ["a-very-long-name-of-thirty-aaa", "a-very-long-name-of-thirty-aab"] as const;
  const VPCS = ["vpc1", "vpc10", "prod-a", "prod-b", ...LONG];
  const all = () => {
    let doc: Topology = EMPTY_TOPOLOGY;
    for (const [i, vpc] of VPCS.entries()) {
      doc = withVpc(doc, vpc, `10.${i + 1}.0.0/16`);
      for (const [subnet, type] of [[LONG[0], "public"], [LONG[1], "private"]] as const) doc = withSubnet(doc, vpc, subnet, type);
    }
    return open(doc);
  };
  const drawn = all();
  const works = (vpc: string) => lab.pings(`${vpc}-${LONG[0]}`, addressIn(drawn, vpc, LONG[1]));
  let before: Awaited<ReturnType<typeof fingerprint>>;
  beforeAll(async () => {
    await apply(EMPTY_TOPOLOGY);
    before = await fingerprint(lab);
    await apply(drawn);
  });

  it("of thirty letters, with the same four first letters, and one the beginning of another: all stand side by side", async () => {
    expect(await Promise.all(VPCS.map(works))).toEqual(VPCS.map(() => true));
    const namespaces = new Set(listNetnsNames());
    for (const vpc of VPCS) for (const name of [vpc, ...LONG.map((subnet) => `${vpc}-${subnet}`)]) expect(namespaces).toContain(name);
  });

  it("15-byte interface names: none is longer, and no two are alike", async () => {
    const links = (await Promise.all(VPCS.map(async (vpc) => (await out(vpc, "ip", "-o", "link")).match(/(?<=^\d+: )[^@:]+/gm) ?? []))).flat().filter((name) => name !== "lo");
    expect(links.length).toBe(VPCS.length * 5);
    expect([new Set(links).size, links.filter((name) => Buffer.byteLength(name) > 15)]).toEqual([links.length, []]);
  });

  it.each([["vpc1", "vpc10"], ["prod-a", "prod-b"], [LONG[0], LONG[1]]])("do not share fate: %s goes, %s goes on", async (gone, stays) => {
    const pinging = lab.inside(`${stays}-${LONG[0]}`, "ping", "-n", "-i", "0.02", "-c", "100", addressIn(drawn, stays, LONG[1]));
    const without = edited(drawn, { op: "delete", id: vpcNamed(drawn, gone).id });
    await apply(without);
    expect(listNetnsNames().filter((name) => name === gone || name.startsWith(`${gone}-a-very`))).toEqual([]);
    expect((await pinging).stdout).toMatch(/ 0% packet loss/);
    await apply(drawn);
    expect(await works(gone)).toBe(true);
  });

  it("leave nothing that a delete cannot remove", async () => {
    await apply(EMPTY_TOPOLOGY);
    expect(await fingerprint(lab)).toEqual(before);
  });
});
