import type { AuditEntry } from "@vpclab/shared/wire/audit";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditedCall } from "../audited-call";
import { appRouter } from "../routers/app-router";
import { agentUrl, AUDITED_MUTATIONS, freeName } from "../testing/audited-mutations";
import type { Lab } from "../testing/audited-mutations";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { invite, PASSWORD } from "../testing/people";
import { databaseKinds, testStorage } from "../testing/test-database";
import type { DatabaseKind } from "../testing/test-database";
import { clientFor, startTestServer } from "../testing/test-server";
import type { TestClient } from "../testing/test-server";
import { until } from "../testing/until";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf } from "../testing/wire-failure";

/** A server with its agent; `lab`: each time with other topologies. */
async function startLab(kind: DatabaseKind) {
  const storage = await testStorage(kind);
  const server = await startTestServer(kind, { storage });
  const client = await server.client();
  const nobody = clientFor(server.origin, { origin: server.origin });
  const agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  await agent.connect(agentUrl(server));
  const newTopology = () => client.topology.create.mutate({ name: freeName(), template: "two-vpc" });
  return {
    server, client, nobody: nobody.client, agent, databaseUrl: storage.databaseUrl,
    lab: async (): Promise<Lab> => ({ server, client, nobody: nobody.client, agent, topology: await newTopology(), other: await newTopology() }),
    close: async () => {
      await nobody.close();
      await server.close();
    },
  };
}
type RunningLab = Awaited<ReturnType<typeof startLab>>;

/** Where a pointer is changes nothing that is kept. */
const KEPT_NOWHERE = new Set(["live.point"]);

