import type { AuditEntry, AuditHead } from "@vpclab/shared/wire/audit";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { standardDatabase, testStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

/** An agent that keeps the audit heads of its jobs, as a real one does. */
class Witness extends FakeAgent {
  get heads(): AuditHead[] {
    return this.jobs.flatMap(({ auditHead }) => auditHead ?? []);
  }

  tell(heads: readonly AuditHead[] = this.heads): void {
    this.send({ type: "inventory", topologies: [...this.deployments].map(([topologyId, deployment]) => ({ topologyId, deployment, contentHash: "" })), auditHeads: [...heads].slice(-64) });
  }
}

describe.runIf(standardDatabase() === "postgresql")("the audit log and the agents that have seen it", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: Witness;
  let databaseUrl: string | null;
  beforeAll(async () => {
    const storage = await testStorage(standardDatabase());
    ({ databaseUrl } = storage);
    server = await startTestServer(standardDatabase(), { storage });
    client = await server.client();
    agent = new Witness(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(`${server.origin.replace("http", "ws")}/agent`);
  });
  afterAll(() => server.close());

  const chain = async () => (await client.audit.list.query({ limit: 1 })).chain;
  const alarms = async (): Promise<readonly AuditEntry[]> => (await client.audit.list.query({ limit: 200, action: "audit.alarm" })).entries;
  const entry = async (action: string) => (await client.audit.list.query({ limit: 1, action })).entries[0];
  /** As whoever owns the database. */
  async function tamper(sql: string): Promise<void> {
    const connection = new Client(databaseUrl ?? "");
    await connection.connect();
    await connection.query(`SET session_replication_role = 'replica'; ${sql}`);
    await connection.end();
  }

  it("every job shows the end of the log, which has the entry of who asked for it", async () => {
    const { id } = await client.topology.create.mutate({ name: "lab", template: "two-vpc" });
    const { jobId } = await client.deployment.applyNewest.mutate({ id });
    await until(() => agent.jobs.some((job) => job.jobId === jobId));
    const asked = await entry("deployment.applyNewest");
    expect(asked?.jobId).toBe(jobId);
    expect(agent.heads.at(-1)?.sequence).toBeGreaterThanOrEqual(asked?.sequence ?? Infinity);
    await until(async () => (await client.topology.list.query())[0]?.deployment.state === "in-place");
    const [from, to] = (await client.topology.get.query({ id })).document.instances;
    await client.probe.run.mutate({ id, source: { instanceId: from?.id ?? "" }, destination: { instanceId: to?.id ?? "" }, kind: "ping", port: null });
    await client.deployment.plan.query({ id });
    expect(agent.jobs.map((job) => [job.kind, job.auditHead !== undefined])).toEqual([["apply", true], ["probe", true], ["plan", true]]);
    expect(agent.heads.map(({ sequence }) => sequence)).toEqual(agent.heads.map(({ sequence }) => sequence).sort((a, b) => a - b));
  });

  it("what an agent has seen is kept, and the chain agrees with it", async () => {
    agent.tell();
    await until(async () => (await chain()).witnesses.length === 1);
    expect((await chain()).witnesses).toEqual([expect.objectContaining({ host: "fake-host", head: agent.heads.at(-1), fault: null })]);
    expect(await client.audit.verify.mutate()).toMatchObject({ fault: null, compared: agent.heads.length });
    expect(await alarms()).toEqual([]);
  });

  it("a log that was cut and grew again is an alarm, once, and verification names the place", async () => {
    const seen = agent.heads.at(-1)?.sequence ?? 0;
    const cut = seen - 1;
    await server.running.close();
    await tamper(`DELETE FROM "AuditEntry" WHERE "sequence" > ${cut}; UPDATE "AuditHead" SET "sequence" = ${cut}, "hash" = (SELECT "hash" FROM "AuditEntry" WHERE "sequence" = ${cut}); DELETE FROM "AuditWitness"`);
    await server.restart();
    client = await server.client();
    expect((await client.audit.verify.mutate()).fault).toBeNull();
    await agent.connect(`${server.origin.replace("http", "ws")}/agent`);
    for (let i = 0; i < 3; i++) agent.tell();
    await until(async () => (await alarms()).length > 0);
    expect((await client.audit.verify.mutate()).fault).toEqual({ sequence: seen, reason: expect.stringContaining("the agent of fake-host has seen") as string });
    expect(await alarms()).toEqual([expect.objectContaining({ outcome: "failed", errorCode: "AUDIT_CHAIN", actor: { kind: "agent", id: agent.identity.agentId, name: "fake-host", role: null }, object: { kind: "audit-entry", id: `${seen}`, name: null } })]);
    expect((await chain()).witnesses[0]?.fault).toEqual({ sequence: seen, reason: expect.stringContaining("written anew") as string });
    expect((await chain()).verified?.fault?.sequence).toBe(seen);
  });

  it("a log that is shorter than an agent has seen is an alarm", async () => {
    agent.tell([{ sequence: 1_000_000, hash: "a".repeat(64) }]);
    await until(async () => (await alarms()).length === 2);
    expect((await chain()).witnesses[0]?.fault?.reason).toContain("it has seen entry 1000000");
  });
});
