import type { Deployment } from "@vpclab/shared/wire/live";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { testStorage, withTables } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { failureOf } from "../testing/wire-failure";
import { standardConfirmSeconds } from "./safe-apply";

describe("which hosts are asked to go back when they cannot reach the server after an apply", () => {
  it.each([
    ["the network of a distant machine", { mode: "host", local: false }, 60],
    ["the network of the server's own machine", { mode: "host", local: true }, 0],
    ["a distant sandbox", { mode: "sandbox", local: false }, 0],
    ["the server's own sandbox", { mode: "sandbox", local: true }, 0],
    ["a sandbox without root", { mode: "rootless", local: false }, 0],
  ] as const)("%s: %o within %s s", (_, host, seconds) => expect(standardConfirmSeconds(host)).toBe(seconds));
});

// A second look into the database beside the server: only a PostgreSQL server lets two in.
describe("a distant host that went back by itself", () => {
  let storage: TestStorage;
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let number = 0;
  const connect = (anew = true) => agent.connect(`ws://127.0.0.1:${server.port}/agent`, { anew });
  const hostOf = async () => (await client.host.list.query()).find((host) => host.id === agent.identity.agentId);
  const rows = () => withTables(storage, (tables) => tables.job.findMany({ where: { topologyId: id }, orderBy: { generation: "asc" } }));
  const becomes = (...states: string[]) => until(async () => JSON.stringify((await rows()).map(({ state }) => state)) === JSON.stringify(states));
  const arrived = () => agent.jobs.flatMap((job) => (job.kind === "apply" && job.topologyId === id ? [job] : []));
  const apply = async (...states: string[]) => {
    await client.deployment.applyNewest.mutate({ id });
    await becomes(...states);
  };
  const entries = async () => (await client.audit.list.query({ limit: 50 })).entries.filter(({ action, object }) => action === "job.return" && object?.id === id);
  /** What a real agent holds when it was not heard after what it holds now. */
  const wentBack = (to: Partial<Deployment>): Deployment => {
    const now = agent.deployments.get(id)!;
    const deployment: Deployment = { ...now, ...to, returned: { from: now.revision, afterMs: 60_000 } };
    agent.deployments.set(id, deployment);
    return deployment;
  };

  beforeAll(async () => {
    storage = await testStorage("postgresql");
    server = await startTestServer("postgresql", { storage });
    client = await server.client();
    const { token } = await client.host.mintToken.mutate({ name: "far" });
    agent = new FakeAgent(await enrol(server.origin, token, "far"));
    agent.helloChanges = { mode: "host" };
    await client.host.approve.mutate({ id: agent.identity.agentId });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    agent.onJob = (job) => agent.carryOut(job);
    await connect();
    await until(() => agent.acked > 0); // its inventory was judged, so nothing is sent because of it any more
    ({ id } = await client.topology.create.mutate({ name: `safe${number++}`, template: "two-vpc" }));
    await client.host.choose.mutate({ id, hostId: agent.identity.agentId });
  });
  afterEach(async () => {
    agent.cut();
    await until(async () => (await hostOf())?.online === false);
  });

  it("is asked to wait for a minute at an apply, and never at a removal", async () => {
    await apply("applied");
    await client.deployment.teardown.mutate({ id });
    await becomes("applied", "applied");
    expect(arrived().map(({ confirmWithinMs: ms }) => ms)).toEqual([60_000, undefined]);
  });

  it("waits as long as somebody has chosen, who need not say it again, and as it is usual until then", async () => {
    const waits = () => arrived().map(({ confirmWithinMs }) => confirmWithinMs);
    expect(await client.deployment.safeApply.query({ id })).toEqual({ seconds: 60, standard: 60 });
    await client.deployment.applyNewest.mutate({ id, confirmSeconds: 5 });
    await becomes("applied");
    await apply("applied", "applied");
    await client.deployment.teardown.mutate({ id });
    await becomes("applied", "applied", "applied");
    await apply("applied", "applied", "applied", "applied");
    expect(waits()).toEqual([5000, 5000, undefined, 5000]);
    expect(await client.deployment.safeApply.query({ id })).toEqual({ seconds: 5, standard: 60 });
    await client.deployment.applyNewest.mutate({ id, confirmSeconds: 0 });
    await becomes(...Array<string>(5).fill("applied"));
    expect(waits().at(-1)).toBeUndefined();
    for (const confirmSeconds of [-1, 3601, 1.5]) expect(await failureOf(client.deployment.applyNewest.mutate({ id, confirmSeconds }))).toMatchObject({ code: "SCHEMA" });
  });

  it("says so when it is back: the job has failed, for this cause, and is not sent again; the drawing stays", async () => {
    await apply("applied");
    await apply("applied", "applied");
    agent.cut();
    await until(async () => (await hostOf())?.online === false);
    const live = record(client, id);
    await live.next("snapshot");
    wentBack({ revision: 1 });
    await connect(false);
    const message = "Returned to revision 1, because the host could not reach the server within 60 s after revision 1 was applied.";
    const heard = await live.next("deployment", ({ failure }) => failure?.code === "NOT_CONFIRMED");
    expect(heard).toMatchObject({ failure: { message }, deployment: { state: "in-place", returned: { from: 1, afterMs: 60_000 } } });
    expect((await rows()).map(({ state, failure }) => [state, failure])).toEqual([["applied", null], ["failed", { code: "NOT_CONFIRMED", message }]]);
    expect(await entries()).toMatchObject([{ actor: { kind: "agent", name: "far" }, outcome: "failed", errorCode: "NOT_CONFIRMED", jobId: (await rows())[1]?.id }]);
    expect(arrived()).toHaveLength(2);
    expect((await client.topology.get.query({ id })).revision).toBe(1);
    live.stop();
  });

  it("is heard once, also when it says so again and again, and over a restart of the server", async () => {
    await apply("applied");
    const deployment = wentBack({ revision: 0, state: "empty", objects: {} });
    for (let i = 0; i < 3; i++) agent.send({ type: "deployment", topologyId: id, deployment });
    await becomes("failed");
    await server.restart();
    await connect();
    await until(async () => (await hostOf())?.online === true);
    expect(await entries()).toHaveLength(1);
    expect((await rows()).map(({ state }) => state)).toEqual(["failed"]);
    expect(arrived()).toHaveLength(1);
    const live = record(client, id);
    expect(await live.next("snapshot")).toMatchObject({ deployment: { state: "empty", revision: 0, returned: { from: 1 } } });
    live.stop();
  });

  it("that never said how the apply ended has failed it as well", async () => {
    agent.onJob = (job) => job.kind === "apply" && (agent.send({ type: "job-accepted", jobId: job.jobId }), agent.apply(job));
    await apply("acked");
    agent.send({ type: "deployment", topologyId: id, deployment: wentBack({ revision: 0, state: "empty", objects: {} }) });
    await becomes("failed");
  });

  it("takes the next apply as any other, and nothing is said of going back any more", async () => {
    await apply("applied");
    agent.send({ type: "deployment", topologyId: id, deployment: wentBack({ revision: 0, state: "empty", objects: {} }) });
    await becomes("failed");
    await apply("failed", "applied");
    const live = record(client, id);
    const { deployment } = await live.next("snapshot");
    expect([deployment.state, deployment.returned]).toEqual(["in-place", undefined]);
    live.stop();
  });

  it("says nothing of a job that another one took the place of", async () => {
    await apply("applied");
    const old = wentBack({ revision: 0, state: "empty", objects: {} });
    agent.onJob = () => undefined;
    await apply("applied", "sent");
    agent.send({ type: "deployment", topologyId: id, deployment: old });
    agent.send({ type: "job-accepted", jobId: arrived()[1]!.jobId });
    await becomes("applied", "acked");
    expect(await entries()).toEqual([]);
  });
});
