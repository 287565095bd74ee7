import { writeFileSync } from "node:fs";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listNetnsNames, lookUpNetns, ownNetnsInode } from "../../src/host/netns";
import { argumentsOf, processesOutside } from "../../src/host/processes";
import { AgentLab } from "../link/agent-lab";
import { mixedLab } from "./mixed-lab";
import { Lab } from "./lab";

afterAll(({}, file) => console.info(badInputCount("N", file)));

/**
 * Everything that a person with root can do to a network of ours by hand. Each is seen by the agent's next look, shown with
 * words that say what differs, mended, and shown as in place again (SECURITY R-12).
 */
const lab = new Lab();
let agent: AgentLab<Lab["kernel"]>;
const drawn = mixedLab();

beforeAll(async () => {
  await lab.sandbox.ensure();
  agent = await AgentLab.on(lab.kernel, { surroundings: () => lab.sandbox.ensure() });
  expect(await agent.apply(drawn)).toMatchObject({ deployment: { state: "in-place" } });
});
afterAll(async () => {
  await agent.agent.deployments.takeDown();
  await agent.close();
  await lab.sandbox.remove();
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.error(agent.log.lines.slice(-8).join("\n"));
});

const HOST = "vpclab.host";
/** Names of links by what they are for, in shell: the first of its kind. */
const first = (prefix: string): string => `$(ip -br link | grep -o '^${prefix}-[a-z2-7]*' | head -1)`;
const gateway = first("igh");
/** Number of the route table that leads to the internet gateway. */
const publicTable = "$(ip route show table all | grep '^default via 169' | grep -o 'table [0-9]*' | cut -d' ' -f2)";
const chainOf = (prefix: string): string => `$(nft list chains inet | grep -o 'chain ${prefix}[a-z0-9-]*' | head -1 | cut -d' ' -f2)`;

interface Damage {
  readonly what: string;
  /** Namespace; empty is the test's own, from which namespaces are deleted. */
  readonly where: string;
  readonly how: string;
  /** What a person is told. */
  readonly words: RegExp;
}

