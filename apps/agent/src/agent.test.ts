import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import { peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ApplyJob } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { JobResultSchema } from "@vpclab/shared/wire/messages";
import { enrolledStateDir, newAgent, RecordingLog } from "../test/link/agent-fixture";
import { FakeServer } from "../test/link/fake-server";
import { applyJob, TOPOLOGY_ID } from "../test/link/job-fixture";
import type { Agent } from "./agent";
import { generateSigningKey } from "./link/ed25519";
import { openEnvelope } from "./link/envelope";
import { BUILT_IN_POLICY, PolicySchema } from "./policy/policy";
import type { Action } from "./reconcile/action";

const OTHER_TOPOLOGY_ID = "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11";
const LAB = twoVpcLab();
const TEARDOWN = null;

/** A kernel whose writes can be held back, so that jobs pile up before it. */
class GatedKernel extends FakeKernel {
  #gate: Promise<void> = Promise.resolve();

  /** Holds writes back until the returned function is called. */
  close(): () => void {
    let open = (): void => undefined;
    this.#gate = new Promise((resolve) => (open = resolve));
    return open;
  }

  override async apply(...args: Parameters<FakeKernel["apply"]>): ReturnType<FakeKernel["apply"]> {
    await this.#gate;
    return super.apply(...args);
  }
}

