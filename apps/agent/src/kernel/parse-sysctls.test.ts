import { describe, expect, it } from "vitest";
import { parseSysctls, printedKey, splitSysctlOutput } from "./parse-sysctls";
import { pingGroupRange } from "./ping-group-range";

describe("sysctls", () => {
  it("come back under the key they were asked with", () => {
    expect(parseSysctls("net.ipv4.ip_forward = 1\nnet.ipv4.conf.up0.forwarding = 0\n", ["net.ipv4.ip_forward", "net/ipv4/conf/up0/forwarding"]))
      .toEqual({ "net.ipv4.ip_forward": "1", "net/ipv4/conf/up0/forwarding": "0" });
  });
  it("of an interface with a dot", () => {
    expect(printedKey("net/ipv4/conf/eth0.100/forwarding")).toBe("net.ipv4.conf.eth0/100.forwarding");
    expect(parseSysctls("net.ipv4.conf.eth0/100.forwarding = 1\n", ["net/ipv4/conf/eth0.100/forwarding"]))
      .toEqual({ "net/ipv4/conf/eth0.100/forwarding": "1" });
  });
  it("of several numbers have one blank between them", () => {
    expect(parseSysctls("net.ipv4.ping_group_range = 0\t2147483647\n", ["net.ipv4.ping_group_range"])).toEqual({ "net.ipv4.ping_group_range": "0 2147483647" });
  });
  it("that do not exist are left out", () => {
    expect(parseSysctls("a.b = 1\n", ["a.b", "a.c"])).toEqual({ "a.b": "1" });
  });
  it("of several namespaces are told apart by the first key", () => {
    expect(splitSysctlOutput("x.y = 1\nb = 2\nx.y = 3\nx.y = 4\nb = 5\n", "x.y")).toEqual(["x.y = 1\nb = 2\n", "x.y = 3\n", "x.y = 4\nb = 5\n\n"]);
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
