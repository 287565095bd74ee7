import type { LiveEvent } from "@vpclab/shared/wire/live";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import type { LiveRecorder } from "../testing/live-recorder";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

describe("events of an agent", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let live: LiveRecorder;
  let number = 0;
  const connect = () => agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  const line = (text: string) => ({ type: "log", topologyId: id, line: { at: 1, level: "info", text } }) as const;
  const event = (seq: number, text: string, acked = 0) => agent.sendFrame({ type: "event", stream: agent.stream, seq, acked, event: line(text) });
  const texts = (): string[] => live.heard.flatMap(({ event: heard }: { event: LiveEvent }) => (heard.type === "log" ? [heard.line.text] : []));

  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await connect();
    ({ id } = await client.topology.create.mutate({ name: `events${number++}`, template: "empty" }));
    live = record(client, id);
    await live.next("snapshot");
    await until(() => agent.acked === 1);
    return () => live.stop();
  });

  it("are acknowledged, and heard once when they come twice", async () => {
    event(2, "a");
    event(2, "a");
    event(1, "older");
    event(3, "b");
    await until(() => agent.acked === 3 && texts().includes("b"));
    expect(texts()).toEqual(["a", "b"]);
  });

  it("are acknowledged, whatever comes behind them in the same breath", async () => {
    const counters = { type: "counters", at: 1, topologies: {} };
    event(2, "a");
    for (let i = 0; i < 5; i++) agent.sendFrame(counters);
    await until(() => agent.acked === 2);
  });

  it("are not repeated by a replay on the next connection, from wherever it begins", async () => {
    agent.send(line("a"));
    agent.send(line("b"));
    await until(() => agent.acked === 3);
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`, { anew: false });
    event(2, "a", 1);
    event(3, "b", 1);
    agent.send(line("c"));
    await until(() => agent.acked === 5 && texts().includes("c"));
    expect(texts()).toEqual(["a", "b", "c"]);
  });

  it("one that is missing ends the connection, and nothing after it is heard before it", async () => {
    event(3, "too early");
    await until(() => agent.closeCode === 1008);
    expect(texts()).toEqual([]);
    expect(agent.acked).toBe(1);
  });

  it("a gap is said at the page with its numbers, without what was heard after all", async () => {
    event(2, "a");
    await until(() => agent.acked === 2);
    agent.sendFrame({ type: "gap", stream: agent.stream, acked: 1, from: 2, to: 41 });
    event(42, "after");
    await until(() => agent.acked === 42 && texts().includes("after"));
    expect(texts()[1]).toMatch(/^39 events of the host are missing here \(its numbers 3 to 41\)/);
  });

  it("after a restart of the server they go on where the agent was acknowledged, and an agent that starts anew begins at 1", async () => {
    event(2, "before");
    await until(() => agent.acked === 2);
    const { stream } = agent;
    live.stop();
    await server.restart();
    await connect();
    live = record(client, id);
    await live.next("snapshot");
    await until(() => agent.acked === 1);
    agent.stream = stream;
    event(3, "after", 2);
    await until(() => texts().includes("after"));
    agent.stream = "anew";
    event(2, "its first one is missing");
    await until(() => agent.closeCode === 1008);
    expect(texts()).not.toContain("its first one is missing");
  });

  it.each<[string, unknown]>([
    ["an event without its number", { type: "log", topologyId: null, line: { at: 1, level: "info", text: "x" } }],
    ["a number on what is no event", { type: "event", stream: "s", seq: 1, acked: 0, event: { type: "job-accepted", jobId: "j" } }],
    ["a number below one", { type: "event", stream: "s", seq: 0, acked: 0, event: { type: "log", topologyId: null, line: { at: 1, level: "info", text: "x" } } }],
    ["an event inside an event", { type: "event", stream: "s", seq: 1, acked: 0, event: { type: "event", stream: "s", seq: 1, acked: 0, event: {} } }],
  ])("%s ends the connection", async (_, frame) => {
    agent.sendFrame(frame);
    await until(() => agent.closeCode === 1008);
  });

  it("a job that the host got out of turn is asked for again on its next connection", async () => {
    agent.onJob = (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "SEQ", message: "sequence number 3, 2 was due" } });
    await client.deployment.applyNewest.mutate({ id });
    await until(() => agent.closeCode === 1008);
    agent.onJob = (job) => agent.carryOut(job);
    await connect();
    await until(() => agent.deployments.get(id)?.generation === 1);
    await live.next("deployment", ({ deployment }) => deployment.state === "in-place");
  });
});
