import type { ChildProcess } from "node:child_process";
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NEEDED_CAPABILITIES } from "../../src/host/needed-rights";
import { listNetnsNames, lookUpNetns } from "../../src/host/netns";
import { enrolledStateDir } from "../link/agent-fixture";
import { FakeServer } from "../link/fake-server";
import { applyJob } from "../link/job-fixture";
import { mixedLab } from "./mixed-lab";

const PINGS = 1_200;

/** The agent as an administrator starts it on a real host, with a policy of its own; this test's namespace is the host. */
describe("the agent as a process on a real host", () => {
  const bundle = mkdtempSync(join(tmpdir(), "vpclab-agent-bundle-"));
  const drawn = mixedLab();
  const policy = join(bundle, "policy.json");
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let server: FakeServer;
  let child: ChildProcess;
  let stderr = "";

  const sh = (script: string): string => execFileSync("sh", ["-ec", script], { encoding: "utf8" });
  /** Without the address that `ip -br` prints of IPv6, which comes a moment after the link. */
  const hostState = (): string => sh("ip -br link; ip -4 -br address; ip route show table all; ip rule; nft -s list ruleset; sysctl net.ipv4.ip_forward net.ipv4.conf.up0.forwarding; ip netns list").replace(/^.*fe80::.*\n/gm, "");
  /** Of all its threads, each kind once. */
  const rightsOf = (pid: number): unknown[] => [...new Map(readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8");
    const rights = Object.fromEntries([...status.matchAll(/^(Cap\w+|NoNewPrivs):\s*([0-9a-f]+)$/gm)].map(([, name, value]) => [name, BigInt(`0x${value}`)]));
    return [status.replace(/^(?!Cap|NoNewPrivs).*\n/gm, ""), rights];
  })).values()];
  const NEEDED = Object.values(NEEDED_CAPABILITIES).reduce((bits, capability) => bits | (1n << BigInt(capability)), 0n);
  const args = (command: string): string[] => [join(bundle, "agent.mjs"), command, "--mode", "host", "--uplink", "up0", "--policy", policy, "--state", home.stateDir];
  async function start(): Promise<void> {
    const before = server.ofType("inventory").length;
    child = spawn(process.execPath, [...args("run"), "--url", server.url], { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr?.on("data", (chunk: Buffer) => void (stderr += chunk.toString()));
    await server.until(() => server.ofType("inventory").length > before, 30_000);
  }
  const end = (signal: NodeJS.Signals): Promise<unknown> => {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    const gone = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    return gone;
  };

  beforeAll(async () => {
    execFileSync(process.execPath, ["build.mjs", bundle], { cwd: resolve(import.meta.dirname, "../..") });
    writeFileSync(policy, JSON.stringify({ publicPool: "203.0.113.128/28" }), { mode: 0o644 });
    sh("ip netns add provider; ip link add up0 type veth peer name far0 netns provider; ip address add 192.0.2.2/24 dev up0; ip link set up0 up; ip route add default via 192.0.2.1");
    sh("ip -n provider address add 192.0.2.1/24 dev far0; ip -n provider link set far0 up; ip -n provider route add 203.0.113.128/28 via 192.0.2.2");
    sh("nft 'add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'");
    home = await enrolledStateDir();
    server = await FakeServer.listen(() => home.identity.agentKey, {}, join(home.stateDir, "..", "server.sock"));
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") console.error(stderr);
  });
  afterAll(async () => {
    await end("SIGKILL");
    await server.close();
    await home.remove();
    sh("ip link delete up0; ip netns delete provider; nft delete table ip filter");
    rmSync(bundle, { recursive: true, force: true });
  });

  it("says that it has public addresses, lets packets through another firewall, outlives its agent, and is undone by purge", async () => {
    const before = hostState();
    await start();
    expect(rightsOf(child.pid!)).toEqual([{ CapPrm: NEEDED, CapEff: NEEDED, CapBnd: NEEDED, CapInh: 0n, CapAmb: 0n, NoNewPrivs: 1n }]);
    server.sendJob((common) => ({ ...applyJob({ desired: drawn, jobId: "job-1" }), ...common }));
    await server.until(() => server.ofType("job-done").length === 1, 50_000);
    const { deployment } = server.ofType("job-done")[0]!;
    expect(deployment).toMatchObject({ state: "in-place" });
    expect(Object.values(deployment.publicAddresses).every((address) => address.startsWith("203.0.113.1"))).toBe(true);
    const pings = (): string => sh("ip netns exec vpc1-public ping -n -c 1 -W 2 192.0.2.1 >/dev/null && ip netns exec vpc1-private ping -n -c 1 -W 2 192.0.2.1 >/dev/null && echo both");
    expect(pings()).toBe("both\n");
    await end("SIGTERM");
    expect(pings()).toBe("both\n"); // networks outlive the agent on a real host
    await start();
    await losesNoPing();
    const started = programsStarted();
    expect(started.onTheHost.filter((program) => !["ip", "nft", "iptables", "iptables-nft", "iptables-legacy"].includes(program))).toEqual([]);
    expect(started.inInstances.filter((program) => !["/usr/sbin/dnsmasq", "/usr/bin/ping", realpathSync(process.execPath)].includes(program))).toEqual([]);
    expect(started.inInstances.length).toBeGreaterThan(0);
    await end("SIGKILL");
    execFileSync(process.execPath, args("purge"));
    expect(listNetnsNames()).toEqual(["provider"]);
    expect(hostState()).toBe(before);
  }, 180_000);

  /** First words of everything that the agent ran, from its log; names are those of programs in fixed folders. */
  function programsStarted(): { onTheHost: string[]; inInstances: string[] } {
    const lines = readFileSync(join(home.stateDir, "agent.log"), "utf8").trim().split("\n").map((line) => (JSON.parse(line) as { msg: string }).msg);
    const firstWords = (shape: RegExp) => [...new Set(lines.flatMap((line) => shape.exec(line)?.[1] ?? []))];
    return { onTheHost: firstWords(/^(?:exit \d+|failed \(.*\)) [\d.]+ ms: (\S+)/), inInstances: firstWords(/^in \S+: (\S+)/) };
  }

  /** Killed and started, stopped and started, while packets go from one subnet to another one. */
  async function losesNoPing(): Promise<void> {
    const inodes = () => listNetnsNames().map((name) => `${name} ${lookUpNetns(name)}`);
    const before = inodes();
    const pinging = promisify(execFile)("ip", ["netns", "exec", "vpc1-public", "ping", "-n", "-q", "-i", "0.01", "-c", String(PINGS), "10.0.2.2"]);
    let done = false;
    void pinging.finally(() => (done = true));
    let restarts = 0;
    while (!done) {
      await end(restarts % 2 === 0 ? "SIGKILL" : "SIGTERM");
      await start();
      restarts += 1;
    }
    const { stdout } = await pinging;
    console.info(`${restarts} restarts: ${/.*packet loss/.exec(stdout)?.[0]}`);
    expect(stdout).toContain(`${PINGS} packets transmitted, ${PINGS} received, 0% packet loss`);
    expect(restarts).toBeGreaterThanOrEqual(2);
    expect(inodes()).toEqual(before);
  }
});
