import { readFileSync, readlinkSync } from "node:fs";
import { stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AF_INET, SOCK_STREAM, bind, close, connect, listen, socket, socketName } from "../../src/host/libc";
import { inNamespace } from "../../src/host/in-namespace";
import { lookUpNetns, ownNetnsInode } from "../../src/host/netns";
import { socketAddress } from "../../src/host/socket-address";
import { addNamespace, removeName } from "../../src/kernel/namespaces";
import { SysctlFiles } from "../../src/kernel/sysctls";
import { Lab } from "./lab";

const NAME = "visit.test";
const lab = new Lab({ hostNetns: null, uplink: "lo" });
const here = () => Number(readlinkSync("/proc/thread-self/ns/net").slice(5, -1));
beforeAll(() => addNamespace(NAME));
afterAll(() => removeName(NAME));

describe("a visit to a namespace", () => {
  it("is inside for its length, and at home afterwards, whatever happens", () => {
    const home = here();
    expect(inNamespace(NAME, here)).toBe(lookUpNetns(NAME));
    expect(here()).toBe(home);
    expect(() => inNamespace(NAME, () => { throw new Error("inside"); })).toThrow("inside");
    expect(here()).toBe(home);
    expect(inNamespace(null, here)).toBe(ownNetnsInode());
  });

  it("does not nest, and needs a namespace", () => {
    expect(() => inNamespace(NAME, () => inNamespace(NAME, here))).toThrow("visits do not nest");
    expect(() => inNamespace("nowhere", here)).toThrow("the network namespace nowhere is not there");
    expect(here()).toBe(ownNetnsInode());
  });

  it("leaves sockets there for life, and Node's own threads at home", async () => {
    await lab.inside(NAME, "ip", "link", "set", "lo", "up");
    const [server, address] = inNamespace(NAME, () => {
      const made = socket(AF_INET, SOCK_STREAM);
      bind(made, socketAddress("127.0.0.1", 0));
      listen(made, 1);
      return [made, socketName(made)];
    });
    const [inside, outside] = [inNamespace(NAME, () => socket(AF_INET, SOCK_STREAM)), socket(AF_INET, SOCK_STREAM)];
    expect(connect(inside, address)).toBe("connected");
    expect(() => connect(outside, address)).toThrow("Connection refused");
    for (const made of [server, inside, outside]) close(made);
    expect((await stat("/proc/thread-self/ns/net")).ino).toBe(ownNetnsInode());
  });

  it("writes sysctls of the namespace and of no other", () => {
    const value = () => readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim();
    const before = value();
    inNamespace(NAME, () => {
      const sysctls = new SysctlFiles();
      sysctls.write("net.ipv4.ip_forward", "1");
      sysctls.close();
    });
    expect([value(), inNamespace(NAME, value)]).toEqual([before, "1"]);
  });
});

describe("a namespace with a name", () => {
  it("is what ip netns knows, and not made twice", async () => {
    expect((await lab.runner.run({ file: "ip", args: ["netns", "list"] })).stdout).toContain(NAME);
    expect(() => addNamespace(NAME)).toThrow("EEXIST");
    expect(here()).toBe(ownNetnsInode());
  });

  it("is gone for ip netns too when its name is removed, also when asked twice", async () => {
    addNamespace("short.test");
    removeName("short.test");
    removeName("short.test");
    expect((await lab.runner.run({ file: "ip", args: ["netns", "list"] })).stdout).not.toContain("short.test");
  });
});
