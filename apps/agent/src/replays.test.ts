import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import { peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Envelope, Job } from "@vpclab/shared/wire/job";
import { enrolledStateDir, newAgent, RecordingLog } from "../test/link/agent-fixture";
import { FakeServer } from "../test/link/fake-server";
import { applyJob, TOPOLOGY_ID } from "../test/link/job-fixture";
import type { Agent } from "./agent";
import { writeEnrolment } from "./state/identity";

/** Everything that a server ever sent is sent again, in every situation in which somebody who recorded it could. */
describe("a replay", () => {
  let server: FakeServer;
  let kernel: FakeKernel;
  let agent: Agent;
  let log: RecordingLog;
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let recorded: Envelope[];

  const start = async (): Promise<void> => {
    const before = server.ofType("inventory").length;
    agent = await newAgent(home.stateDir, kernel, server.url, { log });
    await agent.start();
    await server.until(() => server.ofType("inventory").length > before, 30_000);
    await agent.deployments.settled();
  };
  const perform = async (change: Partial<Job> & { desired?: unknown; generation?: number }): Promise<void> => {
    const jobId = `job-${recorded.length + 1}`;
    const answered = () => server.messages.some((message) => "jobId" in message && message.jobId === jobId && message.type !== "job-accepted");
    const { revision, epoch, generation, topologyName, desired, ...common } = applyJob({ jobId, desired: twoVpcLab() });
    const own = change.kind === "probe" ? {} : change.kind === "plan" ? { topologyName, desired } : { revision, epoch, generation, topologyName, desired };
    recorded.push(server.sendJob((fresh) => ({ ...common, ...own, ...change, ...fresh })));
    await server.until(answered, 30_000);
  };

  beforeEach(async () => {
    home = await enrolledStateDir();
    server = await FakeServer.listen(() => home.identity.agentKey);
    kernel = new FakeKernel();
    log = new RecordingLog();
    recorded = [];
    await start();
    await perform({ generation: 1 });
    await perform({ generation: 2, desired: peeredLab() });
    await perform({ kind: "plan" });
    await perform({ kind: "probe", probe: { probeId: "p", source: { instanceId: "i-00000001" }, destination: { internet: true }, kind: "ping", port: null } } as Partial<Job>);
    await perform({ generation: 3, desired: null });
    await perform({ generation: 4 });
    await perform({ generation: 4, desired: peeredLab() }); // refused
    await perform({ generation: 1 }); // refused
  });
  afterEach(async () => {
    await agent.stop();
    await server.close();
    await home.remove();
  });

  /** Sends every recorded job again; how many were accepted, and how often the kernel was written to. */
  const replayed = async (): Promise<{ executed: number; writes: number; refused: string[] }> => {
    const [accepted, refused, writes] = [server.ofType("job-accepted").length, server.ofType("job-refused").length, kernel.log.length];
    for (const envelope of recorded) server.send({ type: "job", envelope });
    await server.until(() => server.ofType("job-refused").length + server.ofType("job-accepted").length === accepted + refused + recorded.length, 30_000);
    await agent.deployments.settled();
    return {
      executed: server.ofType("job-accepted").length - accepted, writes: kernel.log.length - writes,
      refused: [...new Set(server.ofType("job-refused").slice(refused).map(({ failure }) => failure.code))],
    };
  };
  const nothing = (...refused: string[]) => ({ executed: 0, writes: 0, refused });

  it("on the same connection", async () => expect(await replayed()).toEqual(nothing("SEQ")));

  it("on the next connection", async () => {
    server.cut();
    await server.until(() => server.ofType("inventory").length === 2, 30_000);
    expect(await replayed()).toEqual(nothing("SESSION"));
  });

  it("after a restart of the agent", async () => {
    await agent.stop();
    await start();
    expect(await replayed()).toEqual(nothing("SESSION"));
  });

  it("after the topology was removed, and the machine has restarted", async () => {
    await perform({ generation: 5, desired: null });
    await agent.stop();
    kernel = new FakeKernel();
    await start();
    expect(await replayed()).toEqual(nothing("SESSION"));
    expect(kernel.names()).toEqual([]);
  });

  it("to another host that trusts the same server", async () => {
    await agent.stop();
    await rm(home.stateDir, { recursive: true });
    await mkdir(home.stateDir, { mode: 0o700 });
    await home.remove();
    home = await enrolledStateDir();
    await writeEnrolment(home.stateDir, { agentId: "agent-2", serverKey: home.identity.serverKey.text, url: "http://127.0.0.1" });
    kernel = new FakeKernel();
    await start();
    expect(await replayed()).toEqual(nothing("AUD"));
  });

  it("from the agent's own folder, where an earlier job was put back", async () => {
    const jobs = join(home.stateDir, "jobs");
    const kept = join(home.stateDir, "..", "kept");
    await mkdir(kept);
    for (const file of await readdir(jobs)) await copyFile(join(jobs, file), join(kept, file));
    for (const desired of [peeredLab(), null]) {
      await perform({ generation: desired ? 5 : 6, desired });
      await agent.stop();
      for (const file of await readdir(kept)) await copyFile(join(kept, file), join(jobs, file));
      kernel = new FakeKernel();
      await start();
      expect(kernel.log).toEqual([]);
      expect(log.lines.filter((line) => line.includes("not taken up again") && line.includes("STALE")).length).toBeGreaterThan(0);
      expect(server.ofType("inventory").at(-1)?.topologies).toMatchObject([{ topologyId: TOPOLOGY_ID, deployment: { state: "unknown" } }]);
    }
  });
});
