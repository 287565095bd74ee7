import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { failureOf } from "../testing/wire-failure";
import { emptyAgain, raceOfWriters } from "../testing/writers-race";

const ROUNDS = 3;
const WRITERS = 100;

describe.each(databaseKinds())("two at once on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  });
  afterAll(async () => {
    agent.cut();
    await server.close();
  });

  it("of 100 writers on one revision one wins, and 99 are told what is stored now", async () => {
    const { id } = await client.topology.create.mutate({ name: "race", template: "empty" });
    // Of one session two batches of ten are at work at a time: five have a hundred writers there at once.
    const clients = [client, ...(await Promise.all(Array.from({ length: 4 }, () => server.client())))];
    let baseRevision = 1;
    for (let round = 0; round < ROUNDS; round++) {
      expect(await raceOfWriters(clients, id, { baseRevision, writers: WRITERS })).toEqual({ winners: 1, losers: WRITERS - 1 });
      baseRevision = await emptyAgain(client, id);
    }
    const { revision } = await client.topology.get.query({ id });
    expect([revision, (await client.topology.revisions.query({ id })).length]).toEqual([1 + 2 * ROUNDS, 1 + 2 * ROUNDS]);
    await client.topology.remove.mutate({ id });
  });

  it("what many ask of a host at once gets numbers of its own, and the highest is the last word", async () => {
    const { id } = await client.topology.create.mutate({ name: "asked", template: "two-vpc" });
    const asked = await Promise.all(Array.from({ length: 20 }, async (_, i) => {
      const verb = i % 2 === 0 ? "applyNewest" : "teardown";
      // Whoever tears down before anybody has applied is told so.
      const answer = await client.deployment[verb].mutate({ id }).catch(() => null);
      return answer && { verb, generation: answer.generation };
    }));
    const generations = asked.flatMap((one) => one?.generation ?? []);
    expect(new Set(generations).size).toBe(generations.length);
    const last = asked.reduce((a, b) => ((a?.generation ?? 0) > (b?.generation ?? 0) ? a : b));
    await until(() => agent.deployments.get(id)?.generation === last?.generation);
    expect(agent.deployments.get(id)?.state).toBe(last?.verb === "teardown" ? "empty" : "in-place");
    await client.deployment.teardown.mutate({ id });
    await until(async () => (await client.topology.list.query()).find((one) => one.id === id)?.deployment.state === "empty");
    await client.topology.remove.mutate({ id });
  });

  it("a topology that is deleted while others apply it is gone on the server and on the host, or refused to be deleted", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await client.topology.create.mutate({ name: `deleted${round}`, template: "two-vpc" });
      const [removed, applied] = await Promise.allSettled([client.topology.remove.mutate({ id }), client.deployment.applyNewest.mutate({ id })]);
      if (removed.status === "fulfilled") {
        expect((await failureOf(client.topology.get.query({ id }))).code).toBe("NOT_FOUND");
        expect(agent.jobs.filter((job) => job.kind !== "checks" && job.topologyId === id)).toEqual([]);
        continue;
      }
      expect(applied.status).toBe("fulfilled");
      await until(() => agent.deployments.get(id)?.state === "in-place");
    }
    for (const { id } of await client.topology.list.query()) {
      const [, torn] = await Promise.all([client.deployment.applyNewest.mutate({ id }), client.deployment.teardown.mutate({ id })]);
      // The other one may have been the later of the two.
      const last = await client.deployment.teardown.mutate({ id });
      expect(last.generation).toBeGreaterThan(torn.generation);
      await until(async () => (await client.topology.list.query()).find((one) => one.id === id)?.deployment.state === "empty");
      await client.topology.remove.mutate({ id });
      expect(agent.deployments.get(id)).toMatchObject({ state: "empty", generation: last.generation });
    }
  });
});