const DAMAGES: readonly Damage[] = [
  { what: "an instance's namespace deleted", where: "", how: "ip netns delete vpc1-private", words: /namespace vpc1-private is missing/ },
  { what: "a router's namespace deleted", where: "", how: "ip netns delete vpc2", words: /namespace vpc2 is missing/ },
  { what: "a NAT gateway's namespace deleted", where: "", how: "ip netns delete vpc1-public-nat", words: /namespace vpc1-public-nat is missing/ },
  { what: "a namespace's mark removed", where: "vpc1-private", how: "ip link set lo alias ''", words: /lost its mark/ },
  { what: "a loopback down", where: "vpc1-private", how: "ip link set lo down", words: /loopback of vpc1-private is down/ },
  { what: "an address added to a loopback", where: "vpc1", how: "ip address add 192.0.2.7/32 dev lo", words: /192\.0\.2\.7\/32 on lo should not be there/ },
  { what: "a bridge deleted", where: "vpc1", how: `ip link delete ${first("br")}`, words: /bridge br-\S+ is missing/ },
  { what: "a bridge down", where: "vpc1", how: `ip link set ${first("br")} down`, words: /link br-\S+ is down/ },
  { what: "a veth deleted", where: "vpc1-public", how: "ip link delete eth0", words: /link \S+ is missing/ },
  { what: "a link down", where: "vpc1-public", how: "ip link set eth0 down", words: /link eth0 is down/ },
  { what: "a link unplugged from its bridge", where: "vpc1", how: `ip link set ${first("vi")} nomaster`, words: /not plugged into its bridge/ },
  { what: "a link's MTU changed", where: "vpc1-public", how: "ip link set eth0 mtu 1400", words: /another MTU than 1500/ },
  { what: "a MAC changed", where: "vpc1-public", how: "ip link set eth0 address 02:11:22:33:44:55", words: /another MAC/ },
  { what: "an alias changed", where: "vpc1", how: `ip link set ${first("vi")} alias mine`, words: /lost its mark/ },
  { what: "an alias removed", where: "vpc1", how: `ip link set ${first("pcx")} alias ''`, words: /lost its mark/ },
  { what: "a peering's link deleted", where: "vpc2", how: `ip link delete ${first("pcx")}`, words: /link pcx-\S+ is missing/ },
  { what: "an address removed", where: "vpc1-public", how: "ip address flush dev eth0", words: /address 10\.0\.1\.2\/24 is missing on eth0/ },
  { what: "an address added", where: "vpc1-public", how: "ip address add 10.0.1.99/24 dev eth0", words: /10\.0\.1\.99\/24 on eth0 should not be there/ },
  { what: "a default route removed", where: "vpc1-public", how: "ip route delete default", words: /route to default is missing/ },
  { what: "a route added", where: "vpc1-public", how: "ip route add 192.0.2.0/24 via 10.0.1.1", words: /route to 192\.0\.2\.0\/24 should not be there/ },
  { what: "routes of a table flushed", where: "vpc1", how: `ip route flush table ${publicTable}`, words: /route to \S+ is missing/ },
  { what: "a route led elsewhere", where: "vpc1", how: `ip route replace blackhole default table ${publicTable}`, words: /route to default is missing or different/ },
  { what: "the end of the tables removed", where: "vpc1", how: "ip route delete blackhole default table 250", words: /route to default is missing/ },
  { what: "a routing rule removed", where: "vpc1", how: `ip rule delete iif ${first("br")}`, words: /routing rule for br-\S+ is missing/ },
  { what: "a routing rule added", where: "vpc1", how: "ip rule add priority 50 from 10.0.0.0/8 lookup main", words: /routing rule 50 should not be there/ },
  { what: "forwarding switched off", where: "vpc1", how: "sysctl -w net.ipv4.ip_forward=0", words: /net\.ipv4\.ip_forward is not 1/ },
  { what: "forwarding switched on in an instance", where: "vpc1-public", how: "sysctl -w net.ipv4.ip_forward=1", words: /net\.ipv4\.ip_forward is not 0/ },
  { what: "IPv6 switched on", where: "vpc1-private", how: "sysctl -w net.ipv6.conf.all.disable_ipv6=0", words: /disable_ipv6 is not 1/ },
  { what: "redirects switched on", where: "vpc1", how: "sysctl -w net.ipv4.conf.all.send_redirects=1", words: /send_redirects is not 0/ },
  { what: "a router's filter deleted", where: "vpc1", how: "nft delete table inet vpclab", words: /packet filter is missing/ },
  { what: "a security group's table flushed", where: "vpc1-private", how: "nft flush table inet vpclab", words: /rules of chain/ },
  { what: "the whole ruleset flushed", where: "vpc1", how: "nft flush ruleset", words: /packet filter is missing/ },
  { what: "a chain flushed", where: "vpc1", how: "nft flush chain inet vpclab forwarding", words: /rules of chain forwarding differ/ },
  { what: "a rule inserted", where: "vpc1", how: "nft insert rule inet vpclab forwarding accept", words: /rules of chain forwarding differ/ },
  { what: "a rule deleted", where: "vpc1", how: "nft delete rule inet vpclab forwarding handle $(nft -a list chain inet vpclab forwarding | grep -o 'handle [0-9]*' | tail -1 | cut -d' ' -f2)", words: /rules of chain forwarding differ/ },
  { what: "an ACL's chain flushed", where: "vpc1", how: `nft flush chain inet vpclab ${chainOf("acl-in-")}`, words: /rules of chain acl-in-\S+ differ/ },
  { what: "a chain added", where: "vpc1", how: "nft add chain inet vpclab back_door", words: /chain back_door should not be there/ },
  { what: "a base chain added", where: "vpc1-private", how: "nft 'add chain inet vpclab early { type filter hook input priority -300; policy accept; }'", words: /chain early should not be there/ },
  { what: "a chain's policy changed", where: "vpc1-private", how: "nft 'add chain inet vpclab incoming { policy accept; }'", words: /packet filter is missing or different/ },
  { what: "a group's member removed", where: "vpc1-private", how: "nft delete element inet vpclab $(nft list sets inet | grep -o 'set sg-[0-9a-f]*' | head -1 | cut -d' ' -f2) '{ 10.0.1.2 }'", words: /set sg-\S+ lacks 1/ },
  { what: "a group's member added", where: "vpc1-private", how: "nft add element inet vpclab $(nft list sets inet | grep -o 'set sg-[0-9a-f]*' | head -1 | cut -d' ' -f2) '{ 172.16.1.2 }'", words: /set sg-\S+ has 1 member/ },
  { what: "a set added", where: "vpc1-private", how: "nft 'add set inet vpclab theirs { type ipv4_addr; }'", words: /set theirs should not be there/ },
  { what: "a map added", where: "vpc1", how: "nft 'add map inet vpclab theirs { type ipv4_addr : verdict; }'", words: /packet filter/ },
  { what: "a table of another name added", where: "vpc1-private", how: "nft 'add table ip theirs; add chain ip theirs c { type filter hook input priority -400; policy drop; }'", words: /table ip theirs should not be there/ },
  { what: "a NAT gateway's translation flushed", where: "vpc1-public-nat", how: "nft flush table inet vpclab", words: /rules of chain/ },
  { what: "a foreign link in a router", where: "vpc1", how: "ip link add extra type bridge", words: /link extra should not be there/ },
  { what: "a foreign link of the name of ours", where: "vpc1", how: `name=${first("br")}; ip link delete $name; ip link add $name type veth`, words: /br-\S+ is missing/ },
  { what: "the host's end of a gateway deleted", where: HOST, how: `ip link delete ${gateway}`, words: /link igh-\S+ is missing/ },
  { what: "the host's end of a gateway down", where: HOST, how: `ip link set ${gateway} down`, words: /link igh-\S+ is down/ },
  { what: "forwarding of a gateway off", where: HOST, how: `sysctl -w net.ipv4.conf.${gateway}.forwarding=0`, words: /forwarding is not 1/ },
  { what: "forwarding of the uplink off", where: HOST, how: "sysctl -w net.ipv4.conf.uplink0.forwarding=0", words: /forwarding is not 1/ },
  { what: "the route to a public address removed", where: HOST, how: "ip route delete $(ip route show proto 118 | head -1 | cut -d' ' -f1)", words: /route to 198\.51\.100\.\d+\S* is missing/ },
  { what: "the route to a public address led elsewhere", where: HOST, how: "ip route replace $(ip route show proto 118 | head -1 | cut -d' ' -f1) via 198.51.100.1 proto 118", words: /route to 198\.51\.100\.\d+\S* is missing or different/ },
  { what: "the host's table deleted", where: HOST, how: "nft delete table inet vpclab", words: /packet filter is missing/ },
  { what: "a rule inserted into the host's table", where: HOST, how: "nft insert rule inet vpclab forwarding accept", words: /rules of chain forwarding differ/ },
  { what: "a web server killed", where: "", how: "kill -9 $(pgrep -f '[v]pclab-workload.*label=vpc1-public')", words: /web server on port 8080 is not running/ },
];

