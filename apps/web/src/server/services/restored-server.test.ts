import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { testStorage, withTables } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

afterAll(({}, file) => console.info(badInputCount("N", file)));

/** As after restoring yesterday's backup: the database has forgotten generations that the host has carried out. */
describe("a server that was restored from an older copy", () => {
  let storage: TestStorage;
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let number = 0;
  const connect = () => agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  const arrived = () => agent.jobs.filter((job) => job.kind !== "checks" && job.topologyId === id);
  const applyTimes = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const { generation } = await client.deployment.applyNewest.mutate({ id });
      await until(() => agent.deployments.get(id)?.generation === generation);
    }
    await until(async () => (await client.topology.list.query()).find((one) => one.id === id)?.deployment.state === "in-place");
  };
  const restoreTo = async (generation: number) => {
    agent.cut();
    await until(async () => (await client.host.list.query())[0]?.online === false);
    await withTables(storage, async (tables) => {
      await tables.job.deleteMany({ where: { topologyId: id, generation: { gt: generation } } });
      await tables.job.updateMany({ where: { topologyId: id, generation }, data: { state: "applied" } });
      await tables.topology.update({ where: { id }, data: { generation } });
    });
    agent.jobs.length = 0;
  };

  beforeAll(async () => {
    storage = await testStorage("postgresql");
    server = await startTestServer("postgresql", { storage });
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    agent.onJob = (job) => agent.carryOut(job);
    await connect();
    ({ id } = await client.topology.create.mutate({ name: `restored${number++}`, template: "two-vpc" }));
  });

  it("sends nothing older by itself, says so at the page, and the next Apply is newer than all that the host has", async () => {
    await applyTimes(5);
    await restoreTo(2);
    const live = record(client, id);
    await live.next("snapshot");
    await connect();
    await live.next("log", ({ line }) => line.level === "error" && /restored from an older copy.*press Apply/.test(line.text));
    expect(arrived()).toEqual([]);
    expect(agent.deployments.get(id)).toMatchObject({ generation: 5, state: "in-place" });
    expect(await client.deployment.applyNewest.mutate({ id })).toMatchObject({ generation: 6 });
    await until(() => agent.deployments.get(id)?.generation === 6);
    live.stop();
  });

  it("does not bring back what was torn down since, unless somebody asks for it", async () => {
    await applyTimes(3);
    const { generation } = await client.deployment.teardown.mutate({ id });
    await until(() => agent.deployments.get(id)?.generation === generation);
    await restoreTo(2);
    const held = agent.deployments.get(id);
    // A real agent forgets a removed topology but for its tombstone.
    agent.deployments.delete(id);
    agent.onJob = (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "STALE", message: "generation 1.2 is older than 1.4, which this host has; it was removed since" } });
    const live = record(client, id);
    await live.next("snapshot");
    await connect();
    // What the backup says is in place is sent once, refused, and stays refused.
    await live.next("log", ({ line }) => /restored from an older copy/.test(line.text));
    expect(arrived()).toHaveLength(1);
    if (held) agent.deployments.set(id, held);
    agent.onJob = (job) => agent.carryOut(job);
    await client.deployment.applyNewest.mutate({ id });
    await until(() => agent.deployments.get(id)?.state === "in-place");
    live.stop();
  });

  it("does not believe that what it asked for is in place when the host holds another drawing under that number; the next Apply settles it", async () => {
    await applyTimes(2);
    agent.cut();
    const own = agent.contentHashes.get(id) ?? "";
    agent.contentHashes.set(id, "0".repeat(64));
    agent.jobs.length = 0;
    const live = record(client, id);
    await live.next("snapshot");
    await connect();
    await live.next("deployment", ({ deployment }) => deployment.state === "unknown");
    await live.next("log", ({ line }) => line.level === "error" && /another drawing.*press Apply/i.test(line.text));
    expect(arrived()).toEqual([]);
    await until(async () => (await client.audit.list.query({ limit: 5, object: id, action: "agent.inventory" })).entries.some(({ outcome, errorCode }) => outcome === "refused" && errorCode === "EQUIVOCATION"));
    await applyTimes(1);
    expect(agent.contentHashes.get(id)).toBe(own);
    agent.cut();
    await connect();
    await live.next("deployment", ({ deployment }) => deployment.state === "in-place" && deployment.generation === 3);
    live.stop();
  });

  it("topologies that only the host knows stay there and are named", async () => {
    const live = record(client, id);
    await live.next("snapshot");
    agent.deployments.set("6f9619ff-8b86-4011-b42d-00c04fc964ff", { state: "in-place", revision: 1, generation: 3, objects: {}, publicAddresses: {} });
    await connect();
    await live.next("log", ({ line }) => line.text.includes("6f9619ff-8b86-4011-b42d-00c04fc964ff"));
    expect(agent.jobs.filter((job) => job.kind !== "checks" && job.topologyId.startsWith("6f9619ff"))).toEqual([]);
    agent.deployments.delete("6f9619ff-8b86-4011-b42d-00c04fc964ff");
    live.stop();
  });

  it("a host that claims to be ahead beyond all measure moves nothing", async () => {
    await applyTimes(1);
    agent.cut();
    const held = agent.deployments.get(id);
    if (held) agent.deployments.set(id, { ...held, generation: Number.MAX_SAFE_INTEGER });
    await connect();
    expect(await client.deployment.applyNewest.mutate({ id })).toMatchObject({ generation: 2 });
    agent.deployments.delete(id);
  });
});
