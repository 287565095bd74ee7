import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hostAccess } from "@vpclab/shared/plan/host-access";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { named } from "@vpclab/shared/testing/full-lab";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Topology } from "@vpclab/shared/topology/topology";
import { HOST_ADDRESS, INTERNET_WEB_ADDRESS, SANDBOX_HOST_NETNS, SANDBOX_INTERNET_NETNS } from "../../src/sandbox/sandbox-state";
import { AgentLab } from "../link/agent-lab";
import { fingerprint } from "./fingerprint";
import { Lab } from "./lab";
import { noteRuleset } from "./note-ruleset";

/** The host and what is behind it: a machine at its uplink that knows the way to the VPC and would like to use it. */
interface Place {
  readonly lab: Lab;
  readonly host: string | null;
  readonly behind: string;
  /** Addresses of the host and behind it. */
  readonly hostAddress: string;
  readonly behindAddress: string;
  readonly up: (lab: Lab) => Promise<void>;
  readonly down: (lab: Lab) => Promise<void>;
}

const sandbox: Place = {
  lab: new Lab(), host: SANDBOX_HOST_NETNS, behind: SANDBOX_INTERNET_NETNS, hostAddress: HOST_ADDRESS, behindAddress: INTERNET_WEB_ADDRESS,
  up: async (lab) => void (await lab.sandbox.ensure()), down: (lab) => lab.sandbox.remove(),
};

