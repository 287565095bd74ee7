import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SeenNamespace } from "@vpclab/shared/plan/kernel-state";
import type { Step, StepAction } from "@vpclab/shared/plan/step";
import { Lab } from "./lab";

/** What `ip` makes is seen, in our words, and what we make is what `ip` sees. */
const NAME = "nl-test";
const owner = { topologyId: "t", objectId: "i-0a1b2c3d4e5f" };
const lab = new Lab({ hostNetns: null, uplink: "lo" });
const ip = async (...args: string[]) => (await lab.runner.run({ file: "ip", args: ["-n", NAME, ...args] })).stdout;
const apply = async (...actions: StepAction[]) => lab.kernel.apply(actions.map((action): Step => ({ owner, namespace: NAME, ...action })));
const seen = async (): Promise<SeenNamespace> => {
  const space = (await lab.kernel.observe([NAME]))[NAME];
  if (!space) throw new Error("not there");
  return space;
};

beforeEach(async () => {
  await lab.runner.run({ file: "ip", args: ["netns", "add", NAME] });
  await ip("link", "set", "lo", "up");
  await ip("link", "add", "name", "br-a", "address", "02:00:00:00:00:01", "type", "bridge");
  await ip("link", "add", "name", "vi-a", "type", "veth", "peer", "name", "eth0");
  await ip("link", "set", "vi-a", "master", "br-a", "alias", "vpclab:a:t:i-1:x", "mtu", "1400");
  await ip("link", "set", "br-a", "up");
  await ip("address", "add", "10.0.1.1/24", "dev", "br-a");
});
afterEach(() => lab.runner.run({ file: "ip", args: ["netns", "delete", NAME] }));

describe("links", () => {
  it("come with kind, state as set, master, size, alias and addresses", async () => {
    const { links } = await seen();
    expect(links.find((link) => link.name === "br-a")).toEqual(
      { name: "br-a", kind: "bridge", mac: "02:00:00:00:00:01", alias: "", up: true, mtu: 1400, master: null, addresses: ["10.0.1.1/24"] });
    expect(links.find((link) => link.name === "vi-a")).toMatchObject(
      { kind: "veth", alias: "vpclab:a:t:i-1:x", up: false, master: "br-a", mtu: 1400, addresses: [] });
  });
  it("that are not there are a refusal with the link's name, and no failure where they should go", async () => {
    expect((await apply({ action: "link-up", name: "nolink" }))[0]?.reason).toBe("nolink: No such device");
    expect(await apply({ action: "link-delete", name: "nolink" })).toEqual([]);
  });
});

describe("addresses", () => {
  it("of lo, of IPv6 and with a peer are seen, and go", async () => {
    await ip("address", "add", "10.9.9.9/32", "dev", "lo");
    await ip("address", "add", "10.8.8.8", "peer", "10.8.8.9/32", "dev", "br-a");
    await ip("address", "add", "2001:db8::7/64", "dev", "br-a", "nodad");
    const before = await seen();
    expect(before.loopbackAddresses).toEqual(["10.9.9.9/32"]);
    expect(before.links.find((link) => link.name === "br-a")?.addresses).toEqual(["10.0.1.1/24", "10.8.8.8/32", "2001:db8:0:0:0:0:0:7/64"]);
    expect(await apply(
      { action: "address-delete", link: "lo", address: "10.9.9.9/32" },
      ...["10.8.8.8/32", "2001:db8:0:0:0:0:0:7/64"].map((address): StepAction => ({ action: "address-delete", link: "br-a", address })),
    )).toEqual([]);
    const after = await seen();
    expect([after.loopbackAddresses, after.links.find((link) => link.name === "br-a")?.addresses]).toEqual([[], ["10.0.1.1/24"]]);
  });
});

describe("routes", () => {
  it("are those somebody configured, of any table, kind and program; not the kernel's own", async () => {
    await ip("route", "add", "192.0.2.0/24", "via", "10.0.1.9", "proto", "zebra");
    await ip("route", "add", "192.0.2.7", "dev", "br-a", "table", "123456789");
    await ip("route", "add", "unreachable", "198.51.100.0/24", "table", "77");
    await ip("route", "add", "blackhole", "default", "table", "250");
    const { routes } = await seen();
    expect([...routes].sort((a, b) => Number(a.table) - Number(b.table))).toEqual([
      { type: "unreachable", destination: "198.51.100.0/24", table: "77", via: null, dev: null, protocol: 3 },
      { type: "blackhole", destination: "default", table: "250", via: null, dev: null, protocol: 3 },
      { type: "unicast", destination: "192.0.2.0/24", table: "254", via: "10.0.1.9", dev: "br-a", protocol: 11 },
      { type: "unicast", destination: "192.0.2.7", table: "123456789", via: null, dev: "br-a", protocol: 3 },
    ]);
    expect(await apply(...routes.map((route): StepAction => ({ action: "route-delete", ...route })))).toEqual([]);
    expect((await seen()).routes).toEqual([]);
  });
  it("that we make are read by ip, and replaced in place", async () => {
    const route = { action: "route-replace", type: "unicast", destination: "192.0.2.0/24", table: "1234", dev: "br-a", protocol: 118 } as const;
    expect(await apply({ ...route, via: "10.0.1.9" }, { ...route, via: "10.0.1.8" }, { ...route, destination: "default", type: "blackhole", dev: null, via: null })).toEqual([]);
    expect(await ip("route", "show", "table", "1234")).toBe("blackhole default proto 118 \n192.0.2.0/24 via 10.0.1.8 dev br-a proto 118 linkdown \n");
  });
  it("by a gateway that nobody can reach are refused with the kernel's own explanation", async () => {
    const [failure] = await apply({ action: "route-replace", type: "unicast", destination: "192.0.2.0/24", table: "254", via: "203.0.113.1", dev: "br-a", protocol: 3 });
    expect(failure?.reason).toBe("route to 192.0.2.0/24 in table 254: Nexthop has invalid gateway (Network is unreachable)");
  });
});

describe("rules", () => {
  it("of other shapes are seen without an interface, and go without one of ours of the same priority", async () => {
    expect(await apply({ action: "rule-add", priority: 1000, iif: "br-a", table: "70000" })).toEqual([]);
    await ip("rule", "add", "priority", "1000", "iif", "br-a", "from", "10.0.0.0/8", "lookup", "70000");
    await ip("rule", "add", "priority", "50", "fwmark", "0x7", "blackhole");
    const { rules } = await seen();
    expect(rules).toEqual([
      { priority: 50, iif: "", table: "" }, { priority: 1000, iif: "br-a", table: "70000" }, { priority: 1000, iif: "", table: "70000" },
    ]);
    expect(await apply({ action: "rule-delete", priority: 1000, iif: "", table: "70000" }, { action: "rule-delete", priority: 50, iif: "", table: "" })).toEqual([]);
    expect((await seen()).rules).toEqual([{ priority: 1000, iif: "br-a", table: "70000" }]);
    expect(await ip("rule")).toContain("1000:\tfrom all iif br-a lookup 70000");
  });
  it("stay ours while their interface is away", async () => {
    await apply({ action: "rule-add", priority: 7, iif: "later0", table: "10" });
    expect((await seen()).rules).toEqual([{ priority: 7, iif: "later0", table: "10" }]);
    expect(await apply({ action: "rule-delete", priority: 7, iif: "later0", table: "10" })).toEqual([]);
    expect((await seen()).rules).toEqual([]);
  });
});
