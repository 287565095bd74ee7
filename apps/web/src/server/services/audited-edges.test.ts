import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AuditEntry } from "@vpclab/shared/wire/audit";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signingKeyFromPem, generateKeyPem } from "../signing/ed25519";
import { mintSignIn } from "../mint-sign-in";
import { controlSocketPath } from "../start-server";
import { enrol, enrolRequest, FakeAgent, newAgentKey, postEnrol } from "../testing/fake-agent";
import { closeCodeAfter } from "../testing/raw-socket";
import { standardDatabase, testStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf } from "../testing/wire-failure";

type Told = readonly [action: string, actor: string, outcome: string, code: string | null];

describe.runIf(standardDatabase() === "postgresql")("the audit log of what is no procedure", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let databaseUrl: string | null;
  let agents: string;
  beforeAll(async () => {
    const storage = await testStorage(standardDatabase());
    ({ databaseUrl } = storage);
    server = await startTestServer(standardDatabase(), { storage });
    client = await server.client();
    agents = `${server.origin.replace("http", "ws")}/agent`;
  });
  afterAll(() => server.close());

  const entries = async (): Promise<readonly AuditEntry[]> => (await client.audit.list.query({ limit: 200 })).entries.toReversed();
  const told = ({ action, actor, outcome, errorCode }: AuditEntry): Told => [action, actor.name ?? actor.kind, outcome, errorCode];
  /** What is written from now on. */
  async function listen() {
    const { sequence } = (await client.audit.list.query({ limit: 1 })).chain.head;
    return async (count: number): Promise<readonly AuditEntry[]> => {
      const later = async () => (await entries()).filter((entry) => entry.sequence > sequence);
      await until(async () => (await later()).length >= count);
      return later();
    };
  }
  /** Works on the tables as an administrator of the database does. */
  async function sql(text: string): Promise<Record<string, unknown>[]> {
    const connection = new Client(databaseUrl ?? "");
    await connection.connect();
    const { rows } = await connection.query<Record<string, unknown>>(text);
    await connection.end();
    return rows;
  }

  it("begins with the server, its key, and the first links and tokens", async () => {
    const [start, ...rest] = await entries();
    expect(start).toMatchObject({ action: "server.start", actor: { kind: "system" }, object: { kind: "job-key" } });
    expect([start, ...rest].slice(0, 3).map((entry) => entry && told(entry))).toEqual([
      ["server.start", "system", "done", null], ["host.mint-token", "system", "done", null], ["auth.mint-link", "system", "done", null],
    ]);
  });

  it("has a link that was minted, redeemed, and refused when it comes again", async () => {
    const heard = await listen();
    const link = await mintSignIn(controlSocketPath(server.dataDirectory));
    for (let i = 0; i < 2; i++) await fetch(link.replace("localhost", "127.0.0.1"), { redirect: "manual" });
    const written = await heard(3);
    expect(written.map(told)).toEqual([["auth.mint-link", "system", "done", null], ["auth.sign-in", "admin", "done", null], ["auth.sign-in", "anonymous", "refused", "UNAUTHENTICATED"]]);
    expect(written.map(({ ip }) => ip)).toEqual([null, "127.0.0.1", "127.0.0.1"]);
  });

  it("has an enrolment, and what was refused of it: a used token, a wrong signature, no request at all", async () => {
    const heard = await listen();
    const token = server.joinToken ?? "";
    agent = new FakeAgent(await enrol(server.origin, token));
    await postEnrol(server.origin, enrolRequest(token, newAgentKey()));
    await postEnrol(server.origin, { ...enrolRequest(token, newAgentKey(), { publicKey: newAgentKey().publicKey }), tokenId: "other" });
    await postEnrol(server.origin, { nonsense: true });
    const written = await heard(4);
    expect(written.map(told)).toEqual([
      ["host.enrol", "fake-host", "done", null], ["host.enrol", "anonymous", "refused", "UNAUTHENTICATED"], ["host.enrol", "anonymous", "refused", "UNAUTHENTICATED"], ["host.enrol", "anonymous", "refused", "SCHEMA"],
    ]);
    expect(written[0]?.object).toEqual({ kind: "host", id: agent.identity.agentId, name: "fake-host" });
    expect(written[1]?.object).toEqual({ kind: "join-token", id: token.split(".")[2], name: null });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["with another key", () => new FakeAgent({ ...agent.identity, key: newAgentKey() }).connect(agents), "KEY_UNKNOWN"],
    ["of a host that was never enrolled", () => new FakeAgent({ ...agent.identity, agentId: "6f9619ff-8b86-4011-b42d-00c04fc964ff" }).connect(agents), "KEY_UNKNOWN"],
    ["of a pending host", () => sql(`UPDATE "Host" SET "state" = 'pending'`).then(() => agent.connect(agents)), "FORBIDDEN"],
    ["of a revoked host", () => sql(`UPDATE "Host" SET "state" = 'revoked'`).then(() => server.restart()).then(async () => { client = await server.client(); await agent.connect(agents); }), "FORBIDDEN"],
  ])("has a hello %s", async (_, connect, code) => {
    const heard = await listen();
    await connect().catch(() => undefined);
    const isHello = ({ action }: AuditEntry) => action === "agent.hello";
    await until(async () => (await heard(1)).some(isHello));
    const hello = (await heard(1)).find(isHello);
    expect(hello && told(hello)).toEqual(["agent.hello", "anonymous", "refused", code]);
    expect(hello).toMatchObject({ ip: "127.0.0.1", object: { kind: "host", name: null } });
    await sql(`UPDATE "Host" SET "state" = 'approved'`);
  });

  it("has what does not keep the protocol", async () => {
    const heard = await listen();
    await closeCodeAfter(agents, "{");
    expect((await heard(1)).map(told)).toEqual([["agent.hello", "anonymous", "refused", "JSON_SYNTAX"]]);
  });

  describe("results of a host", () => {
    let id: string;
    beforeAll(async () => {
      await agent.connect(agents);
      ({ id } = await client.topology.create.mutate({ name: "lab", template: "two-vpc" }));
    });
    const result = (change: object) => ({ type: "job-done" as const, jobId: "none", topologyId: id, deployment: { state: "in-place" as const, revision: 1, generation: 1, objects: {}, publicAddresses: {} }, ...change });

    it("are written with the job, and are heard once", async () => {
      const heard = await listen();
      const { jobId } = await client.deployment.applyNewest.mutate({ id });
      expect((await heard(2)).map((entry) => [...told(entry), entry.jobId])).toEqual([["deployment.applyNewest", "admin", "done", null, jobId], ["job.end", "fake-host", "done", null, jobId]]);
      agent.send(result({ jobId }));
      agent.send(result({ jobId, failure: { code: "COMMAND_FAILED", message: "no, it failed" } }));
      expect((await heard(3)).slice(2).map((entry) => [...told(entry), entry.jobId])).toEqual([["job.end", "fake-host", "refused", "CONFLICT", jobId]]);
      expect((await client.topology.list.query())[0]?.deployment.state).toBe("in-place");
    });

    it.each<[string, () => Parameters<FakeAgent["send"]>[0], string, string]>([
      ["of a job that nobody sent", () => result({ jobId: "6f9619ff-8b86-4011-b42d-00c04fc964ff" }), "job.end", "FORBIDDEN"],
      ["of a topology that is not its own", () => result({ topologyId: "6f9619ff-8b86-4011-b42d-00c04fc964fe" }), "job.end", "FORBIDDEN"],
      ["of a generation that was never asked for", () => ({ type: "deployment", topologyId: id, deployment: { state: "in-place", revision: 1, generation: 99, objects: {}, publicAddresses: {} } }), "agent.deployment", "FORBIDDEN"],
      ["of a probe that nobody waits for", () => ({ type: "plan-done", jobId: "none", plan: { changes: [], steps: 0, basis: "observed" } }), "agent.plan-done", "NOT_FOUND"],
      ["that refuses a job of nobody", () => ({ type: "job-refused", jobId: "none", failure: { code: "POLICY_CIDR", message: "no" } }), "job.end", "NOT_FOUND"],
    ])("%s are refused", async (_, message, action, code) => {
      const heard = await listen();
      agent.send(message());
      const [entry] = await heard(1);
      expect([entry?.action, entry?.actor.kind, entry?.actor.id, entry?.outcome, entry?.errorCode]).toEqual([action, "agent", agent.identity.agentId, "refused", code]);
    });

    it("tell what the host's own policy has refused", async () => {
      const heard = await listen();
      agent.onJob = (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "POLICY_CIDR", message: "10.0.0.0/16 is not allowed on this host" } });
      const { jobId } = await client.deployment.applyNewest.mutate({ id });
      expect((await heard(2)).map((entry) => [...told(entry), entry.jobId])[1]).toEqual(["job.end", "fake-host", "refused", "POLICY_CIDR", jobId]);
    });
  });

  it("has another key of the server", async () => {
    await server.running.close();
    const path = `${server.dataDirectory}/keys/job-key.pem`;
    const before = readFileSync(path, "utf8");
    // Without its key sets it is another server to every host.
    rmSync(`${server.dataDirectory}/keys`, { recursive: true });
    mkdirSync(`${server.dataDirectory}/keys`, { mode: 0o700 });
    writeFileSync(path, generateKeyPem(), { mode: 0o600 });
    await server.restart();
    client = await server.client();
    const changed = (await entries()).filter(({ action }) => action === "key.change");
    expect(changed.map(({ object }) => object?.id)).toEqual([signingKeyFromPem(readFileSync(path, "utf8")).keyId]);
    expect(changed[0]?.object?.id).not.toBe(signingKeyFromPem(before).keyId);
  });

  it("has no secret, and nothing of what was drawn", async () => {
    const cookie = await server.signIn();
    const link = await mintSignIn(controlSocketPath(server.dataDirectory));
    const join = server.joinToken ?? "vpcj1.none.none.canary-join-secret";
    const canaries = [cookie.split("=")[1] ?? "", new URL(link).searchParams.get("token") ?? "", "canary-document", "canary-client", "canary-extra-field", join.split(".")[3] ?? "none"];
    const post = (path: string, body: unknown) => fetch(`${server.origin}/api/trpc/${path}`, { method: "POST", headers: { cookie, origin: server.origin, "content-type": "application/json", "user-agent": "canary-agent" }, body: JSON.stringify(body) });
    const { id } = await client.topology.create.mutate({ name: "secrets", template: "empty" });
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "canary-client", commands: [vpcEdit("vpc-00000001", "canary-document", "10.9.0.0/16")] });
    await post("topology.import", { name: "again", document: { schemaVersion: 2, vpcs: [{ name: "canary-document" }] }, password: "canary-extra-field" });
    await post("topology.rename", { id: "canary-extra-field".repeat(9), name: 7, token: "canary-extra-field" });
    await fetch(link.replace("localhost", "127.0.0.1"), { redirect: "manual" });
    await failureOf(client.topology.get.query({ id: "6f9619ff-8b86-4011-b42d-00c04fc964fd" }));
    const dump = JSON.stringify(await sql(`SELECT * FROM "AuditEntry"`));
    expect(dump).toContain("topology.save");
    expect([...canaries, "canary-agent"].filter((canary) => canary !== "canary-extra-field" && dump.includes(canary))).toEqual([]);
    // An `id` of whatever text is written as it was asked for, cut to what an id can be.
    expect(dump.split("canary-extra-field").length - 1).toBeLessThanOrEqual(4);
  });
});
