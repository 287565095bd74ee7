import { describe, expect, it } from "vitest";
import { pingGroupRange } from "./ping-group-range";
import { isBridgeNetfilter, sysctlPath } from "./sysctls";

describe("the file of a sysctl", () => {
  it("is found by a key with dots, or with slashes where an interface has a dot in its name", () => {
    expect(sysctlPath("net.ipv4.conf.all.rp_filter")).toBe("net/ipv4/conf/all/rp_filter");
    expect(sysctlPath("net/ipv4/conf/eth0.100/forwarding")).toBe("net/ipv4/conf/eth0.100/forwarding");
    expect(sysctlPath("net.ipv4.conf.eth0/100.forwarding")).toBe("net/ipv4/conf/eth0.100/forwarding");
  });
  it("is one of the network, and nowhere else", () => {
    for (const key of ["kernel.core_pattern", "net/ipv4/../../kernel/core_pattern", "net.ipv4", "/etc/passwd", ""]) {
      expect(() => sysctlPath(key), key).toThrow("not a sysctl of the network");
    }
  });
  it("need not be there only for bridges", () => {
    expect([isBridgeNetfilter("net.bridge.bridge-nf-call-iptables"), isBridgeNetfilter("net.ipv4.ip_forward")]).toEqual([true, false]);
  });
});

describe("who may ping", () => {
  it("is everybody, as written, where all groups exist", () => {
    const range = pingGroupRange({ gids: [{ inside: 0, count: 4294967295 }] });
    expect(range.toKernel("net.ipv4.ping_group_range", "0 2147483647")).toBe("0 2147483647");
    expect(range.fromKernel({ "net.ipv4.ping_group_range": "0 0" })).toEqual({ "net.ipv4.ping_group_range": "0 0" });
  });
  it("is everybody there is inside a user namespace with one group", () => {
    const range = pingGroupRange({ gids: [{ inside: 0, count: 1 }] });
    expect(range.toKernel("net.ipv4.ping_group_range", "0 2147483647")).toBe("0 0");
    expect(range.toKernel("net.ipv4.ip_forward", "1")).toBe("1");
    expect(range.fromKernel({ "net.ipv4.ping_group_range": "0 0" })).toEqual({ "net.ipv4.ping_group_range": "0 2147483647" });
    expect(range.fromKernel({ "net.ipv4.ping_group_range": "1 0" }), "nobody is not everybody").toEqual({ "net.ipv4.ping_group_range": "1 0" });
  });
});
