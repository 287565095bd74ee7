import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import { ACCEPTED_MARK } from "@vpclab/shared/plan/compile-host-table";
import type { Topology } from "@vpclab/shared/topology/topology";
import { HostFirewall } from "../../src/kernel/host-firewall";
import { AgentLab } from "../link/agent-lab";
import { mixedLab } from "./mixed-lab";
import { Lab } from "./lab";

/**
 * The test's own network namespace is the host here, with what a host with Docker and ufw has: a bridge with addresses, tables
 * that translate, and a forward chain that drops by policy. Another namespace is the provider behind its uplink.
 */
const UPLINK = "up0.7";
const POOL = "203.0.113.128/28";
const lab = new Lab({ hostNetns: null, uplink: UPLINK });
const firewall = new HostFirewall({ runner: lab.runner, mark: ACCEPTED_MARK });
const run = (...argv: [string, ...string[]]) => lab.runner.run({ file: argv[0], args: argv.slice(1) });
const provider = (...argv: [string, ...string[]]) => lab.inside("provider", ...argv);

const DOCKER = `
table ip nat {
  chain DOCKER { iifname "docker0" return; }
  chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump DOCKER; }
  chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; ip saddr 172.17.0.0/16 oifname != "docker0" counter masquerade; }
}
table ip filter {
  set blocked { type ipv4_addr; flags interval; elements = { 198.18.0.0/15 }; }
  chain DOCKER-USER { counter return; }
  chain ufw-before-forward { ip saddr @blocked drop; }
  chain INPUT { type filter hook input priority filter; policy accept; }
  chain FORWARD {
    type filter hook forward priority filter; policy drop;
    counter jump DOCKER-USER
    oifname "docker0" ct state established,related counter accept
    iifname "docker0" counter accept
    counter jump ufw-before-forward
  }
}`;

/** What DESIGN.md section 2 lets differ while something is applied, and what must be equal always. */
interface HostState {
  readonly addresses: string;
  readonly links: string;
  readonly routes: string;
  readonly rules: string;
  readonly ruleset: string;
  readonly iptables: string;
  readonly sysctls: string;
  readonly netns: string;
}

const TIMERS = / (valid_lft|preferred_lft|gc_timer|hello_timer|tcn_timer|topology_change_timer) +\S+/g;
const lines = (text: string, keep: (line: string) => boolean): string => text.split("\n").filter(keep).join("\n");

async function hostState(): Promise<HostState> {
  const text = async (...argv: [string, ...string[]]): Promise<string> => (await run(...argv)).stdout.replace(TIMERS, "");
  return {
    addresses: await text("ip", "-br", "address"), links: await text("ip", "-d", "-br", "link"), routes: await text("ip", "route", "show", "table", "all"),
    rules: await text("ip", "rule"), ruleset: await text("nft", "-s", "list", "ruleset"),
    iptables: existsSync("/usr/sbin/iptables-save") ? await text("iptables-save") : "",
    // How many connections there are just now is no setting.
    sysctls: lines(await text("sysctl", "-a", "-r", "^net\\.(ipv4\\.(conf|ip_forward|neigh)|ipv6\\.conf|netfilter|bridge)"), (line) => !line.includes("nf_conntrack_count")),
    netns: await text("ip", "netns", "list"),
  };
}

/** Our own table is the only one called `inet vpclab`; it ends at the first line that is a lone brace. */
const withoutOurTable = (ruleset: string): string => ruleset.replace(/^table inet vpclab \{\n[\s\S]*?^\}\n/m, "");
const withoutOurs = (state: HostState): Partial<HostState> => ({
  addresses: lines(state.addresses, (line) => !line.startsWith("igh-")),
  links: lines(state.links, (line) => !line.startsWith("igh-")),
  routes: lines(state.routes, (line) => !/ dev igh-/.test(line)),
  rules: state.rules,
  ruleset: lines(withoutOurTable(state.ruleset), (line) => !line.includes('comment "vpclab"')),
  iptables: lines(state.iptables, (line) => !line.includes("--comment vpclab")),
  sysctls: lines(state.sysctls, (line) => !/\.igh-/.test(line) && !line.startsWith("net.ipv4.conf.up0/7.forwarding")),
});

const drawn = mixedLab();
/** Without a pool an Elastic IP has no meaning, and the web server is reached by a port of the host. */
const shared: Topology = {
  ...drawn, elasticIps: [],
  instances: drawn.instances.map((instance) => (instance.webServer && instance.address.endsWith(".1.2") && instance.address.startsWith("10.")
    ? { ...instance, publishedPorts: [{ protocol: "tcp", hostPort: 30080, port: 8080 }] } : instance)),
};

let before: HostState;
let agent: AgentLab<Lab["kernel"]>;