/** Workloads in namespaces that no name leads to: whoever deleted the name has left them behind. */
const programsWithoutNamespace = (): string[] =>
  processesOutside(new Set([ownNetnsInode(), ...listNetnsNames().map(lookUpNetns).filter((found) => typeof found === "number")]))
    .map((pid) => argumentsOf(pid).join(" ")).filter((line) => line.includes("vpclab-workload"));

describe("damage by hand", () => {
  const spoil = async ({ where, how }: Damage): Promise<void> => {
    const shell = ["sh", "-ec", how] as const;
    const { exitCode, stderr } = where === "" ? await lab.runner.tryRun({ file: shell[0], args: shell.slice(1) }) : await lab.inside(where, ...shell);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  };

  it.each(DAMAGES.map((damage) => [damage.what, damage] as const))("%s: is seen, said and mended", async (_what, damage) => {
    agent.nowMs += 3_600_000; // an hour of calm: whatever was damaged before may be mended at once
    await agent.look();
    const before = agent.log.lines.length;
    await spoil(damage);
    await agent.look();
    const lines = agent.log.lines.slice(before);
    expect(lines.filter((line) => /^warn default is (drifted|failed)/.test(line) || /^info default: repaired/.test(line)).join("\n")).toMatch(damage.words);
    expect(agent.deployment()?.state).toBe("in-place");
    expect(agent.log.lines.slice(before).some((line) => line.includes("repaired"))).toBe(true);
    expect(programsWithoutNamespace()).toEqual([]);
    const quiet = agent.log.lines.length;
    await agent.look();
    expect(agent.log.lines.slice(quiet)).toEqual([]);
  });
});

describe("what a killed `ip netns add` leaves", () => {
  it("is a file, which is not taken for a namespace and makes way for one", async () => {
    agent.nowMs += 3_600_000;
    await lab.runner.run({ file: "ip", args: ["netns", "delete", "vpc1-private"] });
    writeFileSync("/run/netns/vpc1-private", "", { mode: 0o000 });
    await agent.look();
    expect(agent.deployment()?.state).toBe("in-place");
  });
});