const machine: Place = {
  lab: new Lab({ hostNetns: null, uplink: "up0" }), host: null, behind: "provider", hostAddress: "192.0.2.2", behindAddress: "192.0.2.1",
  up: async (lab) => {
    const ip = (...args: string[]) => lab.runner.run({ file: "ip", args });
    await ip("netns", "add", "provider");
    await lab.inside("provider", "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
    await ip("link", "add", "up0", "type", "veth", "peer", "name", "far0", "netns", "provider");
    await ip("address", "add", "192.0.2.2/24", "dev", "up0");
    await ip("link", "set", "up0", "up");
    await ip("route", "add", "default", "via", "192.0.2.1");
    await ip("-n", "provider", "address", "add", "192.0.2.1/24", "dev", "far0");
    await ip("-n", "provider", "link", "set", "far0", "up");
  },
  down: async (lab) => {
    await lab.runner.run({ file: "ip", args: ["link", "delete", "up0"] });
    await lab.runner.run({ file: "ip", args: ["netns", "delete", "provider"] });
  },
};

function edited(doc: Topology, ...commands: EditCommand[]): Topology {
  return commands.reduce((before, command) => {
    const result = applyEdit(before, command);
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value.document;
  }, doc);
}

const lab0 = twoVpcLab();
const [vpc1, vpc2] = [named(lab0.vpcs, "vpc1"), named(lab0.vpcs, "vpc2")];
const gatewayOf = (vpcId: string) => lab0.internetGateways.find((gateway) => gateway.vpcId === vpcId)!;
/** vpc2 has no internet gateway; the private subnet of vpc1 denies everything by its ACL. */
const denying = lab0.networkAcls.find((acl) => acl.vpcId === vpc2.id)!;
const drawn = edited(lab0, { op: "delete", id: gatewayOf(vpc2.id).id }, { op: "update", kind: "network-acl", id: denying.id, set: { entries: [] } });
const switched = (doc: Topology, reachableFromHost: boolean, ids = [vpc1.id, vpc2.id]): Topology =>
  edited(doc, ...ids.map((id) => ({ op: "update", kind: "vpc", id, set: { reachableFromHost } } as const)));
const on = switched(drawn, true);
const addressIn = (vpcId: string, subnet: string): string => {
  const { id } = drawn.subnets.find((one) => one.vpcId === vpcId && one.name === subnet)!;
  return drawn.instances.find(({ subnetId }) => subnetId === id)!.address;
};
const PUBLIC = addressIn(vpc1.id, "public");
const PRIVATE = addressIn(vpc1.id, "private");
const OTHER = addressIn(vpc2.id, "public");

describe.each([["in the sandbox", sandbox], ["on a real host", machine]] as const)("a host that may reach its VPCs, %s", (_name, place) => {
  const { lab } = place;
  const onHost = (...argv: [string, ...string[]]) =>
    place.host === null ? lab.runner.tryRun({ file: argv[0], args: argv.slice(1) }) : lab.inside(place.host, ...argv);
  const hostPings = async (address: string): Promise<boolean> => (await onHost("ping", "-n", "-c", "1", "-W", "1", address)).exitCode === 0;
  const hostFetches = async (url: string): Promise<string> =>
    (await onHost("timeout", "5", process.execPath, "-e", `fetch("${url}").then((answer) => answer.text()).then((text) => console.log(text), () => process.exit(1))`)).stdout;
  const counted = async (comment: string): Promise<number> => {
    const { stdout } = await onHost("nft", "list", "table", "inet", "vpclab");
    return [...stdout.matchAll(/counter packets (\d+) [^\n]*comment "([^"]*)"/g)].filter(([, , said]) => said === comment).reduce((sum, [, packets]) => sum + Number(packets), 0);
  };
  let before: Awaited<ReturnType<typeof fingerprint>>;
  const hostState = async () => {
    const texts = await Promise.all([
      onHost("ip", "-4", "-br", "address"), onHost("ip", "-d", "-br", "link"), onHost("ip", "-4", "route", "show", "table", "all"), onHost("ip", "rule"), onHost("nft", "-s", "list", "ruleset"),
      onHost("sysctl", "-a", "-r", "^net\\.ipv4\\.(conf|ip_forward)"),
    ]);
    return texts.map(({ stdout }) => stdout);
  };
  let hostBefore: string[];

  beforeAll(async () => {
    await place.up(lab);
    before = await fingerprint(lab);
    hostBefore = await hostState();
    expect(await lab.apply(drawn)).toEqual([]);
  });
  afterAll(() => place.down(lab));
  noteRuleset(lab, ["vpc1", "vpc2"]);

  it("is off by default: there is neither route nor link", async () => {
    expect([await hostPings(PUBLIC), await hostPings(PRIVATE), await hostPings(OTHER)]).toEqual([false, false, false]);
    expect((await onHost("ip", "route")).stdout).not.toMatch(/10\.0\.0\.0\/16|172\.16\.0\.0\/16/);
    expect((await onHost("ip", "-br", "link")).stdout).not.toMatch(/vph-/);
  });

  it("reaches every instance once it is on, whatever groups and ACLs say, in a VPC without an internet gateway, too", async () => {
    expect(await lab.apply(on)).toEqual([]);
    expect(await lab.plan(on)).toEqual([]);
    expect([await hostPings(PUBLIC), await hostPings(PRIVATE), await hostPings(OTHER)]).toEqual([true, true, true]);
    expect(await hostFetches(`http://${PUBLIC}:8080/`)).toMatch(/vpc1-public/);
    expect((await onHost("ip", "route", "show", vpc1.cidr)).stdout).toMatch(/^10\.0\.0\.0\/16 via 169\.254\.\S+ dev vph-\S+ proto 118/);
  });

  it("reaches no router, and none of the VPC's addresses that nobody has", async () => {
    expect([await hostPings(PUBLIC.replace(/\d+$/, "1")), await hostPings("10.0.99.9")]).toEqual([false, false]);
  });

  it("cannot be reached by instances, at any of its addresses, nor can what is behind it", async () => {
    const { hostAddress, routerAddress } = hostAccess({ ...vpc1, reachableFromHost: true }, lab.context(on))!;
    const targets = [hostAddress, routerAddress, place.hostAddress];
    for (const from of ["vpc1-public", "vpc1-private", "vpc2-public"]) {
      expect(await Promise.all(targets.map((target) => lab.pings(from, target)))).toEqual([false, false, false]);
    }
    // vpc1-public has an internet gateway, and goes out by that.
    expect(await Promise.all(["vpc1-private", "vpc2-public"].map((from) => lab.pings(from, place.behindAddress)))).toEqual([false, false]);
    // The host's table alone would do: a connection that comes by the link itself is dropped there, too.
    const dropped = await counted("host-closed");
    await lab.inside("vpc1", "nft", "insert", "rule", "inet", "vpclab", "forwarding", "accept");
    expect([await lab.pings("vpc1-private", hostAddress), await lab.pings("vpc1-private", place.hostAddress)]).toEqual([false, false]);
    expect(await counted("host-closed")).toBeGreaterThan(dropped);
    expect(await lab.apply(on)).toEqual([]);
  });

  it("is no way in for the networks behind it, also where it forwards and translates", async () => {
    const behind = (...args: string[]) => lab.runner.run({ file: "ip", args: ["-n", place.behind, ...args] });
    // The kernel resets the second with the first.
    const settings = ["net.ipv4.ip_forward", "net.ipv4.conf.all.accept_redirects"];
    const values = (await onHost("sysctl", ...settings)).stdout.trim().split("\n").map((line) => line.replaceAll(" ", ""));
    await behind("route", "add", vpc1.cidr, "via", place.hostAddress);
    await onHost("sysctl", "-qw", "net.ipv4.ip_forward=1");
    await onHost("nft", "add table ip others; add chain ip others post { type nat hook postrouting priority 100; }; add rule ip others post masquerade");
    try {
      const dropped = await counted("no-way-through");
      expect(await lab.pings(place.behind, PUBLIC)).toBe(false);
      expect(await lab.pings(place.behind, PRIVATE)).toBe(false);
      expect(await counted("no-way-through")).toBe(dropped + 2);
      // Without the host's table the router's would do: only the host's own address comes in by the link.
      await onHost("nft", "delete", "table", "ip", "others");
      await onHost("nft", "flush", "chain", "inet", "vpclab", "forwarding");
      expect(await lab.pings(place.behind, PRIVATE)).toBe(false);
      expect((await lab.inside("vpc1", "nft", "list", "table", "inet", "vpclab")).stdout).toMatch(/ip saddr != 169\.254\.\S+ counter packets [1-9]\d* bytes \d+ drop comment "host"/);
    } finally {
      await onHost("nft", "delete", "table", "ip", "others");
      await onHost("sysctl", "-qw", ...values);
      await behind("route", "delete", vpc1.cidr);
    }
    expect(await lab.apply(on)).toEqual([]);
    expect(await lab.plan(on)).toEqual([]);
    expect(await hostPings(PUBLIC)).toBe(true);
  });

  it("is filtered by a subnet's firewall", async () => {
    const subnet = drawn.subnets.find((one) => one.vpcId === vpc1.id && one.name === "public")!;
    const firewall = { defaults: { ingress: "deny", egress: "allow" }, rules: [{ direction: "ingress", action: "allow", protocol: "tcp", ports: { from: 8080, to: 8080 }, cidr: "0.0.0.0/0", description: "" }] } as const;
    expect(await lab.apply(edited(on, { op: "update", kind: "subnet", id: subnet.id, set: { firewall: { ...firewall, rules: [...firewall.rules] } } }))).toEqual([]);
    expect([await hostPings(PUBLIC), await hostPings(PRIVATE)]).toEqual([false, true]);
    expect(await hostFetches(`http://${PUBLIC}:8080/`)).toMatch(/vpc1-public/);
    expect(await lab.apply(on)).toEqual([]);
  });

  it("loses its way in when one VPC's switch goes off, and only that", async () => {
    const half = switched(on, false, [vpc1.id]);
    expect(await lab.apply(half)).toEqual([]);
    expect(await lab.plan(half)).toEqual([]);
    expect([await hostPings(PUBLIC), await hostPings(OTHER)]).toEqual([false, true]);
    expect((await onHost("ip", "route")).stdout).not.toMatch(/10\.0\.0\.0\/16/);
    expect((await onHost("ip", "-br", "link")).stdout.match(/^vph-/gm)).toHaveLength(1);
    expect(await lab.apply(drawn)).toEqual([]);
    expect((await onHost("ip", "-br", "link")).stdout).not.toMatch(/vph-/);
    expect(await lab.apply(on)).toEqual([]);
  });

  it("is after a tear down what it was before", async () => {
    expect(await lab.apply({ ...on, vpcs: [], subnets: [], instances: [], internetGateways: [], routeTables: [], securityGroups: [], networkAcls: [] })).toEqual([]);
    expect(await hostState()).toEqual(hostBefore);
    expect(await fingerprint(lab)).toEqual(before);
  });
});

describe("a host that knows the addresses of a VPC already", () => {
  const lab = new Lab();
  const TWIN = { topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", topologyName: "twin" };
  let agent: AgentLab<Lab["kernel"]>;
  beforeAll(async () => {
    await lab.sandbox.ensure();
    agent = await AgentLab.on(lab.kernel);
  });
  afterAll(async () => {
    await agent.agent.deployments.takeDown();
    await agent.close();
    await lab.sandbox.remove();
  });
  const applyTwin = (doc: Topology | null) => agent.apply(doc, TWIN);
  const onHost = async (...args: string[]) => {
    const { exitCode, stderr } = await lab.inside(SANDBOX_HOST_NETNS, "ip", ...args);
    expect([exitCode, stderr]).toEqual([0, ""]);
  };
  const notInPlace = (topologyId?: string) => Object.entries(agent.deployment(topologyId)!.objects).filter(([, { state }]) => state !== "in-place");
  const routes = async () => (await lab.inside(SANDBOX_HOST_NETNS, "ip", "route", "show", "proto", "118")).stdout.split("\n").filter((line) => / dev vph-/.test(line)).map((line) => line.split(" ")[0]);

  it.each<[string, string[], string[], RegExp]>([
    ["an address of a link that is down", ["link add other0 type bridge", "address add 10.0.3.4/24 dev other0"], ["link delete other0"], /10\.0\.3\.4(\/24)? dev other0/],
    ["a route in a table of its own", ["route add 10.0.0.0/8 via 198.51.100.1 table 77"], ["route delete 10.0.0.0/8 table 77"], /10\.0\.0\.0\/8 dev uplink0/],
    ["a blackhole", ["route add blackhole 10.0.128.0/17"], ["route delete blackhole 10.0.128.0/17"], /10\.0\.128\.0\/17/],
  ])("says so and leaves it alone: %s", async (_what, make, undo, words) => {
    for (const line of make) await onHost(...line.split(" "));
    expect(await agent.apply(on)).toMatchObject({ type: "job-done", failure: { code: "HOST_OVERLAP" } });
    expect(notInPlace()).toEqual([[vpc1.id, { state: "failed", reason: expect.stringMatching(words) }]]);
    expect(await routes()).toEqual([vpc2.cidr]);
    expect(await lab.pings("vpc1-public", PRIVATE)).toBe(true);
    for (const line of undo) await onHost(...line.split(" "));
    expect(await agent.apply(on)).toMatchObject({ deployment: { state: "in-place" } });
    expect((await routes()).sort()).toEqual([vpc1.cidr, vpc2.cidr].sort());
    expect(await agent.apply(drawn)).toMatchObject({ deployment: { state: "in-place" } });
  });

  it("keeps to the topology that was first, and turns to the other when that one goes", async () => {
    const inHost = (address: string) => lab.pings(SANDBOX_HOST_NETNS, address);
    expect(await agent.apply(switched(drawn, true, [vpc1.id]))).toMatchObject({ deployment: { state: "in-place" } });
    expect(await applyTwin(on)).toMatchObject({ failure: { code: "HOST_OVERLAP" } });
    expect(notInPlace(TWIN.topologyId)).toEqual([[vpc1.id, { state: "failed", reason: expect.stringContaining("topology “default”") }]]);
    await lab.inside("vpc1-private", "ip", "link", "set", "eth0", "down");
    expect([await inHost(PUBLIC), await inHost(PRIVATE), await inHost(OTHER)]).toEqual([true, false, true]);
    expect(await agent.apply(null)).toMatchObject({ deployment: { state: "empty" } });
    await vi.waitUntil(async () => (await agent.look(), agent.deployment(TWIN.topologyId)?.state === "in-place"), { timeout: 20_000 });
    expect([await inHost(PUBLIC), await inHost(PRIVATE)]).toEqual([true, true]);
    expect(await applyTwin(null)).toMatchObject({ deployment: { state: "empty" } });
    expect((await lab.inside(SANDBOX_HOST_NETNS, "ip", "-br", "link")).stdout).not.toMatch(/vph-|igh-/);
  });
});
