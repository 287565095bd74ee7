import type { Job } from "@vpclab/shared/wire/job";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { failureOf } from "../testing/wire-failure";

describe.each(databaseKinds())("an apply that is cancelled, on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let number = 0;
  const connect = async () => {
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    await until(() => agent.acked > 0); // its inventory was judged, so nothing is sent because of it any more
  };
  const isOnline = async () => (await client.host.list.query())[0]?.online === true;
  const offline = async () => {
    agent.cut();
    await until(async () => !(await isOnline()));
  };
  const state = async () => (await client.topology.list.query()).find((one) => one.id === id)?.deployment.state;
  const jobs = (kind: Job["kind"]) => agent.jobs.filter((job) => job.kind === kind && "topologyId" in job && job.topologyId === id);
  const cancel = () => client.deployment.cancel.mutate({ id });
  const apply = () => client.deployment.applyNewest.mutate({ id });
  const ends = async () => (await client.audit.list.query({ limit: 100 })).entries.filter(({ action, object }) => action === "job.end" && object?.id === id).map(({ outcome, errorCode }) => [outcome, errorCode]);
  /** Accepts applies and gets no further until it hears of a cancel. */
  const heldUp = (job: Job) => agent.holdUp(job);
  const deaf = (job: Job) => (job.kind === "cancel" ? undefined : agent.holdUp(job));
  const begun = () => until(() => agent.heldUp.has(id));

  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    agent.onJob = (job) => agent.carryOut(job);
    agent.jobs.length = 0;
    agent.heldUp.clear();
    await connect();
    ({ id } = await client.topology.create.mutate({ name: `stop${number++}`, template: "two-vpc" }));
  });
  afterEach(() => agent.cut());

  it("reaches its host while it runs, signed in the name of who wants it, and ends as failed with what is undone", async () => {
    agent.onJob = (job) => (job.kind === "cancel" ? agent.carryOut(job) : heldUp(job));
    const live = record(client, id);
    await live.next("snapshot");
    const { generation } = await apply();
    await begun();
    expect(await cancel()).toEqual({ outcome: "stopping" });
    const heard = await live.next("deployment", ({ failure }) => failure?.code === "CANCELLED");
    expect(heard.deployment).toMatchObject({ state: "stopped", generation });
    expect(jobs("cancel")).toEqual([expect.objectContaining({ generation, actor: expect.objectContaining({ role: "admin" }) })]);
    await live.next("log", ({ line }) => line.text === "admin has cancelled the apply. The host stops after the step that is under way.");
    await until(async () => (await state()) === "stopped");
    expect(await ends()).toEqual([["failed", "CANCELLED"]]);
    live.stop();
  });

  it("is not sent again when its host comes back, and the next apply is as any other", async () => {
    agent.onJob = (job) => (job.kind === "cancel" ? agent.carryOut(job) : heldUp(job));
    await apply();
    await begun();
    await cancel();
    await until(async () => (await state()) === "stopped");
    await offline();
    await server.restart();
    await connect();
    await until(isOnline);
    agent.onJob = (job) => agent.carryOut(job);
    await apply();
    await until(async () => (await state()) === "in-place");
    expect(jobs("apply").map((job) => job.kind === "apply" && job.generation)).toEqual([1, 2]);
  });

  it("waits with its host away, and reaches it when it is back and still at it", async () => {
    agent.onJob = deaf;
    await apply();
    await begun();
    await until(async () => (await state()) === "applying");
    await offline();
    expect(await cancel()).toEqual({ outcome: "waiting" });
    await server.restart();
    agent.onJob = (job) => (job.kind === "cancel" ? agent.carryOut(job) : heldUp(job));
    await connect();
    await until(async () => (await state()) === "stopped");
    expect(jobs("apply")).toHaveLength(1);
    expect(jobs("cancel")).toHaveLength(1);
    expect(await cancel()).toEqual({ outcome: "over" });
  });

  it("that its host had not begun when it is back is never sent", async () => {
    agent.onJob = () => {};
    await apply();
    await until(() => jobs("apply").length === 1);
    await offline();
    expect(await cancel()).toEqual({ outcome: "waiting" });
    agent.onJob = (job) => agent.carryOut(job);
    const live = record(client, id);
    await live.next("snapshot");
    await connect();
    const { failure, deployment } = await live.next("deployment", (event) => event.failure !== undefined);
    expect(failure).toEqual({ code: "CANCELLED", message: "Cancelled by admin before the host has begun; nothing was changed there." });
    expect(deployment.state).toBe("empty");
    expect(jobs("apply")).toHaveLength(1);
    live.stop();
  });

  it.each([
    ["had carried it out", (job: Job) => void (job.kind === "apply" && agent.apply(job)), "in-place"],
    ["had stopped", (job: Job) => {
      if (job.kind !== "apply") return;
      agent.holdUp(job);
      agent.cut();
      agent.stop(job, "admin");
    }, "stopped"],
  ])("is over when its host is back and %s meanwhile", async (_, onJob, expected) => {
    agent.onJob = onJob;
    await apply();
    await until(() => jobs("apply").length === 1);
    await offline();
    expect(await cancel()).toEqual({ outcome: "waiting" });
    agent.onJob = (job) => agent.carryOut(job);
    await connect();
    await until(async () => (await state()) === expected);
    expect(await cancel()).toEqual({ outcome: "over" });
    expect(jobs("apply")).toHaveLength(1);
  });

  it("and was waiting for a host is withdrawn: what its host holds stays, also when it comes", async () => {
    await apply();
    await until(async () => (await state()) === "in-place");
    await offline();
    await apply();
    expect(await cancel()).toEqual({ outcome: "withdrawn" });
    expect(await state()).toBe("in-place");
    expect(await cancel()).toEqual({ outcome: "over" });
    await connect();
    await apply();
    await until(async () => (await state()) === "in-place" && agent.deployments.get(id)?.generation === 3);
    expect(jobs("apply").map((job) => job.kind === "apply" && job.generation)).toEqual([1, 3]);
  });

  it("that is over, or never was, is answered politely and changes nothing", async () => {
    expect(await cancel()).toEqual({ outcome: "over" });
    await apply();
    await until(async () => (await state()) === "in-place");
    expect(await cancel()).toEqual({ outcome: "over" });
    expect(jobs("cancel")).toEqual([]);
    // Its end is on the way while the cancel is.
    agent.onJob = (job) => (job.kind === "cancel" ? agent.carryOut(job) : job.kind === "apply" && (agent.send({ type: "job-accepted", jobId: job.jobId }), agent.apply(job)));
    await apply();
    await until(() => jobs("apply").length === 2);
    expect(await cancel()).toEqual({ outcome: "over" });
    await offline();
    await connect();
    await until(async () => (await state()) === "in-place");
  });

  it("goes on when its agent cannot be told, and says why", async () => {
    agent.onJob = (job) => (job.kind === "cancel" ? agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "KIND", message: "no job of this kind exists" } }) : heldUp(job));
    await apply();
    await begun();
    expect(await failureOf(cancel())).toMatchObject({ code: "KIND" });
    const job = agent.heldUp.get(id)!;
    agent.carryOut(job);
    await until(async () => (await state()) === "in-place");
    // Nothing is left of the cancel: what its host has lost is sent again.
    await offline();
    agent.deployments.delete(id);
    agent.onJob = (again) => agent.carryOut(again);
    await connect();
    await until(() => jobs("apply").length === 2);
  });
});
