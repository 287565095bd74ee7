import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { Step } from "@vpclab/shared/plan/step";
import { gridTopology, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { inNamespace } from "../../src/host/in-namespace";
import { listNetnsNames } from "../../src/host/netns";
import { LINKS } from "../../src/kernel/netlink/links";
import { NETLINK_NETFILTER, NETLINK_ROUTE, NetlinkSocket } from "../../src/kernel/netlink/netlink-socket";
import { nftGeneration } from "../../src/kernel/netlink/nftables";
import { fingerprint } from "./fingerprint";
import { Lab } from "./lab";

const owner = { topologyId: "t", objectId: "i-0a1b2c3d4e5f" };
const MARK = "vpclab:agent-1:t:i-0a1b2c3d4e5f:x";
const quiet = (doc: Topology): Topology => ({ ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) });
const drawn = quiet(twoVpcLab());

let lab: Lab;
beforeEach(async () => {
  lab = new Lab();
  await lab.sandbox.ensure();
});
afterEach(async () => {
  expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
  await lab.sandbox.remove();
  for (const name of listNetnsNames()) await lab.runner.run({ file: "ip", args: ["netns", "delete", name] });
});

describe("applying what is there already", () => {
  it("writes nothing and starts nothing", async () => {
    expect(await lab.apply(twoVpcLab())).toEqual([]);
    // The kernel counts transactions of nftables, and link numbers are never given out twice.
    const traces = () => listNetnsNames().sort().map((name) => inNamespace(name, () => [name, generation(), links()]));
    const before = traces();
    const commands = lab.runner.commands.length;
    expect(await lab.plan(twoVpcLab())).toEqual([]);
    expect(await lab.apply(twoVpcLab())).toEqual([]);
    expect(traces()).toEqual(before);
    expect(lab.runner.commands.slice(commands)).toEqual([]);
  });

  const generation = () => asking(NETLINK_NETFILTER, nftGeneration);
  const links = () => asking(NETLINK_ROUTE, (socket) => socket.list(LINKS));
  function asking<T>(protocol: number, question: (socket: NetlinkSocket) => T): T {
    const socket = new NetlinkSocket(protocol);
    const answer = question(socket);
    socket.close();
    return answer;
  }
});

describe("an instance in the place of another", () => {
  const grid = (instancesPerSubnet: number) => quiet(gridTopology({ vpcs: 1, subnetsPerVpc: 1, instancesPerSubnet }));

  it("is reached at once by neighbours that remember the other one's hardware address", async () => {
    const before = grid(2);
    expect(await lab.apply(before)).toEqual([]);
    expect(await lab.pings("vpc0-s0", "10.0.1.3")).toBe(true);
    const after = { ...before, instances: before.instances.map((one) => (one.address === "10.0.1.3" ? { ...one, id: "i-00000000beef", name: "other" } : one)) };
    expect(await lab.apply(after)).toEqual([]);
    expect(await lab.pings("vpc0-s0", "10.0.1.3")).toBe(true);
  });
});

describe("a tear down", () => {
  it("leaves the system as it was: namespaces, links, tables, processes, mounts, files", async () => {
    const before = await fingerprint(lab);
    expect(await lab.apply(twoVpcLab())).toEqual([]);
    const during = await fingerprint(lab);
    expect(during.namespaces.length).toBeGreaterThan(before.namespaces.length);
    expect(during.processes).toBeGreaterThan(before.processes);
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    expect(await fingerprint(lab)).toEqual(before);
  });

  it("ends programs that people started inside, so that no namespace lives on without a name", async () => {
    await lab.apply(drawn);
    const visitor = spawn("nsenter", ["--net=/run/netns/vpc1-public", "sleep", "infinity"], { stdio: "ignore" });
    const ended = once(visitor, "exit");
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    expect(await ended).toEqual([null, "SIGKILL"]);
  });
});