beforeAll(async () => {
  // Other files play hosts that forward, in this same namespace.
  await run("sysctl", "-qw", "net.ipv4.ip_forward=0");
  await run("ip", "netns", "add", "provider");
  await run("ip", "link", "add", UPLINK, "type", "veth", "peer", "name", "far0", "netns", "provider");
  await run("ip", "address", "add", "192.0.2.2/24", "dev", UPLINK);
  await run("ip", "link", "set", UPLINK, "up");
  await run("ip", "route", "add", "default", "via", "192.0.2.1");
  await provider("ip", "address", "add", "192.0.2.1/24", "dev", "far0");
  await provider("ip", "link", "set", "far0", "up");
  await provider("ip", "route", "add", POOL, "via", "192.0.2.2");
  await run("ip", "link", "add", "docker0", "type", "bridge");
  await run("ip", "address", "add", "172.17.0.1/16", "dev", "docker0");
  await run("ip", "link", "set", "docker0", "up");
  await lab.runner.run({ file: "nft", args: ["-f", "-"], stdin: DOCKER });
  // The kernel tries its own fe80:: addresses for a moment.
  await vi.waitUntil(async () => !/tentative/.test((await run("ip", "address")).stdout), { timeout: 10_000 });
  before = await hostState();
});
afterAll(async () => {
  await run("ip", "link", "delete", UPLINK);
  await run("ip", "link", "delete", "docker0");
  for (const table of ["nat", "filter"]) await run("nft", "delete", "table", "ip", table);
  await run("ip", "netns", "delete", "provider");
});
afterEach(({ task }) => {
  if (task.result?.state === "fail") console.error(agent.log.lines.slice(-8).join("\n"));
});

describe.each<[string, string | null, Topology]>([["without a pool", null, shared], ["with a pool", POOL, drawn]])("on a real host with Docker-like rules, %s", (_name, pool, document) => {
  beforeAll(async () => {
    agent = await AgentLab.on(lab.kernel, { hostNetns: null, uplink: UPLINK, firewall, pool: pool === null ? null : cidrFrom(pool) });
    expect(await agent.apply(document)).toMatchObject({ type: "job-done", deployment: { state: "in-place" } });
  });
  afterAll(() => agent.close());

  it("applies once: looking again finds nothing to do", async () => {
    const quiet = agent.log.lines.length;
    await agent.look();
    expect(await agent.apply(document)).toMatchObject({ deployment: { state: "in-place" } });
    expect(agent.log.lines.slice(quiet).filter((line) => !/: 0 steps in/.test(line))).toEqual([]);
  });

  it("lets public instances out by an uplink with a dot in its name, through a chain that drops", async () => {
    expect(await lab.pings("vpc1-public", "192.0.2.1")).toBe(true);
    expect(await lab.pings("vpc1-private", "192.0.2.1")).toBe(true); // by the NAT gateway
  });

  it("lets the internet in where the drawing does, and nowhere else", async () => {
    const publicAddress = Object.values(agent.deployment()!.publicAddresses)[0];
    const url = pool === null ? "http://192.0.2.2:30080/" : `http://${publicAddress}:8080/`;
    const closed = pool === null ? "http://192.0.2.2:30081/" : `http://${publicAddress}:8081/`;
    const fetches = async (where: string): Promise<boolean> => (await provider("timeout", "3", process.execPath, "-e", `fetch("${where}").then(() => process.exit(0), () => process.exit(1))`)).exitCode === 0;
    expect([await fetches(url), await fetches(closed)]).toEqual([true, false]);
  });

  it("is closed to instances, at each of its addresses", async () => {
    const addresses = ["192.0.2.2", "172.17.0.1", "169.254.64.1"];
    expect(await Promise.all(addresses.map((address) => lab.pings("vpc1-public", address)))).toEqual([false, false, false]);
  });

  it("differs from before by our links, our table, forwarding of our links and the uplink, and one marked rule", async () => {
    const during = await hostState();
    expect(withoutOurs(during)).toEqual(withoutOurs(before));
    expect(during.ruleset.match(/comment "vpclab"/g)).toHaveLength(1);
    expect(during.ruleset).toMatch(/chain FORWARD \{\n[^\n]*policy drop;\n[^\n]*meta mark 0x76706c62 accept comment "vpclab"\n/);
    const { stdout } = await run("sysctl", "-a", "-r", "^net\\.ipv4\\.conf\\..*\\.forwarding$");
    const on = stdout.split("\n").filter((line) => line.endsWith("= 1")).map((line) => line.split(".")[3] ?? "");
    expect(on.filter((link) => !link.startsWith("igh-"))).toEqual(["up0/7"]);
  });

  it("puts its rule back when the other firewall is started again", async () => {
    agent.nowMs += 3_600_000;
    await run("nft", "flush", "chain", "ip", "filter", "FORWARD");
    await vi.waitUntil(async () => (await agent.look(), agent.deployment()?.state === "in-place" && (await hostState()).ruleset.includes('comment "vpclab"')), { timeout: 20_000 });
    expect(agent.log.lines.some((line) => /warn default is drifted: chain FORWARD of table ip filter drops what is forwarded/.test(line))).toBe(true);
    expect(await lab.pings("vpc1-public", "192.0.2.1")).toBe(true);
    agent.nowMs += 3_600_000;
    await run("nft", "delete", "table", "ip", "filter");
    await run("nft", "delete", "table", "ip", "nat");
    await lab.runner.run({ file: "nft", args: ["-f", "-"], stdin: DOCKER });
    await vi.waitUntil(async () => (await agent.look(), (await hostState()).ruleset.includes('comment "vpclab"')), { timeout: 20_000 });
  });

  it("is after a tear down what it was before, byte for byte", async () => {
    expect(await hostState()).not.toEqual(before);
    expect(await agent.apply(null)).toMatchObject({ deployment: { state: "empty" } });
    expect(await hostState()).toEqual(before);
  });
});
