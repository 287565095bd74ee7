import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gridTopology, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ApplyJob } from "@vpclab/shared/wire/job";
import { listNetnsNames } from "../../src/host/netns";
import { enrolledStateDir } from "../link/agent-fixture";
import { FakeServer } from "../link/fake-server";
import { applyJob, TOPOLOGY_ID } from "../link/job-fixture";
import { LOCAL_ID, LocalLab } from "./local-lab";

const DRAWN = twoVpcLab();
const lab = new LocalLab();
afterAll(() => lab.remove());

describe("an agent that runs, asked by root on its host", () => {
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let server: FakeServer;
  let agent: ChildProcess;
  let jobs = 0;

  beforeEach(async () => {
    home = await enrolledStateDir();
    lab.stateDir = home.stateDir;
    server = await FakeServer.listen(() => home.identity.agentKey, {}, join(home.stateDir, "..", "server.sock"));
    jobs = 0;
    await start();
  });
  afterEach(async () => {
    await end("SIGTERM");
    await lab.purge();
    await server.close();
    await home.remove();
    expect(listNetnsNames()).toEqual([]);
  });

  async function start(): Promise<void> {
    const before = server.ofType("inventory").length;
    agent = spawn(process.execPath, [join(lab.bundle, "agent.mjs"), "run", "--url", server.url, "--state", home.stateDir], { stdio: ["ignore", "ignore", "ignore"] });
    await server.until(() => server.ofType("inventory").length > before, 40_000);
    await vi.waitUntil(() => existsSync(join(home.stateDir, "control.sock")), { timeout: 20_000, interval: 20 });
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (agent.exitCode !== null || agent.signalCode !== null) return;
    const gone = new Promise((done) => agent.once("exit", done));
    agent.kill(signal);
    await gone;
  }
  /** The server's job and its answer. */
  async function byServer(desired: Topology | null, change: Partial<ApplyJob> = {}) {
    const jobId = `job-${++jobs}`;
    server.sendJob((common) => ({ ...applyJob({ desired, jobId, generation: jobs, topologyName: "served", ...change }), ...common }));
    const answer = () => [...server.ofType("job-done"), ...server.ofType("job-refused")].find((message) => message.jobId === jobId);
    await server.until(() => answer() !== undefined, 40_000);
    return answer()!;
  }

  it("carries out what root asks, beside what its server asks, and tells the server of the first no more than that it happened", async () => {
    expect(statSync(join(home.stateDir, "control.sock")).mode & 0o777).toBe(0o600);
    expect((await lab.ask("facts", {})).result).toMatchObject({ daemon: true, agentId: home.identity.agentId, server: "http://127.0.0.1" });
    expect(await byServer(DRAWN)).toMatchObject({ type: "job-done", deployment: { state: "in-place" } });
    const applied = await lab.bring(DRAWN, 0, { topologyName: "mine" });
    expect(applied).toMatchObject({ result: { revision: 1, failure: null, deployment: { state: "in-place" } } });
    expect(applied.progress.length).toBeGreaterThan(0);
    const held = (await lab.ask("held", {})).result;
    expect(held.map(({ name, authority, deployment }) => [name, authority, deployment.state]).sort()).toEqual([["mine", "local", "in-place"], ["served", "server", "in-place"]]);
    await server.until(() => server.ofType("activity").some(({ entry }) => entry.topologyName === "mine"), 20_000);
    const before = server.ofType("inventory").length;
    server.cut();
    await server.until(() => server.ofType("inventory").length > before, 30_000);
    expect(server.ofType("inventory").at(-1)?.topologies.map(({ topologyId }) => topologyId)).toEqual([TOPOLOGY_ID]);
    const aboutMine = server.messages.filter((message) => message.type !== "activity" && JSON.stringify(message).includes(LOCAL_ID));
    expect(aboutMine).toEqual([]);
    expect(server.ofType("activity").map(({ entry }) => [entry.actor, entry.action, entry.outcome])).toEqual([["ann", "apply", "done"], ["root (ann)", "apply", "done"]]);
  });

  it("stops for root what another of its callers waits for, and nothing of its server's", async () => {
    const { openLocalAgent } = await lab.module();
    const other = await openLocalAgent({ stateDir: lab.stateDir, mode: null, uplink: null, policy: null, waitMs: 20_000 });
    try {
      const cancel = () => other.ask("cancel", { topologyId: LOCAL_ID, actor: "root (bob)" });
      expect(await cancel()).toBe("over");
      const waiting = lab.bring(gridTopology({ vpcs: 6, subnetsPerVpc: 2, instancesPerSubnet: 4 }), 0, { topologyName: "mine" });
      await vi.waitUntil(async () => (await cancel()) === "stopping", { timeout: 40_000, interval: 20 });
      expect((await waiting).result).toMatchObject({ failure: { code: "CANCELLED", message: expect.stringMatching(/^Cancelled by root \(bob\): /) }, deployment: { state: "stopped" } });
      expect(await cancel()).toBe("over");
      await byServer(twoVpcLab());
      await expect(other.ask("cancel", { topologyId: TOPOLOGY_ID, actor: "root" })).rejects.toMatchObject({ code: "FORBIDDEN" });
    } finally {
      await other.close();
    }
  });

  it("lets nobody take over what belongs to the other, until it is removed", async () => {
    await byServer(DRAWN);
    await lab.bring(DRAWN, 0, { topologyName: "mine" });
    const before = listNetnsNames().sort();
    expect(await lab.bring(null, 3, { topologyId: TOPOLOGY_ID, topologyName: "served" })).toMatchObject({ error: { code: "FORBIDDEN", message: expect.stringContaining("without --local") } });
    expect(await lab.ask("plan", { topologyId: TOPOLOGY_ID, topologyName: "served", desired: null })).toMatchObject({ error: { code: "FORBIDDEN" } });
    expect(await byServer(null, { topologyId: LOCAL_ID })).toMatchObject({ type: "job-refused", failure: { code: "FORBIDDEN" } });
    expect(await byServer(DRAWN, { topologyId: "3f0e7c52-6a52-4a3a-9a3e-2d8f0f3f6a10", topologyName: "mine" })).toMatchObject({ type: "job-refused", failure: { code: "NAME_TAKEN" } });
    expect(listNetnsNames().sort()).toEqual(before);
    expect((await lab.bring(null, 1, { topologyName: "mine" })).result).toMatchObject({ failure: null });
    expect(await byServer(DRAWN, { topologyId: LOCAL_ID, topologyName: "mine", generation: 10 })).toMatchObject({ type: "job-done", deployment: { state: "in-place" } });
  });

  it("stops and starts, is killed and starts, and brings back what both asked for; meanwhile root does without it", async () => {
    await byServer(DRAWN);
    await lab.bring(DRAWN, 0, { topologyName: "mine" });
    await end("SIGKILL");
    const alone = (await lab.ask("held", {})).result;
    expect(alone.map(({ name, authority, deployment }) => [name, authority, deployment.state]).sort()).toEqual([["mine", "local", "in-place"], ["served", "server", "in-place"]]);
    expect((await lab.ask("facts", {})).result).toMatchObject({ daemon: false });
    expect(await lab.bring(null, 3, { topologyId: TOPOLOGY_ID })).toMatchObject({ error: { code: "FORBIDDEN" } });
    await start();
    expect((await lab.ask("facts", {})).result).toMatchObject({ daemon: true });
    await end("SIGTERM");
    expect(existsSync(join(home.stateDir, "control.sock"))).toBe(false);
    await start();
    await vi.waitUntil(async () => (await lab.ask("held", {})).result.every(({ deployment }) => deployment.state === "in-place"), { timeout: 40_000, interval: 300 });
    expect((await lab.ask("held", {})).result.length).toBe(2);
  });

  it("answers several at once, and each apply is one after the other", async () => {
    const ids = ["a", "b", "c"].map((name, i) => ({ topologyName: name, topologyId: `${i}f0e7c52-6a52-4a3a-9a3e-2d8f0f3f6a10` }));
    const all = await Promise.all(ids.map((change) => lab.bring(DRAWN, 0, change)));
    expect(all.map(({ result }) => result.deployment.state)).toEqual(["in-place", "in-place", "in-place"]);
    const both = await Promise.all([lab.bring({ ...DRAWN, instances: [] }, 1, ids[0]), lab.bring({ ...DRAWN, instances: DRAWN.instances.slice(1) }, 1, ids[0])]);
    expect(both.map(({ error }) => error?.code ?? "done").sort()).toEqual(["CONFLICT", "done"]);
  });

  it("does not purge under an agent that runs", async () => {
    await expect(lab.purge()).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining(`pid ${agent.pid}`) });
  });
});

describe("enrolment of a host that was used without a server", () => {
  it("is refused while topologies are held, with what to do; after that nothing of them is left", async () => {
    const home = await enrolledStateDir();
    lab.stateDir = join(home.stateDir, "..", "unenrolled");
    await lab.bring(DRAWN, 0);
    const enrol = (): string => {
      try {
        return execFileSync(process.execPath, [join(lab.bundle, "agent.mjs"), "enrol", "--url", "http://127.0.0.1:9", "--state", lab.stateDir], { encoding: "utf8", input: "no token", stdio: ["pipe", "pipe", "pipe"] });
      } catch (error) {
        return String((error as { stderr: string }).stderr);
      }
    };
    expect(enrol()).toMatch(/vpcctl --local -t NAME teardown/);
    expect((await lab.bring(null, 1)).result).toMatchObject({ failure: null });
    expect(enrol()).not.toContain("teardown");
    expect(listNetnsNames()).toEqual([]);
    await home.remove();
  });
});
