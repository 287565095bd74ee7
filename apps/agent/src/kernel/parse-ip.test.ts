import { describe, expect, it } from "vitest";
import { parseLinks } from "./parse-links";
import { parseRoutes } from "./parse-routes";
import { parseRules } from "./parse-rules";

// Cut from what iproute2 6.1 prints on kernel 6.18 with -N -d -j.
const lo = { ifname: "lo", flags: ["LOOPBACK", "UP", "LOWER_UP"], address: "00:00:00:00:00:00", ifalias: "vpclab:a:t:vpc-1:vpc1", addr_info: [{ local: "127.0.0.1", prefixlen: 8 }] };
const bridge = {
  ifname: "br-a", flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"], operstate: "UP", address: "02:00:00:00:00:01", ifalias: "vpclab:a:t:subnet-1:public",
  linkinfo: { info_kind: "bridge" }, addr_info: [{ local: "10.0.1.1", prefixlen: 24 }, { local: "fe80::1", prefixlen: 64 }],
};
const port = { ifname: "vi-a", flags: ["BROADCAST", "MULTICAST"], operstate: "DOWN", master: "br-a", address: "02:00:00:00:00:02", linkinfo: { info_kind: "veth", info_slave_kind: "bridge" }, addr_info: [] };

describe("links", () => {
  it("come with kind, state as set, master and configured addresses; lo gives the mark", () => {
    expect(parseLinks([lo, bridge, port])).toEqual({
      mark: "vpclab:a:t:vpc-1:vpc1",
      loopbackUp: true,
      links: [
        { name: "br-a", kind: "bridge", mac: "02:00:00:00:00:01", alias: "vpclab:a:t:subnet-1:public", up: true, master: null, addresses: ["10.0.1.1/24"] },
        { name: "vi-a", kind: "veth", mac: "02:00:00:00:00:02", alias: "", up: false, master: "br-a", addresses: [] },
      ],
    });
  });
  it("do not depend on whether a cable is plugged in: operstate is the kernel's", () => {
    const states = ["UP", "DOWN", "LOWERLAYERDOWN", "UNKNOWN"].map((operstate) => parseLinks([{ ...bridge, operstate }]));
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
  });
  it("leave out tunnels that the kernel makes by itself", () => {
    expect(parseLinks([lo, { ifname: "tunl0", flags: [], linkinfo: { info_kind: "ipip" }, addr_info: [] }]).links).toEqual([]);
  });
  it("refuse what is not a list of links", () => {
    expect(() => parseLinks([{ flags: [] }])).toThrow();
    expect(() => parseLinks({})).toThrow();
  });
});

describe("routes", () => {
  const route = { type: "1", dst: "default", gateway: "10.0.1.1", dev: "eth0", table: "254", protocol: "3", scope: "0", flags: [] };
  it("are those somebody configured, in any table", () => {
    expect(parseRoutes([
      route,
      { type: "6", dst: "default", table: "250", protocol: "3", flags: [] },
      { type: "1", dst: "10.0.1.0/24", dev: "eth0", table: "254", protocol: "2", flags: ["linkdown"] },
      { type: "2", dst: "10.0.1.2", dev: "eth0", table: "255", protocol: "2", flags: [] },
      { type: "1", dst: "default", gateway: "fe80::1", dev: "eth0", table: "254", protocol: "3", metric: 1024, pref: "medium", flags: [] },
    ])).toEqual([
      { type: "unicast", destination: "default", table: "254", via: "10.0.1.1", dev: "eth0" },
      { type: "blackhole", destination: "default", table: "250", via: null, dev: null },
    ]);
  });
  it("added by another program (a routing daemon) are seen too", () => {
    expect(parseRoutes([{ ...route, protocol: "186" }])).toHaveLength(1);
  });
});

describe("rules", () => {
  const ours = { priority: 1000, src: "all", iif: "br-a", table: "100", protocol: "0" };
  it("leave out the kernel's three", () => {
    expect(parseRules([{ priority: 0, src: "all", table: "255", protocol: "2" }, ours, { priority: 32766, src: "all", table: "254", protocol: "2" }]))
      .toEqual([{ priority: 1000, iif: "br-a", table: "100" }]);
  });
  it("of a link that is gone are still ours", () => {
    expect(parseRules([{ ...ours, iif_detached: null }])).toEqual(parseRules([ours]));
  });
  it.each([["a source", { src: "10.0.0.0", srclen: 8 }], ["a mark", { fwmark: "0x3" }], ["negation", { not: null }], ["an outgoing interface", { oif: "eth0" }]])(
    "with %s equal none of ours", (_what, more) => {
      expect(parseRules([{ ...ours, ...more }])).toEqual([{ priority: 1000, iif: "", table: "100" }]);
    });
  it("without a table are seen", () => {
    expect(parseRules([{ priority: 102, src: "all", action: "6", protocol: "0" }])).toEqual([{ priority: 102, iif: "", table: "" }]);
  });
});