describe.each(databaseKinds())("the audit log of procedures on %s", (kind) => {
  let running: RunningLab;
  let client: TestClient;
  beforeAll(async () => {
    running = await startLab(kind);
    ({ client } = running);
  });
  afterAll(() => running.close());

  const entries = async (filter: { action?: string; object?: string; actor?: string } = {}): Promise<readonly AuditEntry[]> =>
    (await client.audit.list.query({ limit: 200, ...filter })).entries.toReversed();
  const newTopology = () => client.topology.create.mutate({ name: freeName(), template: "two-vpc" });
  const headOf = async () => (await client.audit.list.query({ limit: 1 })).chain.head.sequence;

  it("has an expectation for every mutation", () => {
    const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
    expect(Object.keys(AUDITED_MUTATIONS).sort()).toEqual(procedures.filter(([path, { _def }]) => _def.type === "mutation" && !KEPT_NOWHERE.has(path)).map(([path]) => path).sort());
  });

  it.each(Object.keys(AUDITED_MUTATIONS))("writes %s with who, where, what and from which revision to which", async (path) => {
    const one = AUDITED_MUTATIONS[path]!;
    const lab = await running.lab();
    const prepared = await one.prepare?.(lab);
    const before = await headOf();
    await one.call(lab, prepared);
    const written = (await entries({ action: path })).filter(({ sequence }) => sequence > before);
    expect(written.map(({ outcome, revisionBefore, revisionAfter }) => [outcome, revisionBefore, revisionAfter])).toEqual(one.entries ?? [["done", null, null]]);
    if (one.about) expect(written.at(-1)?.object).toMatchObject({ id: expect.any(String), ...one.about(lab, prepared) });
    // What is refused before anybody has looked is about the same kind of thing.
    const kind = written.at(-1)?.object?.kind;
    if (kind !== undefined) expect(auditedCall({ path, ip: null, input: { id: "some" } }).object?.kind).toBe(kind);
    for (const entry of written) {
      expect(entry).toMatchObject({ actor: { kind: "user", ...(one.actor?.(prepared) ?? { name: "admin", role: "admin" }) }, ip: "127.0.0.1", errorCode: null, count: 1 });
      if (/applyNewest|teardown|probe/.test(path)) expect(entry.jobId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("writes what was refused, with the code and the id that its caller was given", async () => {
    const { id, name } = await newTopology();
    const refused = await failureOf(client.topology.save.mutate({ id, baseRevision: 1, clientId: "tab", commands: [vpcEdit("vpc-00000001", "bad", "10.9.0.0/33")] }));
    const taken = await failureOf(client.topology.create.mutate({ name, template: "empty" }));
    const away = await failureOf(client.topology.remove.mutate({ id: "6f9619ff-8b86-4011-b42d-00c04fc964ff" }));
    const found = async (traceId: string | undefined) => (await entries()).find((entry) => entry.traceId === traceId);
    expect(refused.traceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await found(refused.traceId)).toMatchObject({ action: "topology.save", outcome: "refused", errorCode: refused.code, object: { kind: "topology", id } });
    expect(await found(taken.traceId)).toMatchObject({ action: "topology.create", outcome: "refused", errorCode: "NAME_TAKEN", object: { id: null, name } });
    expect(await found(away.traceId)).toMatchObject({ action: "topology.remove", outcome: "refused", errorCode: "NOT_FOUND", object: { id: "6f9619ff-8b86-4011-b42d-00c04fc964ff" } });
  });

  it("writes who tried to sign in and could not, by the name that was tried", async () => {
    const person = await invite(running.server, client, freeName(), "student");
    const wrong = await failureOf(running.nobody.auth.signIn.mutate({ name: person.name, password: `${PASSWORD}x` }));
    const found = (await entries({ action: "auth.signIn" })).find((entry) => entry.traceId === wrong.traceId);
    expect(found).toMatchObject({ outcome: "refused", errorCode: "UNAUTHENTICATED", actor: { kind: "anonymous" }, ip: "127.0.0.1", object: { id: null, name: person.name } });
    await person.close();
  });

  it("writes a save on a stale base as refused", async () => {
    const { id } = await newTopology();
    const save = () => client.topology.save.mutate({ id, baseRevision: 1, clientId: "tab", commands: [vpcEdit("vpc-00000001", "third", "10.9.0.0/16")] });
    await save();
    await save();
    expect((await entries({ action: "topology.save", object: id })).map(({ outcome, errorCode, revisionAfter }) => [outcome, errorCode, revisionAfter])).toEqual([["done", null, 2], ["refused", "CONFLICT", null]]);
  });

  it("does not write queries, except that somebody was kept out: signed in, by page and by socket", async () => {
    const { id } = await newTopology();
    const before = await headOf();
    await client.topology.get.query({ id });
    await client.deployment.plan.query({ id });
    expect(await headOf()).toBe(before);
    const gone = "00000000-8b86-4011-b42d-00c04fc964ff";
    await failureOf(client.topology.get.query({ id: gone }));
    await new Promise<void>((resolve) => void client.live.topology.subscribe({ id: gone }, { onError: () => resolve() }));
    await until(async () => (await entries({ object: gone })).length === 2);
    expect((await entries({ object: gone })).map(({ action, outcome, errorCode, actor }) => [action, outcome, errorCode, actor.name])).toEqual([
      ["topology.get", "refused", "NOT_FOUND", "admin"], ["live.topology", "refused", "NOT_FOUND", "admin"],
    ]);
  });

  it("writes whoever is not signed in, and a thousand of the same as two entries a minute at most", async () => {
    const calls = Array<string>(10).fill("topology.list").join(",");
    const startedAt = Date.now();
    const before = await headOf();
    const written = async () => (await entries({ actor: "anonymous", action: "topology.list" })).filter(({ sequence }) => sequence > before);
    for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 10 }, () => fetch(`${running.server.origin}/api/trpc/${calls}?batch=1&input={}`)));
    expect((await written())[0]).toMatchObject({ outcome: "refused", errorCode: "UNAUTHENTICATED", ip: "127.0.0.1", count: 1, traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    // What is counted is written when the server stops, too.
    await running.server.restart();
    client = await running.server.client();
    const all = await written();
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
    expect(all.length).toBeLessThanOrEqual(2 * (1 + Math.ceil((Date.now() - startedAt) / 60_000)));
    expect((await client.audit.verify.mutate()).fault).toBeNull();
  });
});

describe.runIf(databaseKinds().includes("postgresql"))("an audit log that cannot be written", () => {
  let running: RunningLab;
  const sql: Client[] = [];
  const query = async (text: string) => (await sql[0]!.query(text)).rows[0] as unknown;
  beforeAll(async () => {
    running = await startLab("postgresql");
    sql.push(new Client(running.databaseUrl ?? ""));
    await sql[0]!.connect();
    await query(`CREATE FUNCTION no_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$`);
  });
  afterAll(async () => {
    await sql[0]?.end();
    await running.close();
  });

  const TABLES = ["Topology", "Revision", "Job", "Host", "User", "Session", "KnownDevice", "SignInToken", "JoinToken", "Class", "ClassMember", "Invitation", "AuditEntry"];
  /** Everything that a mutation could have changed: rows, files, what was sent and who was cut off. */
  const dump = async () => {
    // Asked first: it may be what marks the session as in use.
    const { serverKey } = await running.client.host.overview.query();
    const rows: unknown[] = [];
    for (const table of TABLES) rows.push([table, await query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM "${table}" t`)]);
    return { serverKey, rows, probes: running.agent.jobs.filter((job) => job.kind === "probe").length, cutOff: running.agent.closeCode };
  };

  it.each(Object.keys(AUDITED_MUTATIONS))("refuses %s, and nothing changes", async (path) => {
    const { prepare, call } = AUDITED_MUTATIONS[path]!;
    const lab = await running.lab();
    const prepared = await prepare?.(lab);
    const before = await dump();
    await query(`CREATE TRIGGER no_audit BEFORE INSERT ON "AuditEntry" FOR EACH ROW EXECUTE FUNCTION no_audit()`);
    const outcome = await failureOf(call(lab, prepared)).finally(() => query(`DROP TRIGGER no_audit ON "AuditEntry"`));
    expect([outcome.code, await dump()]).toEqual(["INTERNAL", before]);
  });
});
