import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { Lab } from "./lab";

/** The test's own network namespace is the host here, with Docker-like things of others in it. */
const lab = new Lab({ hostNetns: null, uplink: "up0.7" });
const run = (...argv: [string, ...string[]]) => lab.runner.run({ file: argv[0], args: argv.slice(1) });

const hostState = async (): Promise<string[]> => Promise.all([
  run("ip", "-d", "address"), run("ip", "route", "show", "table", "all"), run("ip", "rule"), run("nft", "-s", "list", "ruleset"),
  run("sysctl", "-a", "-r", "^net\\.(ipv4\\.(conf|ip_forward|neigh)|ipv6\\.conf)"),
].map(async (result) => (await result).stdout.replace(/ (valid_lft|preferred_lft|gc_timer|hello_timer|tcn_timer|topology_change_timer) +\S+/g, "")));

let before: string[];
beforeAll(async () => {
  await run("ip", "netns", "add", "provider");
  await run("ip", "link", "add", "up0.7", "type", "veth", "peer", "name", "far0", "netns", "provider");
  await run("ip", "address", "add", "192.0.2.2/24", "dev", "up0.7");
  await run("ip", "link", "set", "up0.7", "up");
  await run("ip", "route", "add", "default", "via", "192.0.2.1");
  await lab.inside("provider", "ip", "address", "add", "192.0.2.1/24", "dev", "far0");
  await lab.inside("provider", "ip", "link", "set", "far0", "up");
  await run("ip", "link", "add", "docker0", "type", "bridge");
  await run("ip", "address", "add", "172.17.0.1/16", "dev", "docker0");
  await run("ip", "link", "set", "docker0", "up");
  await run("nft", "add table ip docker; add chain ip docker post { type nat hook postrouting priority 100; }; add rule ip docker post ip saddr 172.17.0.0/16 masquerade");
  // The kernel tries its own fe80:: addresses for a moment.
  await vi.waitUntil(async () => !/tentative/.test((await run("ip", "address")).stdout), { timeout: 10_000 });
  before = await hostState();
  expect(await lab.apply(twoVpcLab())).toEqual([]);
});
afterAll(async () => {
  await run("ip", "link", "delete", "up0.7");
  await run("ip", "link", "delete", "docker0");
  await run("nft", "delete", "table", "ip", "docker");
  await run("ip", "netns", "delete", "provider");
});

describe("on a real host", () => {
  it("applies once: the second plan is empty", async () => {
    expect(await lab.plan(twoVpcLab())).toEqual([]);
  });

  it("lets public instances out with the host's address, by an uplink with a dot in its name", async () => {
    expect(await lab.pings("vpc1-public", "192.0.2.1")).toBe(true);
    expect(await lab.pings("vpc1-private", "192.0.2.1")).toBe(false);
  });

  it("is closed to instances, at each of its addresses", async () => {
    const addresses = ["192.0.2.2", "172.17.0.1", "169.254.64.1"];
    expect(await Promise.all(addresses.map((address) => lab.pings("vpc1-public", address)))).toEqual([false, false, false]);
  });

  it("switches forwarding on for its own links and the uplink only", async () => {
    const { stdout } = await run("sysctl", "-a", "-r", "^net\\.ipv4\\.conf\\..*\\.forwarding$");
    const on = stdout.split("\n").filter((line) => line.endsWith("= 1")).map((line) => line.split(".")[3] ?? "");
    expect(on.filter((link) => !link.startsWith("igh-"))).toEqual(["up0/7"]);
    expect(on.length).toBeGreaterThan(1);
  });

  it("is after a tear down what it was before, byte for byte", async () => {
    expect(await hostState()).not.toEqual(before);
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    expect(await hostState()).toEqual(before);
  });
});
