import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { measure } from "../../src/probes/measure";
import { INTERNET_WEB_ADDRESS } from "../../src/sandbox/sandbox-state";
import { Lab } from "./lab";
import { noteRuleset } from "./note-ruleset";

const lab = new Lab();
const drawn = twoVpcLab();
const PUBLIC = "vpc1-public";
const PRIVATE = "vpc1-private";
const OTHER = "vpc2-public";

const addressOf = (doc: Topology, vpc: string, subnet: string): string => {
  const vpcId = doc.vpcs.find((candidate) => candidate.name === vpc)?.id;
  const subnetId = doc.subnets.find((candidate) => candidate.vpcId === vpcId && candidate.name === subnet)?.id;
  return doc.instances.find((instance) => instance.subnetId === subnetId)?.address ?? "";
};
const address = { public: addressOf(drawn, "vpc1", "public"), private: addressOf(drawn, "vpc1", "private"), other: addressOf(drawn, "vpc2", "public") };
const gatewayOf = (instance: string): string => instance.replace(/\.\d+$/, ".1");
const http = (namespace: string, target: string, port = 80) =>
  measure(lab, { namespace, sourceAddress: "", targetAddress: target, kind: "http", port });

beforeAll(async () => {
  await lab.sandbox.ensure();
  expect(await lab.apply(drawn)).toEqual([]);
});
afterAll(() => lab.sandbox.remove());
noteRuleset(lab, ["vpc1", "vpc2", "vpclab.host"]);

describe("inside a VPC", () => {
  it("carries packets between subnets, both ways", async () => {
    expect(await lab.pings(PUBLIC, address.private)).toBe(true);
    expect(await lab.pings(PRIVATE, address.public)).toBe(true);
  });

  it("answers pings at the gateway address of each of its subnets", async () => {
    expect(await lab.pings(PUBLIC, gatewayOf(address.public))).toBe(true);
  });

  it("serves the drawn web server to its neighbours, who see the real source", async () => {
    const served = drawn.instances.filter((instance) => instance.webServer);
    expect(served.length).toBeGreaterThan(0);
    const answer = await http(PRIVATE, address.public, served[0]?.webServer?.port ?? 0);
    expect(answer.outcome).toBe("reached");
    expect(answer.body).toContain(address.private);
    expect(answer.body).toContain(PUBLIC);
  });
});

describe("a VPC is an island", () => {
  it.each([[PUBLIC, "instance", address.other], [PRIVATE, "instance", address.other], [PUBLIC, "gateway", gatewayOf(address.other)],
    [OTHER, "instance", address.private], [OTHER, "gateway", gatewayOf(address.public)]])(
    "%s does not reach the other VPC's %s %s", async (from, _what, to) => {
      expect(await lab.pings(from, to)).toBe(false);
    });

  it.each([["198.51.100.2", "the host's uplink address"], ["169.254.64.1", "the host's end of a gateway"], ["169.254.64.0", "the router's end"],
    ["169.254.169.254", "AWS's metadata address"]])("no instance reaches %s (%s)", async (target) => {
    expect(await Promise.all([lab.pings(PUBLIC, target), lab.pings(PRIVATE, target)])).toEqual([false, false]);
  });

  it("does not let an instance speak with another subnet's source address", async () => {
    // The classic escape: a private instance borrows a public address to get translated.
    await lab.inside(PRIVATE, "ip", "address", "add", "10.0.1.77/32", "dev", "eth0");
    const { exitCode } = await lab.inside(PRIVATE, "ping", "-n", "-c", "1", "-W", "1", "-I", "10.0.1.77", INTERNET_WEB_ADDRESS);
    await lab.inside(PRIVATE, "ip", "address", "delete", "10.0.1.77/32", "dev", "eth0");
    expect(exitCode).not.toBe(0);
  });

  it("has no IPv6 that could go round the rules", async () => {
    for (const namespace of ["vpc1", PUBLIC, PRIVATE]) {
      expect((await lab.inside(namespace, "ip", "-6", "address", "show")).stdout).toBe("");
    }
  });
});

