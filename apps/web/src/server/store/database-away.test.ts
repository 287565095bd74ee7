import { Client } from "pg";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { testStorage } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf } from "../testing/wire-failure";

afterAll(({}, file) => console.info(badInputCount("N", file)));

describe("a database that is away", () => {
  let storage: TestStorage;
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let cookie: string;
  const connect = () => agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  const databaseName = () => new URL(storage.databaseUrl ?? "").pathname.slice(1);
  const asAdmin = async (url: string, work: (admin: Client) => Promise<unknown>) => {
    const admin = new Client(url);
    await admin.connect();
    await work(admin).finally(() => admin.end());
  };
  const maintenance = () => (inject("postgresUrl") ?? "").replace("DATABASE", "postgres");
  const save = (hex: string, baseRevision: number) =>
    client.topology.save.mutate({ id, baseRevision, clientId: "tab", commands: [vpcEdit(`vpc-${hex}`, `vpc${hex.at(-1)}`, `10.${Number(hex.at(-1))}.0.0/16`)] });

  beforeAll(async () => {
    storage = await testStorage("postgresql");
    server = await startTestServer("postgresql", { storage });
    client = await server.client();
    cookie = await server.signIn();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await connect();
    ({ id } = await client.topology.create.mutate({ name: "away", template: "empty" }));
  });
  afterAll(() => server.close());

  it("locked for a moment is waited for", async () => {
    await asAdmin(storage.databaseUrl ?? "", async (admin) => {
      await admin.query(`BEGIN; LOCK TABLE "Topology" IN ACCESS EXCLUSIVE MODE`);
      const saving = save("00000001", 1);
      await until(async () => (await admin.query(`SELECT 1 FROM pg_locks WHERE NOT granted`)).rowCount !== 0);
      await admin.query("COMMIT");
      expect(await saving).toEqual({ saved: true, revision: 2 });
    });
  });

  it("locked for long is said, and nothing is half written", async () => {
    await asAdmin(storage.databaseUrl ?? "", async (admin) => {
      await admin.query(`BEGIN; LOCK TABLE "Revision" IN ACCESS EXCLUSIVE MODE`);
      expect(await failureOf(save("00000002", 2))).toMatchObject({ code: "UNAVAILABLE", publicMessage: expect.stringMatching(/database does not answer, so nothing was changed/) });
      await admin.query("COMMIT");
    });
    const { revision, document } = await client.topology.get.query({ id });
    expect([revision, document.vpcs.map(({ name }) => name)]).toEqual([2, ["vpc1"]]);
  });

  it("gone: calls and pages say so with 503, the server stays up, and goes on when it is back", async () => {
    await asAdmin(maintenance(), async (admin) => {
      await admin.query(`ALTER DATABASE "${databaseName()}" ALLOW_CONNECTIONS false`);
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${databaseName()}'`);
      for (const call of [() => save("00000003", 2), () => client.topology.list.query(), () => client.deployment.applyNewest.mutate({ id })]) {
        expect((await failureOf(call())).code).toBe("UNAVAILABLE");
      }
      expect((await fetch(`${server.origin}/healthz`)).status).toBe(503);
      expect((await fetch(`${server.origin}/`, { headers: { cookie }, redirect: "manual" })).status).toBe(503);
      // An agent's word that cannot be written down is not taken: it says it again on its next connection.
      agent.send({ type: "inventory", topologies: [] });
      await until(() => agent.closeCode === 1011);
      await admin.query(`ALTER DATABASE "${databaseName()}" ALLOW_CONNECTIONS true`);
    });
    expect(await save("00000003", 2)).toEqual({ saved: true, revision: 3 });
    await connect();
    await client.deployment.applyNewest.mutate({ id });
    await until(() => agent.deployments.get(id)?.state === "in-place");
  });
});