describe("a step that fails", () => {
  const bridge = (namespace: string, name: string, mac = "02:00:00:00:00:01"): Step => ({ owner, namespace, action: "bridge-add", name, mac });
  const up = (namespace: string, name: string): Step => ({ owner, namespace, action: "link-up", name });

  it("is named with the kernel's words; steps before it stay, later ones of its namespace are not run, others go on", async () => {
    const steps: Step[] = [
      ...["one", "two"].map((namespace): Step => ({ owner, namespace, action: "netns-add" })),
      ...["one", "two"].map((namespace): Step => ({ owner, namespace, action: "mark", mark: MARK })),
      bridge("one", "br-a"), bridge("one", "br-a"), bridge("one", "br-c"), bridge("two", "br-a"), up("two", "br-a"),
      { owner, namespace: "one", action: "sysctl-set", key: "net.ipv4.ip_forward", value: "1" },
    ];
    const failures = await lab.kernel.apply(steps);
    expect(failures).toEqual([{ step: steps[5], reason: "br-a: File exists" }]);
    const seen = await lab.kernel.observe(["one", "two"]);
    expect(seen["one"]?.links.map((link) => link.name)).toEqual(["br-a"]);
    expect(seen["one"]?.sysctls["net.ipv4.ip_forward"]).toBe("0");
    expect(seen["two"]?.links.map((link) => [link.name, link.up])).toEqual([["br-a", true]]);
  });

  it("in a filter changes nothing of the filter, and is named", async () => {
    const table = (comment: string) => ({
      name: "vpclab" as const, counters: [], sets: [],
      chains: [{ name: "forwarding", type: "filter" as const, hook: "forward" as const, priority: 0, policy: "drop" as const, rules: [{ comment, expressions: [{ accept: null }] }] }],
    });
    const bad: Step = {
      owner, namespace: "one", action: "nft-replace",
      table: { ...table("new"), chains: [...table("new").chains, { name: "broken", type: "nat", hook: "forward", priority: 0, policy: "accept", rules: [] }] },
    };
    await lab.kernel.apply([{ owner, namespace: "one", action: "netns-add" }, { owner, namespace: "one", action: "nft-replace", table: table("old") }]);
    const [failure] = await lab.kernel.apply([bad]);
    expect(failure?.step).toEqual(bad);
    expect(failure?.reason).toMatch(/Could not process rule|No such file|not supported/);
    expect((await lab.kernel.observe(["one"]))["one"]?.nft?.chains).toEqual(table("old").chains);
  });

  it("among settings is found by its key", async () => {
    const set = (key: string, value: string): Step => ({ owner, namespace: "one", action: "sysctl-set", key, value });
    const steps: Step[] = [
      { owner, namespace: "one", action: "netns-add" },
      set("net.ipv4.ip_forward", "1"), set("net/ipv4/conf/nolink/forwarding", "1"), set("net.ipv4.conf.all.rp_filter", "0"),
    ];
    const failures = await lab.kernel.apply(steps);
    expect(failures.map((failure) => failure.step)).toEqual([steps[2]]);
    expect(failures[0]?.reason).toBe("there is no interface nolink here (net/ipv4/conf/nolink/forwarding)");
  });

  it("when a whole namespace is missing, others go on", async () => {
    const steps: Step[] = [
      { owner, namespace: "two", action: "netns-add" }, bridge("nowhere", "br-a"), bridge("two", "br-a"),
    ];
    const failures = await lab.kernel.apply(steps);
    expect(failures).toEqual([{ step: steps[1], reason: "the network namespace nowhere is not there" }]);
    expect((await lab.kernel.observe(["two"]))["two"]?.links).toHaveLength(1);
  });

  it("is no failure when what it should delete is gone already", async () => {
    await lab.kernel.apply([{ owner, namespace: "one", action: "netns-add" }, bridge("one", "br-a")]);
    const failures = await lab.kernel.apply([
      { owner, namespace: "one", action: "link-delete", name: "br-z" },
      { owner, namespace: "one", action: "address-delete", link: "br-a", address: "10.0.0.1/24" },
      { owner, namespace: "one", action: "route-delete", type: "blackhole", destination: "default", table: "10", via: null, dev: null, protocol: 3 },
      { owner, namespace: "one", action: "rule-delete", priority: 7, iif: "br-a", table: "10" },
      bridge("one", "br-b"),
      { owner, namespace: "gone", action: "netns-delete" },
    ]);
    expect(failures).toEqual([]);
    expect((await lab.kernel.observe(["one"]))["one"]?.links.map((link) => link.name)).toEqual(["br-a", "br-b"]);
  });
});

describe("what others own", () => {
  it("survives: a namespace without the mark is not deleted", async () => {
    await lab.runner.run({ file: "ip", args: ["netns", "add", "foreign"] });
    await lab.inside("foreign", "ip", "link", "add", "theirs", "type", "bridge");
    const step: Step = { owner, namespace: "foreign", action: "netns-delete" };
    expect(await lab.kernel.apply([step])).toEqual([{ step, reason: "namespace foreign does not carry vpclab's mark: it is left alone" }]);
    expect((await lab.inside("foreign", "ip", "link", "show", "theirs")).exitCode).toBe(0);
  });

  it("survives: links and tables on the host beside ours, through apply and tear down", async () => {
    await lab.inside("vpclab.host", "ip", "link", "add", "docker0", "type", "bridge");
    await lab.inside("vpclab.host", "ip", "link", "add", "vethabc", "type", "veth", "peer", "name", "vethdef");
    await lab.inside("vpclab.host", "nft", "add table inet firewalld; add chain inet firewalld c { type filter hook forward priority 10; }");
    const rules = async () => (await lab.inside("vpclab.host", "nft", "list", "table", "inet", "firewalld")).stdout;
    const before = await rules();
    await lab.apply(drawn);
    expect((await lab.kernel.observe([HOST_NAMESPACE]))[HOST_NAMESPACE]?.links.map((link) => link.name).filter((name) => !name.startsWith("igh-"))).toEqual(["uplink0"]);
    await lab.apply(EMPTY_TOPOLOGY);
    const { stdout } = await lab.inside("vpclab.host", "ip", "-br", "link");
    for (const name of ["docker0", "vethabc", "vethdef"]) expect(stdout).toContain(name);
    expect(await rules()).toBe(before);
  });
});

describe("a hundred instances in ten VPCs", () => {
  const grid = gridTopology({ vpcs: 10, subnetsPerVpc: 2, instancesPerSubnet: 5 });

  it("are there without a process", async () => {
    const commands = lab.runner.commands.length;
    expect(await lab.apply(grid)).toEqual([]);
    expect(await lab.plan(grid)).toEqual([]);
    expect(lab.runner.commands.slice(commands)).toEqual([]);
    expect(await lab.pings("vpc9-s1-i4", "10.9.1.2"), "another subnet").toBe(true);
    // Where br_netfilter is loaded, frames inside a bridge pass the router's filter too.
    expect(await lab.pings("vpc9-s1-i4", "10.9.2.2"), "the same subnet").toBe(true);
  });
});