describe("the internet", () => {
  it("is reached from a public subnet, and sees only the public address", async () => {
    const answer = await http(PUBLIC, INTERNET_WEB_ADDRESS);
    expect(answer).toMatchObject({ outcome: "reached", body: expect.stringMatching(/^198\.51\.100\.1[2-9]\d$/) });
  });

  it("is not reached from a private subnet", async () => {
    const [pinged, asked] = await Promise.all([lab.pings(PRIVATE, INTERNET_WEB_ADDRESS), http(PRIVATE, INTERNET_WEB_ADDRESS)]);
    expect([pinged, asked.outcome]).toEqual([false, "timeout"]);
  });

  it("never sees a packet of a private instance", async () => {
    await lab.inside("vpclab.internet", "nft", "add table inet watch; add chain inet watch in { type filter hook prerouting priority 0; }; add rule inet watch in ip saddr { 10.0.0.0/8, 172.16.0.0/12, 169.254.0.0/16 } counter");
    await lab.pings(PRIVATE, INTERNET_WEB_ADDRESS);
    expect(await lab.pings(PUBLIC, INTERNET_WEB_ADDRESS)).toBe(true);
    const { stdout } = await lab.inside("vpclab.internet", "nft", "list", "table", "inet", "watch");
    await lab.inside("vpclab.internet", "nft", "delete", "table", "inet", "watch");
    expect(stdout).toContain("counter packets 0 ");
  });

  it("cannot reach into a VPC, even with a route to it", async () => {
    await lab.inside("vpclab.internet", "ip", "route", "add", "10.0.0.0/8", "via", "198.51.100.2");
    const reached = await Promise.all([lab.pings("vpclab.internet", address.public), lab.pings("vpclab.internet", address.private)]);
    await lab.inside("vpclab.internet", "ip", "route", "delete", "10.0.0.0/8");
    expect(reached).toEqual([false, false]);
  });

  it("resolves its own name and nothing else", async () => {
    const lookUp = (name: string) => lab.inside("vpclab.host", "node", "-e",
      `const r=new (require("dns").Resolver)();r.setServers(["203.0.113.53"]);r.resolve4("${name}",(e,a)=>console.log(e?e.code:a.join()))`);
    expect((await lookUp("internet.example")).stdout.trim()).toBe(INTERNET_WEB_ADDRESS);
    expect((await lookUp("elsewhere.example")).stdout.trim()).toBe("ENOTFOUND");
  });
});

describe("a peering", () => {
  it("connects two VPCs while it is there, and only them", async () => {
    const peered = peeredLab();
    expect(await lab.apply(peered)).toEqual([]);
    expect([await lab.pings(PUBLIC, address.other), await lab.pings(OTHER, address.private)]).toEqual([true, true]);
    expect(await lab.pings(PRIVATE, INTERNET_WEB_ADDRESS), "not out by the peer's gateway").toBe(false);
    expect(await lab.apply(drawn)).toEqual([]);
    expect(await Promise.all([lab.pings(PUBLIC, address.other), lab.pings(OTHER, address.private)])).toEqual([false, false]);
  });
});

describe("what runs already", () => {
  it("loses no packet when the same drawing, or one with another VPC's change, is applied", async () => {
    const pinging = lab.inside(PUBLIC, "ping", "-n", "-i", "0.02", "-w", "3", address.private);
    expect(await lab.apply(drawn)).toEqual([]);
    expect(await lab.apply(peeredLab())).toEqual([]);
    expect(await lab.apply(drawn)).toEqual([]);
    expect((await pinging).stdout).toMatch(/ 0% packet loss/);
  });

  it("is gone after a tear down", async () => {
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    expect((await lab.inside("vpclab.host", "nft", "list", "ruleset")).stdout).toBe("");
  });
});