describe("what only looks like ours", () => {
  const run = (how: string, where = "") => (where === "" ? lab.runner.run({ file: "sh", args: ["-ec", how] }) : lab.inside(where, "sh", "-ec", how));
  const idOf = (namespace: string): string => {
    const [vpcName, subnetName] = namespace.split("-");
    const vpc = drawn.vpcs.find(({ name }) => name === vpcName);
    const subnet = drawn.subnets.find(({ name, vpcId }) => name === subnetName && vpcId === vpc?.id);
    return drawn.instances.find(({ name, subnetId }) => name === "main" && subnetId === subnet?.id)?.id ?? "";
  };
  /** What others have on this host: everything but counters. */
  const theirs = async (): Promise<string> => [
    (await run("ip -br link; ip -br address", "vpc7")).stdout, (await run("ip -br link; nft -s list ruleset", "vpc1-public-other")).stdout,
    (await run("ip link show igh-aaaaaaaaaa; ip link show vpclab0; ip link show br-aaaaaaaaaa; ip route show 192.0.2.0/24; nft -s list table inet vpclab2; nft -s list table ip vpclab", HOST)).stdout,
  ].join("\n");

  it("is never touched: not by mending, nor by taking everything down", async () => {
    await run("ip netns add vpc7; ip -n vpc7 link add br-aaaaaaaaaa type bridge; ip netns add vpc1-public-other");
    await run("nft 'add table inet vpclab; add chain inet vpclab forwarding { type filter hook forward priority 0; policy drop; }'", "vpc1-public-other");
    await run(
      "ip link add igh-aaaaaaaaaa type veth peer name vpclab0; ip link add br-aaaaaaaaaa type bridge; ip link set igh-aaaaaaaaaa up; " +
      "ip link set br-aaaaaaaaaa alias vpclab:another-agent:6f9619ff-8b86-4d01-b42d-00cf4fc964ff:igw-00000001:igw; " +
      "ip address add 192.0.2.1/24 dev br-aaaaaaaaaa; ip link set br-aaaaaaaaaa up; nft add table inet vpclab2; nft add table ip vpclab", HOST,
    );
    const before = await theirs();
    expect(before).toContain("vpclab2");
    agent.nowMs += 3_600_000;
    await run("ip netns delete vpc1; ip netns delete vpc1-public");
    await agent.look();
    expect(agent.deployment()?.state).toBe("in-place");
    await agent.agent.deployments.takeDown();
    expect(await theirs()).toBe(before);
    await agent.restart();
    expect(agent.deployment()?.state).toBe("in-place");
    expect(await theirs()).toBe(before);
  });

  it("keeps a name that we want, is named to a person, and makes way when it goes", async () => {
    agent.nowMs += 3_600_000;
    await run("ip netns delete vpc1-private; ip netns add vpc1-private; ip -n vpc1-private link add theirs0 type bridge");
    await agent.look();
    expect(agent.deployment()?.objects[idOf("vpc1-private")]).toMatchObject({ state: "failed", reason: expect.stringContaining("“vpc1-private” exists on this host and was not made by vpclab") });
    expect((await run("ip -br link show theirs0", "vpc1-private")).exitCode).toBe(0);
    await run("ip netns delete vpc1-private");
    agent.nowMs += 3_600_000;
    await agent.look();
    expect(agent.deployment()?.state).toBe("in-place");
  });

  it("keeps the name of a link on the host", async () => {
    agent.nowMs += 3_600_000;
    const name = (await run("ip -br link | grep -o '^igh-[a-z2-7]*' | grep -v aaaaaaaaaa | head -1", HOST)).stdout.trim();
    await run(`ip link delete ${name}; ip link add ${name} type bridge`, HOST);
    await agent.look();
    const failed = Object.values(agent.deployment()!.objects).filter(({ state }) => state === "failed");
    expect(failed.map(({ reason }) => reason)).toContainEqual(expect.stringContaining(`${name} exists on this host already and was not made by vpclab`));
    expect((await run(`ip -d link show ${name}`, HOST)).stdout).toContain("bridge");
    await run(`ip link delete ${name}`, HOST);
    agent.nowMs += 3_600_000;
    await agent.look();
    expect(agent.deployment()?.state).toBe("in-place");
  });

  it("is a namespace of ours whose mark was overwritten: nobody can know whose it is now, so a person is told", async () => {
    agent.nowMs += 3_600_000;
    await run("ip link set lo alias mine", "vpc1-private");
    await agent.look();
    expect(agent.deployment()?.objects[idOf("vpc1-private")]).toMatchObject({ state: "failed", reason: expect.stringContaining("was not made by vpclab") });
    await run("ip netns delete vpc1-private");
    agent.nowMs += 3_600_000;
    await agent.look();
    expect(agent.deployment()?.state).toBe("in-place");
  });

  it("is the sandbox itself, deleted: it is made anew with everything that leads through it", async () => {
    agent.nowMs += 3_600_000;
    await run("ip netns delete vpc7; ip netns delete vpc1-public-other; ip netns delete vpclab.host");
    await agent.look();
    expect(agent.deployment()?.state).toBe("in-place");
    expect(await lab.pings("vpc1-public", "203.0.113.10")).toBe(true);
  });
});
