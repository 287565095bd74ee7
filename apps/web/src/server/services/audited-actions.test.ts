import type { AuditEntry } from "@vpclab/shared/wire/audit";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appRouter } from "../routers/app-router";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { databaseKinds, testStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf } from "../testing/wire-failure";

type Topology = Awaited<ReturnType<TestClient["topology"]["create"]["mutate"]>>;
interface Case {
  readonly call: (client: TestClient, topology: Topology, other: Topology) => Promise<unknown>;
  /** Outcomes and revisions of the entries that it writes, oldest first. */
  readonly entries: readonly [outcome: string, before: number | null, after: number | null][];
}
let number = 0;
const freeName = () => `free${number++}`;
const vpc = ({ document: { vpcs } }: Topology, called = "vpc1") => vpcs.find(({ name }) => name === called)?.id ?? "";
const instance = ({ document: { instances } }: Topology, i: number) => ({ instanceId: instances[i]?.id ?? "" });

/** Every mutation there is. A new one fails the test until it stands here. */
const MUTATIONS: Record<string, Case> = {
  "topology.create": { call: (client) => client.topology.create.mutate({ name: freeName(), template: "empty" }), entries: [["done", null, 1]] },
  "topology.import": { call: (client, { document }) => client.topology.import.mutate({ name: freeName(), document }), entries: [["done", null, 1]] },
  "topology.duplicate": { call: (client, { id }) => client.topology.duplicate.mutate({ id, name: freeName() }), entries: [["done", null, 1]] },
  "topology.rename": { call: (client, { id }) => client.topology.rename.mutate({ id, name: freeName() }), entries: [["done", 1, null]] },
  "topology.remove": { call: (client, { id }) => client.topology.remove.mutate({ id }), entries: [["done", 1, null]] },
  "topology.save": {
    call: (client, { id }) => client.topology.save.mutate({ id, baseRevision: 1, clientId: "tab", commands: [vpcEdit("vpc-00000001", "third", "10.9.0.0/16")] }),
    entries: [["done", 1, 2]],
  },
  "topology.saveLayout": { call: (client, topology) => client.topology.saveLayout.mutate({ id: topology.id, clientId: "tab", patch: { [vpc(topology)]: { x: 1, y: 1 } } }), entries: [["done", 1, null]] },
  "deployment.preview": { call: (client, { name }) => client.deployment.preview.mutate({ name, desired: null }), entries: [["done", null, null]] },
  "deployment.applyNewest": { call: (client, { id }) => client.deployment.applyNewest.mutate({ id }), entries: [["done", 1, null]] },
  "deployment.teardown": {
    call: async (client, { id }) => {
      await client.deployment.applyNewest.mutate({ id });
      await client.deployment.teardown.mutate({ id });
    },
    entries: [["done", 1, null]],
  },
  "peering.request": {
    call: (client, topology, other) => client.peering.request.mutate({ id: topology.id, vpcId: vpc(topology), peerTopologyId: other.id, peerVpcId: vpc(other, "vpc2") }),
    entries: [["done", 1, 2]],
  },
  "peering.answer": {
    call: async (client, topology, other) => {
      const { peeringId } = await client.peering.request.mutate({ id: other.id, vpcId: vpc(other), peerTopologyId: topology.id, peerVpcId: vpc(topology, "vpc2") });
      await client.peering.answer.mutate({ id: topology.id, peeringId, accept: false });
    },
    entries: [["done", 2, 3]],
  },
  "probe.run": {
    call: async (client, topology) => {
      await client.deployment.applyNewest.mutate({ id: topology.id });
      await until(async () => (await client.topology.list.query()).find(({ id }) => id === topology.id)?.deployment.state === "in-place");
      await client.probe.run.mutate({ id: topology.id, source: instance(topology, 0), destination: instance(topology, 1), kind: "ping", port: null });
    },
    entries: [["begun", 1, null], ["done", 1, null]],
  },
  "audit.verify": { call: (client) => client.audit.verify.mutate(), entries: [["done", null, null]] },
  "audit.export": { call: (client) => client.audit.export.mutate({}), entries: [["done", null, null]] },
};

