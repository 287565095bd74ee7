import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issuesOf, failureOf } from "../testing/wire-failure";
import { databaseKinds } from "../testing/test-database";
import { clientFor, startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { appRouter } from "./app-router";

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const vpc = (id: string, name: string, cidr: string) => ({ op: "create", kind: "vpc", object: { id, name, cidr } }) as const;

describe.each(databaseKinds())("procedures on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
  });
  afterAll(() => server.close());

  /** Everything that is stored, to see that nothing was written. */
  const stored = async () => {
    const list = await client.topology.list.query();
    return Promise.all(list.map(async ({ id }) => [await client.topology.get.query({ id }), await client.topology.revisions.query({ id })]));
  };

  it("answers nothing without a session, whatever the procedure", async () => {
    const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
    expect(procedures.length).toBeGreaterThanOrEqual(19);
    for (const [path, { _def: { type } }] of procedures) {
      if (type === "subscription") continue; // its socket is refused before: upgrade-router.test.ts
      const url = `${server.origin}/api/trpc/${path}`;
      const headers = { origin: server.origin, "content-type": "application/json", cookie: `vpclab-${server.port}=${"A".repeat(43)}` };
      const response = await fetch(url, type === "query" ? { headers } : { method: "POST", headers, body: "{}" });
      const body = (await response.json()) as { error: { data: unknown } };
      expect([path, response.status, body.error.data]).toEqual([path, 401, expect.objectContaining({ code: "UNAUTHENTICATED" })]);
    }
  });

  it("stores what is created, saved, renamed, duplicated, exported and imported", async () => {
    const made = await client.topology.create.mutate({ name: "lab", template: "two-vpc-peered" });
    expect(made).toMatchObject({ name: "lab", revision: 1 });
    const saved = await client.topology.save.mutate({ id: made.id, baseRevision: 1, clientId: "tab", commands: [vpc("vpc-00000001", "third", "10.9.0.0/16")] });
    expect(saved).toEqual({ saved: true, revision: 2 });
    const vpcId = made.document.vpcs[0]?.id ?? "";
    await client.topology.saveLayout.mutate({ id: made.id, clientId: "tab", patch: { [vpcId]: { x: 10.5, y: -3 } } });
    const now = await client.topology.get.query({ id: made.id });
    expect(now.document.vpcs.map(({ name }) => name).sort()).toEqual(["third", "vpc1", "vpc2"]);
    expect(now.layout).toEqual({ [vpcId]: { x: 10.5, y: -3 } });
    expect((await client.topology.revisions.query({ id: made.id })).map(({ revision, author }) => [revision, author])).toEqual([[2, "admin"], [1, "admin"]]);
    expect((await client.topology.revision.query({ id: made.id, revision: 1 })).document).toEqual(made.document);
    expect(await client.topology.rename.mutate({ id: made.id, name: "lab-two" })).toEqual({ id: made.id, name: "lab-two" });

    const copy = await client.topology.duplicate.mutate({ id: made.id, name: "copy" });
    const ids = (document: typeof made.document) => document.vpcs.map(({ id }) => id);
    expect(ids(copy.document).filter((id) => ids(now.document).includes(id))).toEqual([]);
    expect(Object.values(copy.layout)).toEqual([{ x: 10.5, y: -3 }]);

    const exported = await client.topology.export.query({ id: made.id });
    const imported = await client.topology.import.mutate({ name: "again", document: exported.document, layout: exported.layout });
    expect(imported.document.subnets.map(({ cidr }) => cidr).sort()).toEqual(now.document.subnets.map(({ cidr }) => cidr).sort());
    for (const { id } of await client.topology.list.query()) await client.topology.remove.mutate({ id });
    expect(await client.topology.list.query()).toEqual([]);
  });

  it("refuses a save on a stale base with what is stored, and writes nothing", async () => {
    const { id } = await client.topology.create.mutate({ name: "stale", template: "empty" });
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "a", commands: [vpc("vpc-00000001", "mine", "10.1.0.0/16")] });
    for (const baseRevision of [0, 1, 3]) {
      const answer = await client.topology.save.mutate({ id, baseRevision, clientId: "b", commands: [vpc("vpc-00000002", "yours", "10.2.0.0/16")] });
      expect(answer).toMatchObject({ saved: false, author: "admin", current: { revision: 2, document: { vpcs: [{ name: "mine" }] } } });
    }
    await client.topology.remove.mutate({ id });
  });

  it("lets exactly one of many writers on one base win, and none of many creators of one name lose silently", async () => {
    const { id } = await client.topology.create.mutate({ name: "race", template: "empty" });
    for (let base = 1; base <= 5; base++) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          client.topology.save.mutate({
            id, baseRevision: base, clientId: `tab${i}`, commands: [vpc(`vpc-${base}000${i.toString().padStart(4, "0")}`, `v${base}-${i}`, `10.${base}.0.0/16`)],
          }),
        ),
      );
      expect(answers.filter((answer) => answer.saved)).toHaveLength(1);
    }
    const after = await client.topology.get.query({ id });
    expect([after.revision, after.document.vpcs.length]).toEqual([6, 5]);
    expect(await client.topology.revisions.query({ id })).toHaveLength(6);

    const creations = await Promise.allSettled(Array.from({ length: 10 }, () => client.topology.create.mutate({ name: "same", template: "empty" })));
    expect(creations.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    for (const { id } of await client.topology.list.query()) await client.topology.remove.mutate({ id });
  });

  it("keeps every box when layouts are saved at once", async () => {
    const { id } = await client.topology.create.mutate({ name: "boxes", template: "empty" });
    const boxes = Array.from({ length: 12 }, (_, i) => [`vpc-0000000${i.toString(16)}`, { x: i, y: 0 }] as const);
    await Promise.all(boxes.map(([box, at]) => client.topology.saveLayout.mutate({ id, clientId: "a", patch: { [box]: at } })));
    expect((await client.topology.get.query({ id })).layout).toEqual(Object.fromEntries(boxes));
    await client.topology.remove.mutate({ id });
  });

  describe("bad input is refused with a code and the field, and nothing is written", () => {
    const call = (path: string, input: unknown) => (client as unknown as Record<string, Record<string, { mutate(value: unknown): Promise<unknown> }>>)[path.split(".")[0] ?? ""]?.[path.split(".")[1] ?? ""]?.mutate(input) ?? Promise.resolve();
    let id: string;
    beforeAll(async () => {
      ({ id } = await client.topology.create.mutate({ name: "guarded", template: "two-vpc" }));
    });

    const save = (...commands: unknown[]) => ["topology.save", () => ({ id, baseRevision: 1, clientId: "t", commands })] as const;
    const name = (text: unknown) => ["topology.create", () => ({ name: text, template: "empty" })] as const;
    it.each([
      ["a name with a space", ...name("two words"), "NAME_GRAMMAR name"],
      ["a name with shell characters", ...name("web;id"), "NAME_GRAMMAR name"],
      ["a name with a leading dash", ...name("-rf"), "NAME_GRAMMAR name"],
      ["a path as a name", ...name("../x"), "NAME_GRAMMAR name"],
      ["a name of 60 characters", ...name("a".repeat(60)), "NAME_LENGTH name"],
      ["a name of a megabyte", ...name("a".repeat(900_000)), "SCHEMA name"],
      ["an empty name", ...name(""), "NAME_GRAMMAR name"],
      ["a name that is taken", ...name("guarded"), "NAME_TAKEN name"],
      ["an operator in place of a name", ...name({ contains: "" }), "SCHEMA name"],
      ["an unknown template", "topology.create", () => ({ name: "x", template: "all" }), "SCHEMA template"],
      ["an owner that nobody asked for", "topology.create", () => ({ name: "x", template: "empty", ownerId: A_UUID }), "SCHEMA "],
      ["an operator in place of an id", "topology.remove", () => ({ id: { not: "" } }), "SCHEMA id"],
      ["a revision as text", "topology.save", () => ({ id, baseRevision: "1", clientId: "t", commands: [vpc("vpc-00000001", "v", "10.9.0.0/16")] }), "SCHEMA baseRevision"],
      ["a negative revision", "topology.save", () => ({ id, baseRevision: -1, clientId: "t", commands: [vpc("vpc-00000001", "v", "10.9.0.0/16")] }), "SCHEMA baseRevision"],
      ["no command", ...save(), "SCHEMA commands"],
      ["an unknown command", ...save({ op: "exec", run: "id" }), "SCHEMA commands.0.op"],
      ["a field too much in a command", ...save({ ...vpc("vpc-00000001", "v", "10.9.0.0/16"), shell: true }), "SCHEMA commands.0"],
      ["a VPC without id", ...save({ op: "create", kind: "vpc", object: { name: "v", cidr: "10.9.0.0/16" } }), "SCHEMA commands.0.object.id"],
      ["host bits in a CIDR", ...save(vpc("vpc-00000001", "v", "10.9.0.5/16")), "CIDR_NOT_CANONICAL"],
      ["a CIDR that is none", ...save(vpc("vpc-00000001", "v", "10.9")), "CIDR_SYNTAX"],
      ["a prefix that is too long", ...save(vpc("vpc-00000001", "v", "10.9.0.0/30")), "PREFIX_RANGE"],
      ["a second VPC of the same name", ...save(vpc("vpc-00000001", "vpc1", "10.9.0.0/16")), "NAME_TAKEN"],
      ["an id twice", ...save(vpc("vpc-00000001", "v", "10.9.0.0/16"), vpc("vpc-00000001", "w", "10.8.0.0/16")), "ID_DUPLICATE"],
      ["a subnet of a VPC that is not there", ...save({ op: "create", kind: "subnet", object: { id: "subnet-00000001", vpcId: "vpc-0000dead", name: "s", cidr: "10.9.1.0/24", type: "private" } }), "REF_UNKNOWN"],
      ["coordinates out of range", "topology.saveLayout", () => ({ id, clientId: "t", patch: { "vpc-00000001": { x: 1e308, y: 0 } } }), "SCHEMA patch.vpc-00000001.x"],
      ["a layout key that is no id", "topology.saveLayout", () => ({ id, clientId: "t", patch: { __proto__x: { x: 1, y: 0 } } }), "SCHEMA patch"],
      ["a document that is none", "topology.import", () => ({ name: "imported", document: [] }), "SCHEMA document"],
      ["a document without a field", "topology.import", () => ({ name: "imported", document: { schemaVersion: 1 } }), "SCHEMA document.settings"],
      ["a layout that is none", "topology.import", async () => ({ name: "imported", document: (await client.topology.export.query({ id })).document, layout: [1] }), "SCHEMA layout"],
      ["a probe of what is not there", "probe.run", () => ({ id, sourceId: "i-00000000", target: { internet: true }, kind: "ping", port: null }), "REF_UNKNOWN sourceId"],
      ["a probe of port 0", "probe.run", () => ({ id, sourceId: "i-00000000", target: { internet: true }, kind: "tcp", port: 0 }), "SCHEMA port"],
      ["a probe of no target", "probe.run", () => ({ id, sourceId: "i-00000000", target: {}, kind: "ping", port: null }), "SCHEMA target"],
    ])("%s", async (_, path, input, expected) => {
      const before = await stored();
      const failure = await failureOf(call(path, await input()));
      expect([failure.code, issuesOf(failure)]).toEqual([expected.split(" ")[0], expect.arrayContaining([expect.stringContaining(expected)])]);
      expect(JSON.stringify(failure)).not.toMatch(/prisma|node_modules|\bat .*:\d+:\d+/i);
      expect(await stored()).toEqual(before);
    });

    it("an id that does not exist is not found, everywhere", async () => {
      const input = { id: A_UUID };
      const edit = [vpc("vpc-00000001", "v", "10.9.0.0/16")];
      const calls = [
        client.topology.get.query(input), client.topology.export.query(input), client.topology.revisions.query(input), client.topology.revision.query({ ...input, revision: 1 }),
        client.topology.remove.mutate(input), client.topology.rename.mutate({ ...input, name: "x" }), client.topology.duplicate.mutate({ ...input, name: "x" }),
        client.topology.save.mutate({ ...input, baseRevision: 1, commands: edit, clientId: "t" }), client.topology.saveLayout.mutate({ ...input, patch: {}, clientId: "t" }),
        client.deployment.plan.query(input), client.deployment.applyNewest.mutate(input), client.deployment.teardown.mutate(input),
        client.probe.run.mutate({ ...input, sourceId: "i-00000001", target: { internet: true }, kind: "ping", port: null }),
      ];
      for (const outcome of calls) expect((await failureOf(outcome)).code).toBe("NOT_FOUND");
    });
  });

  describe("requests that a browser page of ours does not make are refused", () => {
    const post = async (path: string, init: RequestInit) => {
      const cookie = await server.signIn();
      return fetch(`${server.origin}/api/trpc/${path}`, { method: "POST", ...init, headers: { cookie, origin: server.origin, "content-type": "application/json", ...(init.headers as Record<string, string>) } });
    };
    const body = JSON.stringify({ name: "forged", template: "empty" });

    it.each([
      ["from another site", { headers: { origin: "https://evil.example" } }, 403],
      ["from nowhere", { headers: { origin: "null" } }, 403],
      ["from another port", { headers: { origin: "http://127.0.0.1:1" } }, 403],
      ["as a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
      ["as multipart", { headers: { "content-type": "multipart/form-data; boundary=x" } }, 415],
      ["as text", { headers: { "content-type": "text/plain" } }, 415],
    ])("%s", async (_, init, status) => {
      expect((await post("topology.create", { ...init, body })).status).toBe(status);
      expect((await client.topology.list.query()).map(({ name }) => name)).not.toContain("forged");
    });

    it("by another method", async () => {
      const headers = { cookie: await server.signIn(), origin: server.origin };
      expect((await fetch(`${server.origin}/api/trpc/topology.create?input=${encodeURIComponent(body)}`, { headers })).status).toBe(405);
      expect((await fetch(`${server.origin}/api/trpc/topology.list`, { method: "DELETE", headers })).status).toBe(405);
      expect((await fetch(`${server.origin}/api/trpc/topology.list`, { method: "HEAD", headers })).status).toBe(405);
      expect((await client.topology.list.query()).map(({ name }) => name)).not.toContain("forged");
    });

    it("larger than a mebibyte, or more than ten at once", async () => {
      expect((await post("topology.create", { body: JSON.stringify({ name: "x".repeat(1_100_000), template: "empty" }) })).status).toBe(413);
      const headers = { cookie: await server.signIn() };
      const batch = (n: number) => fetch(`${server.origin}/api/trpc/${Array(n).fill("topology.list").join(",")}?batch=1&input=%7B%7D`, { headers });
      expect((await batch(10)).status).toBe(200);
      expect((await batch(11)).status).toBe(400);
    });

    it("as something that is not JSON", async () => {
      const response = await post("topology.create", { body: "{" });
      expect([response.status, ((await response.json()) as { error: { data: { code: string } } }).error.data.code]).toEqual([400, "JSON_SYNTAX"]);
    });

    it("for a subscription over plain HTTP", async () => {
      const { client: other, close } = clientFor(server.origin, {});
      expect((await failureOf(other.auth.me.query())).code).toBe("UNAUTHENTICATED");
      await close();
      const headers = { cookie: await server.signIn() };
      const response = await fetch(`${server.origin}/api/trpc/live.topology?input=${encodeURIComponent(JSON.stringify({ id: A_UUID }))}`, { headers });
      expect(response.status).toBeGreaterThanOrEqual(400);
    });
  });
});
