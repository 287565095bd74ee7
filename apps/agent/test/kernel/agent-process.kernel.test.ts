import type { ChildProcess } from "node:child_process";
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { gridTopology, peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ApplyJob } from "@vpclab/shared/wire/job";
import type { Deployment } from "@vpclab/shared/wire/live";
import { findCgroups } from "../../src/host/find-cgroups";
import { cgroupsOnThisHost } from "../../src/host/instance-cgroups";
import { listNetnsNames } from "../../src/host/netns";
import { fingerprintOfKey } from "../../src/link/ed25519";
import { enrolledStateDir } from "../link/agent-fixture";
import { FakeServer } from "../link/fake-server";
import { applyJob, TOPOLOGY_ID } from "../link/job-fixture";
import { mixedLab } from "./mixed-lab";

const AGENT = resolve(import.meta.dirname, "../..");
const LAB = twoVpcLab();

/** Processes of any network namespace but this test's own: workloads and holders. */
function strayProcesses(): string[] {
  return readdirSync("/proc").filter((entry) => /^[0-9]+$/.test(entry)).flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
    } catch {
      return [];
    }
  }).filter((line) => /web-server|sleep infinity|dnsmasq/.test(line));
}

const mounts = (): number => readFileSync("/proc/self/mounts", "utf8").split("\n").filter((line) => line.includes("netns")).length;

