import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { fwRule, port } from "@vpclab/shared/testing/tiny-lab";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { newInstance } from "@vpclab/shared/topology/new-object";
import type { Firewall, FirewallRule, SecurityGroupRule, Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { measure } from "../../src/probes/measure";
import { Lab } from "./lab";
import { noteRuleset } from "./note-ruleset";

const lab = new Lab();
const PUBLIC = "vpc1-public";
const PRIVATE = "vpc1-private";
const NEIGHBOUR = "vpc1-private-i1";

/** vpc1 with open groups, and a second instance beside the private one, whose subnet gets the firewall. */
const open = withNeighbour(twoVpcLab());
const vpc1 = open.vpcs.find(({ name }) => name === "vpc1")!;
const inVpc1 = open.subnets.filter(({ vpcId }) => vpcId === vpc1.id);
const privateSubnet = inVpc1.find(({ name }) => name === "private")!;
const addressIn = (subnet: string, instance = "main"): string =>
  open.instances.find(({ subnetId, name }) => name === instance && subnetId === inVpc1.find((one) => one.name === subnet)?.id)!.address;
const address = { public: addressIn("public"), private: addressIn("private"), neighbour: addressIn("private", "i1") };

function withNeighbour(doc: Topology): Topology {
  const vpc = doc.vpcs.find(({ name }) => name === "vpc1")!;
  const subnets = doc.subnets.filter(({ vpcId }) => vpcId === vpc.id);
  const made = newInstance(doc, subnets.find(({ name }) => name === "private")!.id, seededRandom(5));
  if (!made.ok || made.value.command.op !== "create") throw new Error("the lab has no room");
  const wide = edited(doc, [made.value.command]);
  const own = new Set(subnets.map(({ id }) => id));
  return edited(wide, [
    { op: "update", kind: "security-group", id: vpc.defaultSecurityGroupId, set: { rules: [groupRule("ingress"), groupRule("egress")] } },
    ...wide.instances.filter(({ subnetId }) => own.has(subnetId)).map(({ id }): SingleCommand =>
      ({ op: "update", kind: "instance", id, set: { securityGroupIds: [vpc.defaultSecurityGroupId], webServer: null } })),
  ]);
}
function groupRule(direction: "ingress" | "egress"): SecurityGroupRule {
  return { id: direction === "ingress" ? "sgr-00000000f001" : "sgr-00000000f002", direction, protocol: "all", ports: null, peer: { cidr: "0.0.0.0/0" }, description: "" };
}
function edited(doc: Topology, commands: SingleCommand[]): Topology {
  const done = applyEdit(doc, { op: "batch", commands: commands as [SingleCommand] });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value.document;
}

const guarded = (rules: FirewallRule[], defaults: Partial<Firewall["defaults"]> = {}): Topology =>
  edited(open, [{ op: "update", kind: "subnet", id: privateSubnet.id, set: { firewall: { defaults: { ingress: "deny", egress: "allow", ...defaults }, rules } } }]);

/** Nothing listens: whoever is let in gets a refusal, and silence is the filter's. */
const answered = async (namespace: string, targetAddress: string, to: number, kind: "tcp" | "udp" = "tcp"): Promise<boolean> => {
  const answerer = { namespace: PRIVATE, address: address.private, port: to };
  const { outcome } = await measure(lab, { namespace, sourceAddress: "", targetAddress, kind, port: to, ...(kind === "udp" ? { answerer } : {}) });
  return outcome !== "timeout";
};
const fromPublic = (to: number): Promise<boolean> => answered(PUBLIC, address.private, to);
const applied = async (doc: Topology): Promise<void> => {
  expect(await lab.apply(doc)).toEqual([]);
  expect(await lab.plan(doc)).toEqual([]);
};
const packetsOf = async (counter: string): Promise<number> => {
  const { stdout } = await lab.inside(PRIVATE, "nft", "list", "counter", "inet", "vpclab", counter);
  return Number(/packets (\d+)/.exec(stdout)?.[1] ?? "NaN");
};

beforeAll(async () => {
  await lab.sandbox.ensure();
  await applied(open);
});
afterAll(() => lab.removeAll());
noteRuleset(lab, ["vpc1", PUBLIC, PRIVATE]);

describe("a subnet's firewall", () => {
  it("reaches what is allowed, drops what is denied, and counts both", async () => {
    await applied(guarded([fwRule("ingress", "allow", "tcp", port(8000)), fwRule("ingress", "deny", "tcp", port(22))]));
    expect(await Promise.all([fromPublic(8000), fromPublic(22)])).toEqual([true, false]);
    expect(await packetsOf("c-fw-in-allow-tcp-8000-0.0.0.0-0")).toBeGreaterThan(0);
    expect(await packetsOf("c-fw-in-deny-tcp-22-0.0.0.0-0")).toBeGreaterThan(0);
  });

  it("does with what no rule names what its default says", async () => {
    const rules = [fwRule("ingress", "deny", "tcp", port(22))];
    await applied(guarded(rules, { ingress: "deny" }));
    expect(await Promise.all([fromPublic(9000), lab.pings(PUBLIC, address.private)])).toEqual([false, false]);
    await applied(guarded(rules, { ingress: "allow" }));
    expect(await Promise.all([fromPublic(9000), lab.pings(PUBLIC, address.private), fromPublic(22)])).toEqual([true, true, false]);
  });

  it("goes by the order of its rules, and a changed order takes effect in one transaction", async () => {
    const [narrow, wide] = [fwRule("ingress", "deny", "tcp", port(22)), fwRule("ingress", "allow", "tcp", port(1, 1000))];
    await applied(guarded([narrow, wide]));
    expect(await Promise.all([fromPublic(22), fromPublic(80)])).toEqual([false, true]);
    const steps = await lab.plan(guarded([wide, narrow]));
    expect(steps.map(({ action, namespace }) => [action, namespace]).sort()).toEqual([["nft-change", PRIVATE], ["nft-change", NEIGHBOUR]].sort());
    await applied(guarded([wide, narrow]));
    expect(await fromPublic(22)).toBe(true);
  });

  it("tells icmp, udp and tcp apart", async () => {
    await applied(guarded([fwRule("ingress", "allow", "icmp"), fwRule("ingress", "allow", "udp", port(53))]));
    expect(await Promise.all([
      lab.pings(PUBLIC, address.private), answered(PUBLIC, address.private, 53, "udp"), answered(PUBLIC, address.private, 54, "udp"), fromPublic(53),
    ])).toEqual([true, true, false, false]);
    await applied(guarded([fwRule("ingress", "deny", "icmp")], { ingress: "allow" }));
    expect(await Promise.all([lab.pings(PUBLIC, address.private), fromPublic(53)])).toEqual([false, true]);
  });

  it("goes by the source of what comes in, and judges neighbours in the subnet, too", async () => {
    await applied(guarded([fwRule("ingress", "allow", "tcp", port(80), `${address.neighbour}/32`)]));
    expect(await Promise.all([answered(NEIGHBOUR, address.private, 80), fromPublic(80), answered(NEIGHBOUR, address.private, 81)])).toEqual([true, false, false]);
  });

  it("goes by the destination of what goes out; the router, its own address and loopback stay reachable", async () => {
    await applied(guarded([fwRule("egress", "allow", "tcp", port(80), `${address.public}/32`)], { egress: "deny" }));
    expect(await Promise.all([
      answered(PRIVATE, address.public, 80), answered(PRIVATE, address.public, 81), lab.pings(PRIVATE, address.public),
      lab.pings(PRIVATE, address.private.replace(/\.\d+$/, ".1")), lab.pings(PRIVATE, address.private), lab.pings(PRIVATE, "127.0.0.1"),
    ])).toEqual([true, false, false, true, true, true]);
  });

  it("never blocks the answers to connections that went out", async () => {
    await applied(guarded([]));
    expect(await Promise.all([answered(PRIVATE, address.public, 80), lab.pings(PRIVATE, address.public), fromPublic(80)])).toEqual([true, true, false]);
  });

  it("and the security groups must both allow", async () => {
    const onlySsh = (doc: Topology): Topology => edited(doc, [{
      op: "update", kind: "security-group", id: vpc1.defaultSecurityGroupId,
      set: { rules: [{ ...groupRule("ingress"), protocol: "tcp", ports: port(22) }, groupRule("egress")] },
    }]);
    await applied(onlySsh(guarded([fwRule("ingress", "allow", "tcp", port(22, 80))])));
    expect(await Promise.all([fromPublic(22), fromPublic(80)])).toEqual([true, false]);
    await applied(onlySsh(guarded([fwRule("ingress", "allow", "tcp", port(80))])));
    expect(await Promise.all([fromPublic(22), fromPublic(80)])).toEqual([false, false]);
  });

  it("keeps a hundred rules in their order", async () => {
    const rules = [
      ...Array.from({ length: 60 }, (_, n) => fwRule("ingress", n % 2 === 0 ? "allow" : "deny", "tcp", port(1000 + n))),
      ...Array.from({ length: 39 }, (_, n) => fwRule("ingress", n % 2 === 0 ? "deny" : "allow", "tcp", port(1000 + n, 1070 + n))),
      fwRule("ingress", "allow", "tcp"),
    ];
    expect(rules).toHaveLength(100);
    await applied(guarded(rules));
    const ports = [999, 1000, 1001, 1058, 1059, 1060, 1070, 1071, 1072, 1107, 1108, 1109];
    const expected = ports.map((to) => rules.find((rule) => !rule.ports || (rule.ports.from <= to && to <= rule.ports.to))?.action === "allow");
    expect(new Set(expected)).toEqual(new Set([true, false]));
    // A few at a time: an instance may have so many threads and no more.
    const found: boolean[] = [];
    for (let at = 0; at < ports.length; at += 4) found.push(...(await Promise.all(ports.slice(at, at + 4).map(fromPublic))));
    expect(found).toEqual(expected);
  });

  it("is no way round by IPv6, even where somebody switches that on and takes the sender's filter away", async () => {
    const rules = guarded([fwRule("ingress", "deny", "tcp", port(22))], { ingress: "allow" });
    await applied(rules);
    expect((await lab.inside(PRIVATE, "ip", "-6", "address", "show")).stdout).toBe("");
    for (const [namespace, own] of [[PRIVATE, "fe80::a"], [NEIGHBOUR, "fe80::b"]] as const) {
      await lab.inside(namespace, "sh", "-c", `echo 0 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6 && ip -6 address add ${own}/64 dev eth0 nodad`);
    }
    await lab.inside(NEIGHBOUR, "nft", "flush", "ruleset");
    const { exitCode, stdout } = await lab.inside(NEIGHBOUR, "ping", "-6", "-n", "-c", "1", "-W", "1", "fe80::a%eth0");
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("1 packets transmitted, 0 received")]);
    await applied(rules);
  });

  it("opens again when it is taken away", async () => {
    await applied(guarded([]));
    expect(await fromPublic(22)).toBe(false);
    await applied(open);
    expect(await fromPublic(22)).toBe(true);
    expect((await lab.inside(PRIVATE, "nft", "list", "ruleset")).stdout).not.toMatch(/firewall|fw-/);
  });
});

