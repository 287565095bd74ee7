import type { Job } from "@vpclab/shared/wire/job";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mintSignIn } from "../mint-sign-in";
import { controlSocketPath } from "../start-server";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { killServers, KILL_MOMENTS } from "../testing/server-kills";
import { MIGRATIONS, testStorage, withTables } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { clientFor, startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

// A second look into the database beside the server: only a PostgreSQL server lets two in.
describe("the outbox of jobs", () => {
  let storage: TestStorage;
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let number = 0;
  const connect = () => agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  const offline = async () => {
    agent.cut();
    await until(async () => (await client.host.list.query())[0]?.online === false);
  };
  const rows = () => withTables(storage, (tables) => tables.job.findMany({ where: { topologyId: id }, orderBy: { generation: "asc" } }));
  const states = async () => (await rows()).map((row) => row.state);
  const becomes = (...expected: string[]) => until(async () => JSON.stringify(await states()) === JSON.stringify(expected));
  const apply = () => client.deployment.applyNewest.mutate({ id });
  const arrived = () => agent.jobs.filter((job) => job.kind === "apply" && job.topologyId === id);

  beforeAll(async () => {
    storage = await testStorage("postgresql");
    server = await startTestServer("postgresql", { storage });
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    agent.onJob = (job) => agent.carryOut(job);
    ({ id } = await client.topology.create.mutate({ name: `outbox${number++}`, template: "two-vpc" }));
  });
  afterEach(offline);

  it("a job is queued, sent, acknowledged and applied, one after the other", async () => {
    agent.onJob = () => undefined;
    const { jobId } = await apply();
    expect(await rows()).toMatchObject([{ id: jobId, state: "queued", sentAt: null, finishedAt: null }]);
    await connect();
    await becomes("sent");
    expect((await rows())[0]?.sentAt).not.toBeNull();
    agent.send({ type: "job-accepted", jobId });
    await becomes("acked");
    agent.carryOut(arrived()[0] as Job);
    await becomes("applied");
    expect(await rows()).toMatchObject([{ failure: null, finishedAt: expect.any(Date) }]);
  });

  it.each<[string, string, (job: Job) => void]>([
    ["fails in the kernel", "failed", (job) => {
      agent.send({ type: "job-accepted", jobId: job.jobId });
      agent.send({
        type: "job-done", jobId: job.jobId, topologyId: id, failure: { code: "KERNEL_REFUSED", message: "File exists" },
        deployment: { state: "failed", revision: 1, generation: 1, objects: {}, publicAddresses: {} },
      });
    }],
    ["is refused by the host", "refused", (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "KERNEL_REFUSED", message: "not here" } })],
  ])("a job that %s says so and why, and is not sent by itself again", async (_, state, onJob) => {
    agent.onJob = onJob;
    await connect();
    await until(() => agent.acked > 0); // its inventory was judged, so nothing is sent because of it any more
    await apply();
    await becomes(state);
    expect(await rows()).toMatchObject([{ failure: { code: "KERNEL_REFUSED" }, finishedAt: expect.any(Date) }]);
    expect(arrived()).toHaveLength(1);
  });

  it("of 30 that wait for one topology the newest goes out, and the others are superseded", async () => {
    for (let i = 0; i < 30; i++) await (i % 2 === 0 ? apply() : client.deployment.teardown.mutate({ id }));
    expect(await states()).toEqual([...Array<string>(29).fill("superseded"), "queued"]);
    await connect();
    await becomes(...Array<string>(29).fill("superseded"), "applied");
    expect(arrived()).toMatchObject([{ generation: 30, desired: null }]);
  });

  it("a late word about a superseded job changes nothing", async () => {
    agent.onJob = () => undefined;
    await connect();
    await apply();
    await apply();
    await until(() => arrived().length === 2);
    const [first, second] = arrived() as [Job, Job];
    agent.send({ type: "job-accepted", jobId: first.jobId });
    agent.send({ type: "job-refused", jobId: first.jobId, failure: { code: "STALE", message: "older" } });
    agent.carryOut(second);
    await becomes("superseded", "applied");
  });

  it("a job that was sent into a connection that broke is sent again, and an unanswered one too", async () => {
    agent.onJob = () => agent.cut();
    await connect();
    await apply();
    await until(() => arrived().length === 1);
    await offline();
    agent.onJob = (job) => agent.send({ type: "job-accepted", jobId: job.jobId });
    await connect();
    await becomes("acked");
    await offline();
    agent.onJob = (job) => agent.carryOut(job);
    await connect();
    await becomes("applied");
    expect(arrived().map((job) => job.kind === "apply" && job.generation)).toEqual([1, 1, 1]);
  });
});

describe("a server that is killed with jobs in flight", () => {
  it("loses nothing that was asked for, and probes nothing twice", async () => {
    const storage = await testStorage("embedded");
    const end = await killServers({
      dataDirectory: storage.dataDirectory, migrationsDirectory: MIGRATIONS, kills: KILL_MOMENTS.length,
      signIn: async (ready) => {
        const response = await fetch(await mintSignIn(controlSocketPath(storage.dataDirectory)), { redirect: "manual" });
        return clientFor(ready.url, { cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "", origin: ready.url });
      },
    });
    storage.remove();
    expect(end).toEqual({ kills: KILL_MOMENTS.length, lost: 0, doubleProbes: 0 });
  }, 600_000);
});