describe("the agent, from signed frames to the kernel and back", () => {
  let server: FakeServer;
  let kernel: GatedKernel;
  let agent: Agent;
  let log: RecordingLog;
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;

  beforeEach(async () => {
    home = await enrolledStateDir();
    server = await FakeServer.listen(() => home.identity.agentKey);
    kernel = new GatedKernel();
    log = new RecordingLog();
    agent = await newAgent(home.stateDir, kernel, server.url, { log });
    await agent.start();
    await server.until(() => server.ofType("inventory").length > 0);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") console.error(log.lines.join("\n"));
    await agent.stop();
    await server.close();
    await home.remove();
  });

  let jobs = 0;
  const send = (change: Partial<ApplyJob>): string => {
    const jobId = `job-${++jobs}`;
    server.sendJob((common) => ({ ...applyJob({ desired: LAB, jobId, ...change }), ...common }));
    return jobId;
  };
  const answerTo = (jobId: string) => [...server.ofType("job-done"), ...server.ofType("job-refused")].find((message) => message.jobId === jobId);
  const apply = async (change: Partial<ApplyJob>) => {
    const jobId = send(change);
    await server.until(() => answerTo(jobId) !== undefined);
    return answerTo(jobId)!;
  };
  /** Writes of the kernel while `work` ran. */
  const writesDuring = async (work: () => Promise<unknown>): Promise<number> => {
    const before = kernel.log.length;
    await work();
    return kernel.log.length - before;
  };
  const restart = async (onto: GatedKernel = kernel): Promise<void> => {
    await agent.stop();
    kernel = onto;
    const before = server.ofType("inventory").length;
    agent = await newAgent(home.stateDir, kernel, server.url, { log });
    await agent.start();
    await server.until(() => server.ofType("inventory").length > before);
    await agent.deployments.settled();
  };
  const statesOf = (message: ReturnType<typeof answerTo>): string[] =>
    message?.type === "job-done" ? [...new Set(Object.values(message.deployment.objects).map((object) => object.state))] : [];

  it("applies a drawing and reports every object in place", async () => {
    const done = await apply({ generation: 1 });
    expect(done).toMatchObject({ type: "job-done", topologyId: TOPOLOGY_ID, deployment: { state: "in-place", revision: 3, generation: 1 } });
    expect(statesOf(done)).toEqual(["in-place"]);
    expect(kernel.names().sort()).toEqual(["vpc1", "vpc1-private", "vpc1-public", "vpc2", "vpc2-public"]);
    const progress = server.ofType("objects").flatMap((message) => Object.values(message.objects).map((object) => object.state));
    expect(new Set(progress)).toEqual(new Set(["pending", "applying"]));
  });

  it("writes nothing when the same is applied again, nor when a newer generation has the same content", async () => {
    expect(await writesDuring(() => apply({ generation: 1 }))).toBeGreaterThan(100);
    expect(await writesDuring(() => apply({ generation: 1 }))).toBe(0);
    expect(await writesDuring(() => apply({ generation: 2 }))).toBe(0);
  });

  it("refuses an older generation, before and after a restart and after a removal, and writes nothing", async () => {
    await apply({ generation: 5 });
    const older = (): Promise<unknown> => apply({ generation: 4, desired: peeredLab() });
    expect(await writesDuring(async () => expect(await older()).toMatchObject({ type: "job-refused", failure: { code: "STALE" } }))).toBe(0);
    await restart();
    expect(await writesDuring(async () => expect(await older()).toMatchObject({ failure: { code: "STALE" } }))).toBe(0);
    await apply({ generation: 6, desired: TEARDOWN });
    await restart();
    expect(await writesDuring(async () => expect(await older()).toMatchObject({ failure: { code: "STALE" } }))).toBe(0);
    expect(kernel.names()).toEqual([]);
  });

  it("refuses tampered, replayed and foreign frames with no kernel write, and says so loudly", async () => {
    const good = server.sendJob((common) => ({ ...applyJob({ jobId: "job-good" }), ...common, notAfter: 1 }));
    await server.until(() => server.ofType("job-refused").length === 1);
    const payload = `${good.payload.slice(0, 40)}${good.payload[40] === "A" ? "B" : "A"}${good.payload.slice(41)}`;
    server.send({ type: "job", envelope: { ...good, payload } });
    server.send({ type: "job", envelope: { ...good, signatures: [] } });
    server.send({ type: "job", envelope: good });
    await server.until(() => server.ofType("job-refused").length === 4);
    expect(server.ofType("job-refused").map((message) => message.failure.code)).toEqual(["EXPIRED", "SIG_INVALID", "SIG_COUNT", "SEQ"]);
    expect(kernel.log).toEqual([]);
    expect(log.lines.filter((line) => line.startsWith("error SECURITY")).length).toBe(2);
  });

  it("refuses a replay of an accepted job on the same connection and on the next one", async () => {
    const envelope = server.sendJob((common) => ({ ...applyJob({ jobId: "job-once", desired: LAB }), ...common }));
    await server.until(() => server.ofType("job-done").length === 1);
    server.send({ type: "job", envelope });
    await server.until(() => server.ofType("job-refused").length === 1);
    server.cut();
    await server.until(() => server.ofType("inventory").length === 2);
    server.send({ type: "job", envelope });
    await server.until(() => server.ofType("job-refused").length === 2);
    expect(server.ofType("job-refused").map((message) => message.failure.code)).toEqual(["SEQ", "SESSION"]);
  });

  it("signs its refusals, for the job and the connection that they are about", async () => {
    const jobId = send({ generation: 1, topologyName: "-h" });
    await server.until(() => server.ofType("job-refused").length === 1);
    const [{ failure, result }] = server.ofType("job-refused") as [Extract<AgentMessage, { type: "job-refused" }>];
    const bytes = openEnvelope(result!, PAYLOAD_TYPE.result, home.identity.agentKey);
    if (!bytes.ok) throw new Error(bytes.error.message);
    const body = JobResultSchema.parse(JSON.parse(new TextDecoder().decode(bytes.value)));
    expect(body).toEqual({ v: 1, agentId: home.identity.agentId, session: server.session, jobId, failure });
    for (const type of [PAYLOAD_TYPE.job, PAYLOAD_TYPE.agentHello]) expect(openEnvelope(result!, type, home.identity.agentKey)).toMatchObject({ ok: false, error: { code: "TYPE" } });
  });

  it("takes a second document of a generation for what it is: an alarm in its log, an entry in the activity log, a refusal for the page", async () => {
    await agent.stop();
    const actions: Action[] = [];
    agent = await newAgent(home.stateDir, kernel, server.url, { log, record: ({ steps, ...action }) => { actions.push({ ...action, steps }); return { ...action, id: "a", at: 0, commands: [], commandsLeftOut: 0 }; } });
    await agent.start();
    await server.until(() => server.ofType("inventory").length > 1);
    await apply({ generation: 3 });
    for (const desired of [peeredLab(), TEARDOWN]) {
      expect(await writesDuring(async () => expect(await apply({ generation: 3, desired })).toMatchObject({ type: "job-refused", failure: { code: "EQUIVOCATION" } }))).toBe(0);
    }
    expect(log.lines.filter((line) => line.startsWith("error SECURITY") && line.includes("EQUIVOCATION"))).toHaveLength(2);
    expect(actions.filter(({ outcome }) => outcome === "refused").map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringMatching(/^EQUIVOCATION: generation 1\.3/)));
    await apply({ generation: 4, desired: TEARDOWN });
    await restart();
    expect(await apply({ generation: 4 })).toMatchObject({ type: "job-refused", failure: { code: "EQUIVOCATION" } });
    expect(kernel.names()).toEqual([]);
  });

  it("holds jobs to a policy that was read again, and leaves what is there", async () => {
    await apply({ generation: 1 });
    agent.usePolicy({ rules: PolicySchema.parse({ allowCidrs: ["192.168.0.0/16"] }), source: "/etc/vpclab/policy.json", lines: new Map([["allowCidrs", 2]]) });
    const names = kernel.names();
    const refused = await apply({ generation: 2, desired: peeredLab() });
    expect(refused).toMatchObject({ type: "job-refused", failure: { code: "POLICY_CIDR", message: expect.stringContaining("policy.json, line 2") } });
    expect(kernel.names()).toEqual(names);
    agent.usePolicy(BUILT_IN_POLICY);
    expect(await apply({ generation: 2, desired: peeredLab() })).toMatchObject({ type: "job-done", deployment: { state: "in-place" } });
  });

  it("comes back to what was asked for after a crash and after a reboot, without the server", async () => {
    await apply({ generation: 1 });
    const asApplied = kernel.names().sort();
    await restart();
    expect(kernel.log.length).toBeGreaterThan(0);
    expect(await writesDuring(() => restart())).toBe(0);
    await restart(new GatedKernel()); // everything is gone
    expect(kernel.names().sort()).toEqual(asApplied);
    expect(agent.deployments.inventory()).toMatchObject([{ topologyId: TOPOLOGY_ID, deployment: { state: "in-place", generation: 1 } }]);
  });

  it("tells a server that comes back what is here, with generation and content", async () => {
    await apply({ generation: 7 });
    server.cut();
    await server.until(() => server.ofType("inventory").length === 2);
    expect(server.ofType("inventory")[1]?.topologies).toMatchObject([
      { topologyId: TOPOLOGY_ID, contentHash: expect.stringMatching(/^[0-9a-f]{64}$/), deployment: { state: "in-place", revision: 3, generation: 7 } },
    ]);
  });

  it("removes everything of a topology and nothing of another one", async () => {
    await apply({ generation: 1 });
    await apply({ generation: 1, topologyId: OTHER_TOPOLOGY_ID, topologyName: "lab2" });
    expect(kernel.names().length).toBe(10);
    const done = await apply({ generation: 2, desired: TEARDOWN });
    expect(done).toMatchObject({ type: "job-done", deployment: { state: "empty", objects: {} } });
    expect(kernel.names().every((name) => name.startsWith("lab2."))).toBe(true);
    expect(await writesDuring(() => apply({ generation: 1, topologyId: OTHER_TOPOLOGY_ID, topologyName: "lab2" }))).toBe(0);
    await apply({ generation: 2, topologyId: OTHER_TOPOLOGY_ID, topologyName: "lab2", desired: TEARDOWN });
    expect((await kernel.observe(["@host"]))["@host"]).toMatchObject({ links: [], nft: null, sysctls: { "net/ipv4/conf/uplink0/forwarding": "0" } });
  });

  it("leaves a foreign namespace of the same name alone and puts everything else in place", async () => {
    await kernel.apply([{ owner: { topologyId: "x", objectId: "x" }, namespace: "vpc2", action: "netns-add" }]);
    const done = await apply({ generation: 1 });
    if (done.type !== "job-done") throw new Error("refused");
    expect(done).toMatchObject({ failure: { code: "HOST_NAME_TAKEN" }, deployment: { state: "failed" } });
    const idOf = (name: string): string => LAB.vpcs.find((vpc) => vpc.name === name)?.id ?? "";
    expect(done.deployment.objects[idOf("vpc2")]).toMatchObject({ state: "failed", reason: expect.stringContaining("“vpc2”") });
    expect(done.deployment.objects[idOf("vpc1")]).toEqual({ state: "in-place" });
    expect(kernel.namespace("vpc2")).toMatchObject({ mark: "", links: [], nft: null });
    await apply({ generation: 2, desired: TEARDOWN });
    expect(kernel.names()).toEqual(["vpc2"]);
  });

  it("takes a namespace that a crash left without its mark for its own, and one with links of another make not", async () => {
    await apply({ generation: 1 });
    const by = { topologyId: "x", objectId: "x" };
    kernel.namespace("vpc1-public")!.mark = "";
    await kernel.apply([{ owner: by, namespace: "vpc1-public", action: "bridge-add", name: "docker0", mac: "02:42:00:00:00:01" }]);
    kernel.namespace("vpc1-private")!.mark = "";
    kernel.deleteNamespace("vpc2-public");
    await kernel.apply([{ owner: by, namespace: "vpc2-public", action: "netns-add" }]);
    const done = await apply({ generation: 2 });
    if (done.type !== "job-done") throw new Error("refused");
    const failed = Object.values(done.deployment.objects).filter((object) => object.state === "failed");
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toContain("“vpc1-public”");
    for (const name of ["vpc2-public", "vpc1-private"]) expect(kernel.namespace(name)?.mark).toMatch(/^vpclab:agent-1:/);
    kernel.namespace("vpc1-private")!.mark = "";
    await apply({ generation: 3, desired: TEARDOWN });
    expect(kernel.names()).toEqual(["vpc1-public"]);
  });

  it("reports what really is there after a failure, with the kernel's words, and mends it at the next apply", async () => {
    kernel.sabotage = (step) => (step.namespace === "vpc2-public" && step.action === "route-replace" ? "RTNETLINK answers: No buffer space available" : null);
    const done = await apply({ generation: 1 });
    if (done.type !== "job-done") throw new Error("refused");
    expect(done.failure).toMatchObject({ code: "KERNEL_REFUSED", message: expect.stringContaining("No buffer space") });
    const failed = Object.entries(done.deployment.objects).filter(([, object]) => object.state === "failed");
    expect(failed).toHaveLength(1);
    kernel.sabotage = () => null;
    expect(await apply({ generation: 2 })).toMatchObject({ deployment: { state: "in-place" } });
  });

  it("sees damage done by hand, says what differs, and repairs it only when asked where the drawing says so", async () => {
    const desired: Topology = { ...LAB, settings: { ...LAB.settings, driftRepair: "manual" } };
    await apply({ generation: 1, desired });
    const eth0 = kernel.namespace("vpc1-public")!.links.find((link) => link.name === "eth0")!;
    eth0.up = false;
    kernel.namespace("vpc1")!.nft = null;
    expect(await writesDuring(() => agent.deployments.resync())).toBe(0);
    await server.until(() => server.ofType("deployment").length === 1);
    const drifted = server.ofType("deployment")[0]!.deployment;
    expect(drifted.state).toBe("drifted");
    const reasons = Object.values(drifted.objects).flatMap((object) => (object.state === "drifted" ? [object.reason] : []));
    expect(reasons.sort()).toEqual([expect.stringContaining("link eth0 is down"), expect.stringContaining("packet filter")]);
    await agent.deployments.resync();
    await apply({ generation: 2, desired });
    expect(server.ofType("deployment")).toHaveLength(1); // said once
    await agent.deployments.resync();
    expect(server.ofType("job-done").at(-1)).toMatchObject({ deployment: { state: "in-place" } });
  });

  it("runs only the newest of several applies that wait, and says so of the others", async () => {
    const renamed = (name: string): Topology => ({ ...LAB, vpcs: LAB.vpcs.map((vpc) => (vpc.name === "vpc1" ? { ...vpc, name } : vpc)) });
    const open = kernel.close();
    const first = send({ generation: 1 });
    const [second, third, last] = [2, 3, 4].map((generation) => send({ generation, desired: renamed(`net${generation}`) }));
    await server.until(() => server.ofType("job-accepted").length === 4);
    open();
    await server.until(() => [first, second!, third!, last!].every((id) => answerTo(id) !== undefined));
    for (const id of [second!, third!]) expect(answerTo(id)).toMatchObject({ type: "job-done", failure: { code: "STALE" } });
    expect(answerTo(last!)).toMatchObject({ type: "job-done", deployment: { state: "in-place", generation: 4 } });
    expect(kernel.names().filter((name) => name.startsWith("net")).sort()).toEqual(["net4", "net4-private", "net4-public"]);
    expect(kernel.log.filter((step) => /^net[23]/.test(step.namespace))).toEqual([]);
  });

  it("answers once for a generation that was sent again while it waited", async () => {
    const open = kernel.close();
    const ids = [1, 2, 2].map((generation) => send({ generation }));
    await server.until(() => server.ofType("job-accepted").length === 3);
    open();
    await server.until(() => answerTo(ids[2]!) !== undefined);
    expect(server.ofType("job-done").map((message) => [message.jobId, message.failure])).toEqual([[ids[0], undefined], [ids[2], undefined]]);
  });

  it("takes the sandbox's networks down at the end and brings them back at the next start", async () => {
    await apply({ generation: 1 });
    const before = kernel.names().sort();
    expect(before).toHaveLength(5);
    expect(await agent.deployments.takeDown()).toEqual({ left: 0 });
    expect(kernel.names()).toEqual([]);
    await restart();
    expect(kernel.names().sort()).toEqual(before);
  });

  it("answers a plan with the commands and changes nothing", async () => {
    const { revision: _r, epoch: _e, generation: _g, ...plan } = applyJob({ desired: LAB, jobId: "plan-1" });
    expect(await writesDuring(async () => {
      server.sendJob((common) => ({ ...plan, kind: "plan", ...common }));
      await server.until(() => server.ofType("plan-done").length === 1);
    })).toBe(0);
    const commands = server.ofType("plan-done")[0]!.plan.changes.flatMap((change) => change.commands);
    expect(commands).toContain("ip netns add vpc1-public");
    await apply({ generation: 1 });
    server.sendJob((common) => ({ ...plan, kind: "plan", ...common, jobId: "plan-2" }));
    await server.until(() => server.ofType("plan-done").length === 2);
    expect(server.ofType("plan-done")[1]?.plan).toMatchObject({ steps: 0, changes: [] });
  });

  it("refuses a second topology of the same name on this host", async () => {
    await apply({ generation: 1 });
    expect(await apply({ generation: 1, topologyId: OTHER_TOPOLOGY_ID })).toMatchObject({ type: "job-refused", failure: { code: "NAME_TAKEN" } });
  });

  it("does not take up a stored job that was changed by hand", async () => {
    await apply({ generation: 1 });
    await agent.stop();
    const { readFile, writeFile, rm } = await import("node:fs/promises");
    const path = `${home.stateDir}/jobs/${TOPOLOGY_ID}.json`;
    const { createHash } = await import("node:crypto");
    const stored = JSON.parse(await readFile(path, "utf8")) as { body: { signatures: { keyid: string; sig: string }[] } };
    stored.body.signatures = [{ ...stored.body.signatures[0]!, sig: generateSigningKey().text }];
    await writeFile(path, JSON.stringify({ body: stored.body, sha256: createHash("sha256").update(JSON.stringify(stored.body)).digest("hex") }));
    await rm(`${path}.mirror`);
    const onto = new GatedKernel();
    await restart(onto);
    expect(onto.log).toEqual([]);
    expect(server.ofType("inventory").at(-1)?.topologies).toMatchObject([{ deployment: { state: "unknown" } }]);
  });
});
