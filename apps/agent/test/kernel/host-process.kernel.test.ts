import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listNetnsNames } from "../../src/host/netns";
import { enrolledStateDir } from "../link/agent-fixture";
import { FakeServer } from "../link/fake-server";
import { applyJob } from "../link/job-fixture";
import { mixedLab } from "./mixed-lab";

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
    await end("SIGKILL");
    execFileSync(process.execPath, args("purge"));
    expect(listNetnsNames()).toEqual(["provider"]);
    expect(hostState()).toBe(before);
  }, 120_000);
});
