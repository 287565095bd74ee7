import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { Lab } from "./lab";
import { noteRuleset } from "./note-ruleset";

const lab = new Lab();
const drawn = twoVpcLab();
beforeAll(async () => {
  await lab.sandbox.ensure();
  expect(await lab.apply(drawn)).toEqual([]);
});
afterAll(() => lab.removeAll());
noteRuleset(lab, ["vpc1"]);

describe("damage by hand", () => {
  const damages: [string, string, string[]][] = [
    ["a namespace deleted", "", ["ip", "netns", "delete", "vpc1-private"]],
    ["a bridge deleted", "vpc1", ["sh", "-c", "ip link delete $(ip -br link show type bridge | cut -d' ' -f1 | head -1)"]],
    ["a bridge down", "vpc1", ["sh", "-c", "ip link set $(ip -br link show type bridge | cut -d' ' -f1 | head -1) down"]],
    ["a veth deleted", "vpc1-public", ["ip", "link", "delete", "eth0"]],
    ["a link down", "vpc1-public", ["ip", "link", "set", "eth0", "down"]],
    ["a link unplugged from its bridge", "vpc1", ["sh", "-c", "ip link set $(ip -br link show type veth | grep ^vi- | cut -d@ -f1 | head -1) nomaster"]],
    ["an address removed", "vpc1-public", ["ip", "address", "flush", "dev", "eth0"]],
    ["an address added", "vpc1-public", ["ip", "address", "add", "10.0.1.99/24", "dev", "eth0"]],
    ["a MAC changed", "vpc1-public", ["ip", "link", "set", "eth0", "address", "02:11:22:33:44:55"]],
    ["an alias changed", "vpc1-public", ["ip", "link", "set", "eth0", "alias", "mine"]],
    ["the default route removed", "vpc1-public", ["ip", "route", "delete", "default"]],
    ["a route added", "vpc1-public", ["ip", "route", "add", "192.0.2.0/24", "via", "10.0.1.1"]],
    ["routes of a table flushed", "vpc1", ["ip", "route", "flush", "table", "101"]],
    ["the end of the tables removed", "vpc1", ["ip", "route", "delete", "blackhole", "default", "table", "250"]],
    ["a rule removed", "vpc1", ["ip", "rule", "delete", "priority", "1000"]],
    ["a rule added", "vpc1", ["ip", "rule", "add", "priority", "50", "from", "10.0.0.0/8", "lookup", "main"]],
    ["a rule with our shape added", "vpc1", ["ip", "rule", "add", "priority", "50", "iif", "lo", "lookup", "254"]],
    ["a sysctl flipped", "vpc1", ["sysctl", "-w", "net.ipv4.ip_forward=0"]],
    ["IPv6 switched on", "vpc1-private", ["sysctl", "-w", "net.ipv6.conf.all.disable_ipv6=0"]],
    ["the filter deleted", "vpc1", ["nft", "delete", "table", "inet", "vpclab"]],
    ["the filter flushed", "vpc1", ["nft", "flush", "table", "inet", "vpclab"]],
    ["a rule added to the filter", "vpc1", ["nft", "insert", "rule", "inet", "vpclab", "forwarding", "accept"]],
    ["the host's end of a gateway deleted", "vpclab.host", ["sh", "-c", "ip link delete $(ip -br link show type veth | grep ^igh- | cut -d@ -f1 | head -1)"]],
    ["forwarding of a gateway off", "vpclab.host", ["sh", "-c", "sysctl -w net.ipv4.conf.$(ip -br link show type veth | grep ^igh- | cut -d@ -f1 | head -1).forwarding=0"]],
    ["the host's table deleted", "vpclab.host", ["nft", "delete", "table", "inet", "vpclab"]],
    ["a link added", "vpc1", ["ip", "link", "add", "extra", "type", "bridge"]],
  ];

  it.each(damages)("%s: is seen and mended", async (_what, namespace, argv) => {
    const [file = "", ...args] = namespace === "" ? argv : ["ip", "netns", "exec", namespace, ...argv];
    await lab.runner.run({ file, args });
    const steps = await lab.plan(drawn);
    expect(steps).not.toEqual([]);
    expect(await lab.kernel.apply(steps)).toEqual([]);
    expect(await lab.plan(drawn)).toEqual([]);
  });

  it("the file that a killed `ip netns add` leaves is not taken for a namespace, and makes way", async () => {
    await lab.runner.run({ file: "ip", args: ["netns", "delete", "vpc1-private"] });
    writeFileSync("/run/netns/vpc1-private", "", { mode: 0o000 });
    expect(await lab.apply(drawn)).toEqual([]);
    expect(await lab.plan(drawn)).toEqual([]);
  });
});