describe("a changed firewall", () => {
  it("leaves established connections alone, and stops new ones", async () => {
    const talk = fwRule("ingress", "allow", "tcp", port(7000));
    await applied(guarded([talk]));
    const line = await conversation();
    expect(await line("one")).toBe("one");
    await applied(guarded([fwRule("ingress", "deny", "tcp", port(22)), talk]));
    expect(await line("two")).toBe("two");
    await applied(guarded([]));
    expect(await line("three")).toBe("three");
    expect(await fromPublic(7000)).toBe(false);
  });

  it("goes with everything else", async () => {
    await applied(guarded([fwRule("ingress", "allow", "icmp")]));
    await applied(EMPTY_TOPOLOGY);
  });
});

const SERVER = `require("net").createServer((s) => s.pipe(s)).listen(7000, "0.0.0.0", () => console.log("ready"))`;
const CLIENT = `const s = require("net").connect(7000, process.argv[1], () => console.log("ready")); s.pipe(process.stdout); process.stdin.pipe(s)`;

/** A TCP connection from the public to the private instance that stays open: what is said comes back as an echo. */
async function conversation(): Promise<(word: string) => Promise<string>> {
  await said(inNamespace(PRIVATE, SERVER));
  const client = inNamespace(PUBLIC, CLIENT, address.private);
  await said(client);
  return async (word) => {
    client.stdin?.write(word);
    return said(client);
  };
}
function inNamespace(namespace: string, script: string, ...args: string[]): ChildProcess {
  const child = spawn("ip", ["netns", "exec", namespace, "node", "-e", script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}
async function said(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout!, "data", { signal: AbortSignal.timeout(5_000) })) as [Buffer];
  return chunk.toString().trim();
}