describe.each(databaseKinds())("the audit log of procedures on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  let databaseUrl: string | null;
  let agent: FakeAgent;
  beforeAll(async () => {
    const storage = await testStorage(kind);
    ({ databaseUrl } = storage);
    server = await startTestServer(kind, { storage });
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(`${server.origin.replace("http", "ws")}/agent`);
  });
  afterAll(() => server.close());

  const entries = async (filter: { action?: string; object?: string; actor?: string } = {}): Promise<readonly AuditEntry[]> =>
    (await client.audit.list.query({ limit: 200, ...filter })).entries.toReversed();
  const newTopology = () => client.topology.create.mutate({ name: freeName(), template: "two-vpc" });
  const headOf = async () => (await client.audit.list.query({ limit: 1 })).chain.head.sequence;

  it("has an expectation for every mutation", () => {
    const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
    expect(Object.keys(MUTATIONS).sort()).toEqual(procedures.filter(([, { _def }]) => _def.type === "mutation").map(([path]) => path).sort());
  });

  it.each(Object.keys(MUTATIONS))("writes %s with who, where, what and from which revision to which", async (path) => {
    const [topology, other] = [await newTopology(), await newTopology()];
    const before = await headOf();
    await MUTATIONS[path]?.call(client, topology, other);
    const written = (await entries({ action: path })).filter(({ sequence }) => sequence > before);
    expect(written.map(({ outcome, revisionBefore, revisionAfter }) => [outcome, revisionBefore, revisionAfter])).toEqual(MUTATIONS[path]?.entries);
    for (const entry of written) {
      expect(entry).toMatchObject({ actor: { kind: "user", name: "admin", role: "admin" }, ip: "127.0.0.1", errorCode: null, count: 1 });
      if (path.startsWith("topology.") && !/create|import|duplicate/.test(path)) expect(entry.object).toEqual({ kind: "topology", id: topology.id, name: topology.name });
      if (/create|import|duplicate/.test(path)) expect(entry.object?.name).toBe(`free${number - 1}`);
      if (/applyNewest|teardown|probe/.test(path)) expect(entry.jobId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it.runIf(kind === "postgresql")("refuses every mutation whose entry cannot be written, and changes nothing", async () => {
    const sql = new Client(databaseUrl ?? "");
    await sql.connect();
    try {
      await sql.query(`CREATE FUNCTION no_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$`);
      const tables = ["Topology", "Revision", "Job", "Host", "User", "Session", "SignInToken", "JoinToken", "AuditEntry"];
      const dump = async () => {
        const sums: unknown[] = [];
        for (const table of tables) sums.push((await sql.query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM "${table}" t`)).rows[0]);
        return sums;
      };
      for (const [path, { call }] of Object.entries(MUTATIONS)) {
        const [topology, other] = [await newTopology(), await newTopology()];
        const prepared = path === "peering.answer" || path === "probe.run" || path === "deployment.teardown";
        // What these do first would be what is refused: it is done before.
        const peeringId = path === "peering.answer"
          ? (await client.peering.request.mutate({ id: other.id, vpcId: vpc(other), peerTopologyId: topology.id, peerVpcId: vpc(topology, "vpc2") })).peeringId : "";
        if (path === "probe.run" || path === "deployment.teardown") {
          await client.deployment.applyNewest.mutate({ id: topology.id });
          await until(async () => (await entries({ action: "job.end", object: topology.id })).length > 0);
        }
        const final = {
          "peering.answer": () => client.peering.answer.mutate({ id: topology.id, peeringId, accept: true }),
          "deployment.teardown": () => client.deployment.teardown.mutate({ id: topology.id }),
          "probe.run": () => client.probe.run.mutate({ id: topology.id, source: instance(topology, 0), destination: instance(topology, 1), kind: "ping", port: null }),
        }[path];
        const before = await dump();
        const probes = () => agent.jobs.filter((job) => job.kind === "probe").length;
        const sent = probes();
        await sql.query(`CREATE TRIGGER no_audit BEFORE INSERT ON "AuditEntry" FOR EACH ROW EXECUTE FUNCTION no_audit()`);
        const failure = await failureOf(prepared && final ? final() : call(client, topology, other));
        await sql.query(`DROP TRIGGER no_audit ON "AuditEntry"`);
        expect([path, failure.code, await dump(), probes()]).toEqual([path, "INTERNAL", before, sent]);
      }
    } finally {
      await sql.end();
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
    for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 10 }, () => fetch(`${server.origin}/api/trpc/${calls}?batch=1&input={}`)));
    expect((await written())[0]).toMatchObject({ outcome: "refused", errorCode: "UNAUTHENTICATED", ip: "127.0.0.1", count: 1, traceId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    // What is counted is written when the server stops, too.
    await server.restart();
    client = await server.client();
    const all = await written();
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
    expect(all.length).toBeLessThanOrEqual(2 * (1 + Math.ceil((Date.now() - startedAt) / 60_000)));
    expect((await client.audit.verify.mutate()).fault).toBeNull();
  });
});
