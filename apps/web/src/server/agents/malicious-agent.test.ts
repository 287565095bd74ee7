import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Counter, Deployment } from "@vpclab/shared/wire/live";
import { createHost } from "../store/host-store";
import { FakeAgent, newAgentKey } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { standardDatabase, testStorage, withTables } from "../testing/test-database";
import type { TestClient, TestServer } from "../testing/test-server";
import { startTestServer } from "../testing/test-server";
import { until } from "../testing/until";

afterAll(({}, file) => console.info(badInputCount("L", file)));

const COUNTER: Counter = { rxBytes: 1, txBytes: 1, rxPackets: 1, txPackets: 1, rxBytesPerSecond: 1, txBytesPerSecond: 1, rxPacketsPerSecond: 1, txPacketsPerSecond: 1 };
const madeUp = (change: Partial<Deployment> = {}): Deployment => ({ state: "in-place", revision: 1, generation: 1, objects: { "vpc-00000000": { state: "in-place" } }, publicAddresses: {}, ...change });

/** Two hosts that were let in: what one of them says must never be taken for the other's, nor for what was asked. */
describe("an agent that was taken over", () => {
  let server: TestServer;
  let client: TestClient;
  let honest: FakeAgent;
  let evil: FakeAgent;
  let id: string;
  let number = 0;
  const url = () => `ws://127.0.0.1:${server.port}/agent`;
  const state = async (topologyId = id) => (await client.topology.list.query()).find((one) => one.id === topologyId)?.deployment.state;
  /** Everything that the evil one has sent so far was judged: an answer to a later message has come. */
  const judged = async (): Promise<void> => {
    const live = record(client, own);
    const text = `mark ${number++}`;
    evil.send({ type: "log", topologyId: own, line: { at: 1, level: "info", text } });
    await until(() => live.heard.some(({ event }) => JSON.stringify(event).includes(text)) || evil.closeCode !== null);
    live.stop();
  };
  /** Topologies of the evil one's own. */
  let own: string;
  let more: string;

  beforeAll(async () => {
    const storage = await testStorage(standardDatabase());
    const keys = [newAgentKey(), newAgentKey()] as const;
    const rows = await withTables(storage, (tables) => Promise.all(keys.map((key, i) => createHost(tables, { name: `host-${i}`, publicKey: key.publicKey, mode: "sandbox", state: "approved", local: i === 0 }))));
    const before = await startTestServer(standardDatabase(), { storage });
    const drawing = await before.client();
    const made: string[] = [];
    for (const name of ["lab", "evil", "more"]) made.push((await drawing.topology.create.mutate({ name, template: "two-vpc" })).id);
    [id = "", own = "", more = ""] = made;
    await before.running.close();
    await withTables(storage, (tables) => Promise.all(made.map((each, i) => tables.topology.update({ where: { id: each }, data: { hostId: rows[i === 0 ? 0 : 1]?.id ?? null } }))));
    server = await startTestServer(standardDatabase(), { storage });
    client = await server.client();
    const { jobKey } = (await (await fetch(`${server.origin}/agent/v1/keys`)).json()) as { jobKey: string };
    [honest, evil] = keys.map((key, i) => new FakeAgent({ agentId: rows[i]?.id ?? "", key, jobKey })) as [FakeAgent, FakeAgent];
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    for (const agent of [honest, evil]) {
      agent.onJob = (job) => agent.carryOut(job);
      agent.helloChanges = {};
      agent.jobs.length = 0;
    }
    for (const agent of [honest, evil]) await agent.connect(url());
    for (const each of [id, own, more]) await applied(each);
  });
  afterEach(() => [honest, evil].forEach((agent) => agent.cut()));

  async function applied(topologyId: string): Promise<void> {
    await client.deployment.applyNewest.mutate({ id: topologyId });
    await until(async () => (await state(topologyId)) === "in-place");
  }
  const pendingJob = async (): Promise<string> => {
    honest.onJob = () => {};
    return (await client.deployment.applyNewest.mutate({ id })).jobId;
  };

  it("has no say about another host's jobs and topologies, and the other one's word still counts", async () => {
    const jobId = await pendingJob();
    await until(() => honest.jobs.some((job) => job.jobId === jobId));
    const live = record(client, id);
    await live.next("snapshot");
    const before = live.heard.length;
    evil.send({ type: "job-accepted", jobId });
    evil.send({ type: "job-done", jobId, topologyId: id, deployment: madeUp() });
    evil.send({ type: "job-done", jobId, topologyId: own, deployment: madeUp() });
    evil.send({ type: "job-refused", jobId, failure: { code: "POLICY_CIDR", message: "no" } });
    evil.send({ type: "deployment", topologyId: id, deployment: madeUp({ state: "drifted" }) });
    evil.send({ type: "objects", topologyId: id, objects: { "vpc-00000000": { state: "failed", reason: "evil" } } });
    evil.send({ type: "counters", at: 1, topologies: { [id]: { "i-00000000": COUNTER } } });
    evil.send({ type: "log", topologyId: id, line: { at: 1, level: "error", text: "evil words" } });
    evil.send({ type: "activity", entry: { id: "a", at: 1, actor: "ann", action: "apply", topologyId: id, topologyName: "lab", revision: 1, text: "evil", outcome: "done", reason: null, seconds: 1, commands: [], commandsLeftOut: 0 } });
    evil.send({ type: "inventory", topologies: [{ topologyId: id, deployment: madeUp({ generation: 9 }), contentHash: "" }, { topologyId: own, deployment: madeUp({ generation: 1, objects: {} }), contentHash: "" }] });
    await judged();
    expect(live.heard.slice(before)).toEqual([]);
    const job = honest.jobs.find((one) => one.jobId === jobId);
    if (job?.kind !== "apply") throw new Error("an apply was expected");
    honest.carryOut(job);
    await live.next("deployment", ({ deployment }) => deployment.state === "in-place" && deployment.generation === job.generation);
    live.stop();
  });

  it("is asked nothing of the other's plans and tests, and answers none of them", async () => {
    honest.onJob = () => {};
    const plan = client.deployment.plan.query({ id });
    plan.catch(() => undefined);
    await until(() => honest.jobs.some(({ kind }) => kind === "plan"));
    const jobId = honest.jobs.find(({ kind }) => kind === "plan")?.jobId ?? "";
    evil.send({ type: "plan-done", jobId, plan: { changes: [], steps: 99, basis: "observed" } });
    await judged();
    honest.send({ type: "plan-done", jobId, plan: { changes: [], steps: 5, basis: "observed" } });
    expect((await plan).steps).toBe(5);
  });

  it("says a thing once: a second answer to a job, another one, and one about no job count for nothing", async () => {
    evil.onJob = (job) => {
      if (job.kind !== "apply") return evil.carryOut(job);
      evil.carryOut(job);
      evil.send({ type: "job-done", jobId: job.jobId, topologyId: own, deployment: madeUp({ state: "failed", generation: job.generation }), failure: { code: "KERNEL_REFUSED", message: "no" } });
      evil.send({ type: "job-refused", jobId: job.jobId, failure: { code: "KIND", message: "no" } });
      evil.send({ type: "job-accepted", jobId: job.jobId });
      evil.send({ type: "job-done", jobId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", topologyId: own, deployment: madeUp({ state: "failed", generation: job.generation }) });
    };
    const live = record(client, own);
    await live.next("snapshot");
    await client.deployment.applyNewest.mutate({ id: own });
    await live.next("deployment", ({ deployment }) => deployment.state === "in-place");
    await judged();
    const states = live.heard.flatMap(({ event }) => (event.type === "deployment" ? [event.deployment.state] : []));
    expect(states.at(-1)).toBe("in-place");
    expect(states).not.toContain("failed");
    live.stop();
  });

  it("cannot be where nobody sent it: a generation that was never issued is not believed, and is asked for again", async () => {
    const live = record(client, own);
    const { deployment } = await live.next("snapshot");
    evil.send({ type: "deployment", topologyId: own, deployment: madeUp({ generation: deployment.generation + 1 }) });
    evil.send({ type: "deployment", topologyId: own, deployment: madeUp({ generation: Number.MAX_SAFE_INTEGER }) });
    await judged();
    expect(live.heard.filter(({ event }) => event.type === "deployment")).toEqual([]);
    evil.jobs.length = 0;
    evil.onJob = () => {};
    const askedAgain = () => evil.jobs.find((job) => job.kind !== "checks" && job.topologyId === own);
    evil.send({ type: "inventory", topologies: [{ topologyId: own, deployment: madeUp({ generation: 5_000_000 }), contentHash: "" }] });
    await until(() => askedAgain() !== undefined);
    expect(askedAgain()).toMatchObject({ kind: "apply", generation: deployment.generation });
    expect((await live.next("deployment")).deployment.state).toBe("applying");
    const jobId = askedAgain()?.jobId ?? "";
    evil.send({ type: "job-done", jobId, topologyId: own, deployment: madeUp({ generation: 99 }) });
    await judged();
    expect(await state(own)).not.toBe("in-place");
    live.stop();
  });

  it("counts at most ten thousand things, and none under a name that JavaScript gives a meaning", async () => {
    const many = (count: number, letter: string): Record<string, Counter> => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${letter}${i}`, COUNTER]));
    const [live, other] = [record(client, own), record(client, more)];
    await Promise.all([live.next("snapshot"), other.next("snapshot")]);
    const sizes = (of: typeof live): number[] => of.heard.flatMap(({ event }) => (event.type === "counters" ? [Object.keys(event.counters).length] : []));
    evil.send({ type: "counters", at: 1, topologies: { [own]: many(4_900, "a") } });
    evil.send({ type: "counters", at: 2, topologies: { [more]: many(4_900, "b") } });
    await until(() => sizes(live).length === 1 && sizes(other).length === 1);
    evil.send({ type: "counters", at: 3, topologies: { [own]: many(5_200, "c") } });
    await judged();
    expect([sizes(live), sizes(other)]).toEqual([[4_900], [4_900]]);
    live.stop();
    other.stop();
    for (const key of ["__proto__", "constructor", "prototype"]) {
      evil.sendText(`{"type":"counters","at":1,"topologies":{"${own}":{"${key}":${JSON.stringify(COUNTER)}}}}`);
      await until(() => evil.closeCode !== null);
      expect(evil.closeCode).toBe(1008);
      await evil.connect(url());
    }
    expect(({} as Record<string, unknown>)["rxBytes"]).toBeUndefined();
  });

  it.each([0, 2, 3, 65_535])("of protocol version %i is refused, and told who has to be upgraded; nothing is spoken in its version", async (v) => {
    evil.cut();
    evil.helloChanges = { v };
    await expect(evil.connect(url())).rejects.toThrow("1008");
    expect(evil.closeReason).toBe(`PROTOCOL: the agent speaks version ${v}, this server 1; upgrade the ${v < 1 ? "agent" : "server"}`);
    expect(Buffer.byteLength(evil.closeReason)).toBeLessThanOrEqual(123);
  });

  it.each([{ versions: [1, 0] }, { downgrade: true }, { v: "1" }, { v: 1.5 }, { v: null }])("that offers %j is refused", async (offer) => {
    evil.cut();
    evil.helloChanges = offer;
    await expect(evil.connect(url())).rejects.toThrow("1008");
  });

  it("holds up nobody by saying nothing: the other host's applies go on", async () => {
    evil.onJob = () => {};
    await client.deployment.applyNewest.mutate({ id: own });
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await state(id)) === "in-place");
    expect(await state(own)).toBe("applying");
  });
});