describe("the agent as a process, on the real kernel", () => {
  const bundle = mkdtempSync(join(tmpdir(), "vpclab-agent-bundle-"));
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let server: FakeServer;
  let child: ChildProcess;
  let stderr = "";
  let generation = 0;
  /** A test file that ran before may have left `ip netns`'s own mount; then it is not this agent's to remove. */
  let mountsBefore = 0;
  /** Messages that had come when the agent was started last. */
  let startedAt = 0;

  beforeAll(() => void execFileSync(process.execPath, ["build.mjs", bundle], { cwd: AGENT }));
  afterAll(() => rmSync(bundle, { recursive: true, force: true }));

  beforeEach(async () => {
    mountsBefore = mounts();
    home = await enrolledStateDir();
    server = await FakeServer.listen(() => home.identity.agentKey, {}, join(home.stateDir, "..", "server.sock"));
    generation = 0;
    stderr = "";
    await start();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") console.error(stderr);
    await end("SIGTERM");
    command("purge");
    await server.close();
    await home.remove();
  });

  const run = (...args: string[]): ChildProcess => {
    const started = spawn(process.execPath, [join(bundle, "agent.mjs"), ...args, "--state", home.stateDir], { stdio: ["ignore", "ignore", "pipe"] });
    started.stderr?.on("data", (chunk: Buffer) => void (stderr += chunk.toString()));
    return started;
  };
  const command = (...args: string[]): string =>
    execFileSync(process.execPath, [join(bundle, "agent.mjs"), ...args, "--state", home.stateDir], { encoding: "utf8" });

  async function start(): Promise<void> {
    const before = server.ofType("inventory").length;
    startedAt = server.messages.length;
    child = run("run", "--url", server.url);
    await server.until(() => server.ofType("inventory").length > before, 30_000);
  }

  /** Until the agent that was started last says that what it took up from its disk is in place. */
  const rebuilt = (): Promise<void> => server.until(() => server.messages.slice(startedAt).some((message) =>
    (message.type === "deployment" && message.deployment.state === "in-place") ||
    (message.type === "inventory" && message.topologies[0]?.deployment.state === "in-place")), 30_000);

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = new Promise<number | null>((done) => child.once("exit", done));
    child.kill(signal);
    return gone;
  }

  const send = (desired: Topology | null, change: Partial<ApplyJob> = {}): string => {
    generation += 1;
    const jobId = `job-${generation}`;
    server.sendJob((common) => ({ ...applyJob({ desired, jobId, generation, ...change }), ...common }));
    return jobId;
  };
  const apply = async (desired: Topology | null) => {
    const jobId = send(desired);
    await server.until(() => server.ofType("job-done").some((done) => done.jobId === jobId), 50_000);
    return server.ofType("job-done").find((done) => done.jobId === jobId)!.deployment;
  };
  const pings = (namespace: string, address: string): boolean => {
    try {
      execFileSync("ip", ["netns", "exec", namespace, "ping", "-n", "-c", "1", "-W", "1", address], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };
  /** Every link, address, route, rule and filter of every namespace, and what runs in it, as text without what changes by itself. */
  function kernelObjects(): string[] {
    const ask = (namespace: string, ...argv: string[]): string[] => {
      try {
        return execFileSync("ip", ["netns", "exec", namespace, ...argv], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n")
          .map((line) => `${namespace}: ${line.replace(/^\d+: |@if\d+|@\S+| link-netns \S+|linkid \S+| (LOWER)?_?(UP|DOWN|UNKNOWN)\b|counter packets \d+ bytes \d+/g, "").trim()}`);
      } catch {
        return [];
      }
    };
    const names = listNetnsNames().sort();
    const inside = names.flatMap((name) => [
      ...ask(name, "ip", "-br", "address"), ...ask(name, "ip", "route", "show", "table", "all"), ...ask(name, "ip", "rule"), ...ask(name, "nft", "-s", "list", "ruleset"),
    ]);
    return [...inside, ...strayProcesses().map((line) => line.replace(/^.*vpclab-workload/, "workload")).sort()];
  }

  /** What a machine forgets: processes, namespaces, everything in /run. */
  async function reboot(): Promise<void> {
    for (const entry of readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) {
      const line = ((): string => { try { return readFileSync(`/proc/${entry}/cmdline`, "utf8"); } catch { return ""; } })();
      if (/vpclab-workload|dnsmasq/.test(line)) try { process.kill(Number(entry), "SIGKILL"); } catch { /* it went by itself */ }
    }
    for (const name of listNetnsNames()) execFileSync("ip", ["netns", "delete", name]);
    execFileSync("sh", ["-c", "umount /run/netns; rm -rf /run/netns"]);
    await until(() => strayProcesses().length === 0, () => strayProcesses().join("\n"));
  }

  async function until(condition: () => boolean, trouble: () => string): Promise<void> {
    await vi.waitUntil(condition, { timeout: 40_000, interval: 200 }).catch(() => { throw new Error(trouble()); });
  }

  const addressOf = (vpc: string, subnet: string): string => {
    const found = LAB.subnets.find((candidate) => candidate.name === subnet && LAB.vpcs.find((one) => one.id === candidate.vpcId)?.name === vpc);
    return LAB.instances.find((instance) => instance.subnetId === found?.id)?.address ?? "";
  };
  const lastSteps = (): string | undefined => server.ofType("log").map((message) => / (\d+) steps/.exec(message.line.text)?.[1]).filter((steps) => steps !== undefined).at(-1);

  it("gets a new key from root while jobs run, keeps it over kill -9, and shows no key in any process", async () => {
    await apply(LAB);
    const before = server.knownKey.text;
    const jobId = send(mixedLab());
    // Not `command`: the server of this test has to answer meanwhile.
    const { stdout: said } = await promisify(execFile)(process.execPath, [join(bundle, "agent.mjs"), "rotate-key", "--state", home.stateDir]);
    expect(said).toMatch(/The server has taken it/);
    const after = server.knownKey;
    expect(after.text).not.toBe(before);
    expect(said).toContain(fingerprintOfKey(after));
    await server.until(() => server.ofType("job-done").some((done) => done.jobId === jobId), 50_000);
    const seeds = ["agent.key", "local-key"].map((name) => readFileSync(join(home.stateDir, name), "utf8").trim());
    const pids = readdirSync("/proc").filter((entry) => /^[0-9]+$/.test(entry));
    const shown = pids.flatMap((pid) => ["cmdline", "environ"].map((name) => { try { return readFileSync(`/proc/${pid}/${name}`, "latin1"); } catch { return ""; } }));
    expect(strayProcesses().length).toBeGreaterThan(0);
    expect(shown.filter((text) => seeds.some((seed) => text.includes(seed)))).toEqual([]);
    expect(readFileSync(`/proc/${child.pid}/limits`, "latin1")).toMatch(/^Max core file size\s+1\s+1\s/m);
    await end("SIGKILL");
    expect(command("rotate-key")).toMatch(/as soon as the agent is connected/);
    await start();
    expect([before, after.text]).not.toContain(server.knownKey.text);
    expect(readdirSync(home.stateDir).filter((name) => name.startsWith("agent."))).toEqual(expect.not.arrayContaining(["agent.next.key"]));
  });

  it("makes packets flow as drawn, changes what the drawing changes, and leaves nothing behind", async () => {
    expect(await apply(LAB)).toMatchObject({ state: "in-place" });
    expect(pings("vpc1-public", addressOf("vpc1", "private"))).toBe(true);
    expect(pings("vpc1-public", addressOf("vpc2", "public"))).toBe(false);
    expect(pings("vpc1-public", "203.0.113.10")).toBe(true);
    expect(pings("vpc1-private", "203.0.113.10")).toBe(false);
    await apply(LAB);
    expect(lastSteps()).toBe("0");
    await apply(peeredLab());
    expect(pings("vpc1-public", addressOf("vpc2", "public"))).toBe(true);
    await server.until(() => server.ofType("counters").some((message) => Object.keys(message.topologies[TOPOLOGY_ID] ?? {}).length > 0));
    expect(await apply(null)).toEqual({ state: "empty", revision: 3, generation, objects: {}, publicAddresses: {} });
    expect(listNetnsNames().sort()).toEqual(["vpclab.host", "vpclab.internet"]);
    expect(await end("SIGTERM")).toBe(0);
    expect({ namespaces: listNetnsNames(), processes: strayProcesses(), mounts: mounts() }).toEqual({ namespaces: [], processes: [], mounts: mountsBefore });
  });

  it("finds everything on a host that has everything, with the few rights that it keeps", async () => {
    await server.until(() => server.ofType("checks").length > 0, 30_000);
    const checks = server.ofType("checks")[0]?.checks ?? [];
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(["ip", "nft", "ping", "network namespaces", "nftables"]));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 60_000);

  it("sends a real packet for a test and puts the drawing's promise beside it", async () => {
    await apply(LAB);
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const source = LAB.instances.find((instance) => instance.address === addressOf("vpc1", "public"))!;
    server.sendJob((signed) => ({
      ...common, ...signed, kind: "probe", jobId: "probe-1",
      probe: { probeId: "p1", source: { instanceId: source.id }, destination: { internet: true }, kind: "http", port: 80 },
    }));
    await server.until(() => server.ofType("probe-done").length === 1);
    expect(server.ofType("probe-done")[0]?.result).toMatchObject({
      outcome: "reached", expected: { reachable: true }, destination: "the internet (203.0.113.10)", body: expect.stringMatching(/^198\.51\.100\.1\d\d$/),
    });
  });

  it("takes an apply back of which its server has not heard, also when it was killed meanwhile", async () => {
    await apply(LAB);
    const before = kernelObjects();
    server.acknowledges = false;
    const jobId = send(peeredLab(), { revision: 4, confirmWithinMs: 5_000 });
    await server.until(() => server.ofType("job-done").some((done) => done.jobId === jobId), 50_000);
    expect(kernelObjects()).not.toEqual(before);
    await end("SIGKILL");
    await start();
    const isBack = ({ state, revision, returned }: Deployment): boolean => state === "in-place" && revision === 3 && returned?.from === 4;
    await server.until(() => server.messages.slice(startedAt).some((message) =>
      (message.type === "deployment" && isBack(message.deployment)) || (message.type === "inventory" && message.topologies.some(({ deployment }) => isBack(deployment)))), 50_000);
    expect(kernelObjects()).toEqual(before);
  });

  it("comes to what was asked for after a SIGKILL at any moment of an apply", async () => {
    const grid = gridTopology({ vpcs: 3, subnetsPerVpc: 2, instancesPerSubnet: 2 });
    for (let round = 0; round < 8; round++) {
      send(round % 2 === 0 ? grid : LAB);
      // A different share of the apply each time; what has been reported does not matter, only when the kill falls.
      await server.until(() => server.ofType("job-accepted").length === round + 1);
      const seen = server.ofType("objects").length;
      if (round % 4 !== 0) await server.until(() => server.ofType("objects").length > seen || server.ofType("job-done").some((done) => done.jobId === `job-${generation}`));
      await new Promise((done) => setTimeout(done, round * 15));
      await end("SIGKILL");
      await start();
    }
    expect(await apply(LAB)).toMatchObject({ state: "in-place" });
    await apply(LAB);
    expect(lastSteps()).toBe("0");
    expect(listNetnsNames().filter((name) => !name.startsWith("vpclab.")).sort()).toEqual(["vpc1", "vpc1-private", "vpc1-public", "vpc2", "vpc2-public"]);
    expect(await end("SIGTERM")).toBe(0);
    expect({ namespaces: listNetnsNames(), processes: strayProcesses() }).toEqual({ namespaces: [], processes: [] });
    await start();
    await rebuilt();
    expect(pings("vpc1-public", "203.0.113.10")).toBe(true);
  }, 180_000);

  it.each(["at once", "after its end"])("stays cancelled over a SIGKILL %s: nothing more is made before the next apply", async (when) => {
    const large = gridTopology({ vpcs: 6, subnetsPerVpc: 2, instancesPerSubnet: 4 });
    const jobId = send(large);
    const { v, actor } = applyJob();
    await server.until(() => server.ofType("objects").some(({ objects }) => Object.values(objects).some(({ state }) => state === "applying")), 50_000);
    server.sendJob((common) => ({ v, actor, kind: "cancel", jobId: "cancel", topologyId: TOPOLOGY_ID, generation, ...common }));
    await server.until(() => server.ofType("cancel-done").length > 0, 50_000);
    expect(server.ofType("cancel-done")).toMatchObject([{ outcome: "stopping" }]);
    if (when === "after its end") await server.until(() => server.ofType("job-done").some((done) => done.jobId === jobId && done.failure?.code === "CANCELLED"), 50_000);
    await end("SIGKILL");
    const before = kernelObjects();
    await start();
    // It says how busy it is every ten seconds, and looks for drift every five.
    const looks = (): number => server.messages.slice(startedAt).filter(({ type }) => type === "load").length;
    const isStopped = (): boolean => server.messages.slice(startedAt).some((message) =>
      (message.type === "deployment" && message.deployment.state === "stopped") || (message.type === "inventory" && message.topologies[0]?.deployment.state === "stopped"));
    await server.until(() => isStopped() && looks() >= 2, 50_000);
    expect(kernelObjects()).toEqual(before);
    expect(await apply(large)).toMatchObject({ state: "in-place" });
  });

  it("rebuilds every kind of object from its own disk after a reboot, while the server cannot be reached", async () => {
    const drawn = mixedLab();
    const { publicAddresses } = await apply(drawn);
    const before = kernelObjects();
    expect(before.length).toBeGreaterThan(100);
    await end("SIGKILL");
    await reboot();
    expect(listNetnsNames()).toEqual([]);
    child = run("run", "--url", "ws+unix:/run/nobody.sock:/agent");
    await until(() => kernelObjects().join("\n") === before.join("\n"), () => `${stderr}\n${kernelObjects().filter((line) => !before.includes(line)).join("\n")}`);
    expect(pings("vpc1-public", "203.0.113.10") && pings("vpc1-private", "203.0.113.10") && pings("vpc1-public", addressOf("vpc2", "public"))).toBe(true);
    const elasticIp = drawn.elasticIps.find(({ target }) => target?.kind === "instance")!;
    expect(pings("vpclab.internet", publicAddresses[elasticIp.id]!)).toBe(true);
    await end("SIGTERM");
    await start();
    await rebuilt();
    expect(await apply(drawn)).toMatchObject({ state: "in-place", publicAddresses });
    expect(lastSteps()).toBe("0");
  }, 120_000);

  it("is cleaned up by purge after a crash, and keeps what was asked for", async () => {
    await apply(LAB);
    expect(() => command("purge")).toThrow(/stop it first/);
    await end("SIGKILL");
    const { tops } = findCgroups();
    for (const { path } of tops) expect(cgroupsOnThisHost().filter((group) => group.startsWith(path) && readFileSync(join(group, "cgroup.procs"), "utf8") !== "").length).toBeGreaterThan(1);
    command("purge");
    expect({ namespaces: listNetnsNames(), processes: strayProcesses(), cgroups: cgroupsOnThisHost() }).toEqual({ namespaces: [], processes: [], cgroups: [] });
    await start();
    await rebuilt();
    expect(pings("vpc1-public", "203.0.113.10")).toBe(true);
  });
});
