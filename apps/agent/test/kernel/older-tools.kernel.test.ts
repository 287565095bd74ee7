import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ACCEPTED_MARK } from "@vpclab/shared/plan/compile-host-table";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { HostFirewall } from "../../src/kernel/host-firewall";
import { noteRuleset } from "./note-ruleset";
import { addressIn, twoVpcs } from "./older-labs";
import { HOST_WAN, PlainHost, UPSTREAM } from "./plain-host";

/**
 * What really breaks in the tools before, by the words in which it was written down: holes of isolation. On three kinds of host:
 * one that forwards all it can, one whose FORWARD chain drops (Docker), one that itself has routes to the VPCs.
 */
const drawn = twoVpcs();
const reachable: Topology = { ...drawn, vpcs: drawn.vpcs.map((vpc) => ({ ...vpc, reachableFromHost: true })) };
const INSTANCES = ["vpc1-public", "vpc1-private", "vpc2-public", "vpc2-private"] as const;
const addressOf = (instance: string): string => addressIn(drawn, ...(instance.split("-") as [string, string]));
const gatewayOf = (instance: string): string => addressOf(instance).replace(/\.\d+$/, ".1");
const vpcOf = (instance: string): string => instance.split("-")[0]!;

describe.each([
  ["whose FORWARD policy is ACCEPT", "accept", drawn], ["whose FORWARD policy is DROP", "drop", drawn], ["that reaches the VPCs itself", "accept", reachable],
] as const)("on a host %s", (_name, policy, document) => {
  const host = new PlainHost();
  const { lab } = host;
  const firewall = new HostFirewall({ runner: lab.runner, mark: ACCEPTED_MARK });
  beforeAll(async () => {
    await host.up(policy);
    expect(await lab.apply(document)).toEqual([]);
    await firewall.settle(true);
  });
  afterAll(async () => {
    await lab.apply(EMPTY_TOPOLOGY);
    await firewall.settle(false);
    await host.down();
  });
  noteRuleset(lab, ["vpc1", "vpc2"]);
  const hostAddresses = () => Object.values(networkInterfaces()).flatMap((links) => links ?? []).filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address);

  it("subnets of a VPC reach each other both ways, and public ones the internet, behind the host's address", async () => {
    for (const vpc of ["vpc1", "vpc2"]) {
      const [here, there] = INSTANCES.filter((instance) => vpcOf(instance) === vpc) as [string, string];
      expect([await lab.pings(here, addressOf(there)), await lab.pings(there, addressOf(here))]).toEqual([true, true]);
      expect(await lab.pings(here, UPSTREAM)).toBe(true);
    }
    expect(await host.privateSourcesSeen()).toBe(0);
  });

  /** From each instance what the function names for it; nothing is expected to answer. */
  const reachedFromEach = (targets: (from: string) => readonly string[]) =>
    Promise.all(INSTANCES.map(async (from) => ({ from, ...(await host.reached(from, targets(from))) })));
  const nothing = INSTANCES.map((from) => ({ from, pinged: [], connected: [] }));
  const ofOthers = (from: string) => INSTANCES.filter((instance) => vpcOf(instance) !== vpcOf(from));

  it("VPCs do not reach each other", async () => {
    expect(await reachedFromEach((from) => ofOthers(from).map(addressOf))).toEqual(nothing);
  });

  it("a VPC does not reach the gateway address of another VPC, nor through it services of the host", async () => {
    expect(await reachedFromEach((from) => ofOthers(from).map(gatewayOf))).toEqual(nothing);
  });

  it("no subnet reaches host services, by its own gateway nor by the host's WAN address or any other", async () => {
    expect(hostAddresses()).toContain(HOST_WAN);
    expect(await host.reached(host.upstream, [HOST_WAN]), "they are there for others").toEqual({ pinged: [HOST_WAN], connected: [HOST_WAN] });
    expect(await reachedFromEach(() => hostAddresses())).toEqual(nothing);
    expect((await reachedFromEach((from) => [gatewayOf(from)])).map(({ connected }) => connected)).toEqual([[], [], [], []]);
  });

  it("un-NATed packets with private sources never leave by the WAN, although the upstream router knows the way back", async () => {
    const before = await host.privateSourcesSeen();
    const answers = await reachedFromEach(() => [UPSTREAM]);
    expect(answers.map(({ pinged }) => pinged)).toEqual([[UPSTREAM], [], [UPSTREAM], []]);
    await Promise.all(INSTANCES.map((from) => lab.inside(from, "bash", "-c", `echo x >/dev/udp/${UPSTREAM}/53`)));
    expect(await host.privateSourcesSeen()).toBe(before);
  });

  it("private subnets cannot be reached from an upstream router that knows the way, nor public ones", async () => {
    expect(await host.reached(host.upstream, [...INSTANCES.map(addressOf), ...INSTANCES.map(gatewayOf)])).toEqual({ pinged: [], connected: [] });
    await lab.inside(host.upstream, "ip", "address", "add", "169.254.64.77/32", "dev", "lo");
    expect((await lab.inside(host.upstream, "ping", "-n", "-c", "1", "-W", "1", "-I", "169.254.64.77", addressOf("vpc1-public"))).exitCode).not.toBe(0);
    await lab.inside(host.upstream, "ip", "address", "delete", "169.254.64.77/32", "dev", "lo");
  });

  it("a workload that takes an address of the public subnet gets no NAT", async () => {
    const stolen = addressOf("vpc1-public").replace(/\.\d+$/, ".77");
    const before = await host.privateSourcesSeen();
    await lab.inside("vpc1-private", "ip", "address", "add", `${stolen}/32`, "dev", "eth0");
    expect((await lab.inside("vpc1-private", "ping", "-n", "-c", "1", "-W", "1", "-I", stolen, UPSTREAM)).exitCode).not.toBe(0);
    await lab.inside("vpc1-private", "ip", "address", "delete", `${stolen}/32`, "dev", "eth0");
    expect(await host.privateSourcesSeen()).toBe(before);
  });

  it("nothing answers over fe80::, and host services neither, also where somebody switches IPv6 on", async () => {
    for (const namespace of [...INSTANCES, "vpc1", "vpc2"]) expect((await lab.inside(namespace, "ip", "-6", "address")).stdout).toBe("");
    const ofHost = (link: string) => networkInterfaces()[link]?.find(({ address }) => address.startsWith("fe80"))?.address;
    const links = Object.keys(networkInterfaces()).filter((link) => /^(igh|vph|up)/.test(link));
    await vi.waitUntil(() => links.every((link) => ofHost(link) !== undefined), { timeout: 10_000 });
    const seen = `${ofHost("up0")}%far0`;
    expect((await host.reached(host.upstream, [seen])).connected, "they are there for others").toEqual([seen]);
    await lab.inside("vpc1", "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
    await lab.inside("vpc1-public", "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
    const settled = async (namespace: string) => {
      const { stdout } = await lab.inside(namespace, "ip", "-6", "address");
      return stdout.includes("fe80") && !stdout.includes("tentative") ? stdout : "";
    };
    await vi.waitUntil(async () => await settled("vpc1") !== "" && await settled("vpc1-public") !== "", { timeout: 10_000 });
    const instance = /fe80[0-9a-f:]+/.exec(await settled("vpc1-public"))?.[0];
    const routerLinks = (await lab.inside("vpc1", "ip", "-o", "link")).stdout.match(/(?<=: )(igw|vpr|br)-[a-z2-7]+/g) ?? [];
    expect(routerLinks.length).toBeGreaterThan(2);
    const targets = routerLinks.flatMap((link) => [...links.map((far) => `${ofHost(far)}%${link}`), `${instance}%${link}`]);
    expect(await host.reached("vpc1", targets)).toEqual({ pinged: [], connected: [] });
    expect(await lab.apply(document)).toEqual([]);
  });

  it("no route to a VPC, no bridge and no address of one is on the host, unless it is to reach them", async () => {
    const routes = (await host.ip("route")).split("\n").filter((line) => /^(10|172\.16)\./.test(line));
    expect(routes.length).toBe(document === reachable ? 2 : 0);
    expect(await host.ip("link", "show", "type", "bridge")).toBe("");
    expect(hostAddresses().filter((address) => /^(10|172\.16)\./.test(address))).toEqual([]);
  });
});
