import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { vpcEdit } from "../testing/vpc-edit";
import { appRouter } from "./app-router";

describe.each(databaseKinds())("procedures on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
  });
  afterAll(() => server.close());

  it("answers nothing without a session, whatever the procedure", async () => {
    const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
    expect(procedures.length).toBeGreaterThanOrEqual(22);
    for (const [path, { _def: { type } }] of procedures) {
      // Those who have no session yet call these: permissions.test.ts.
      if (["auth.signIn", "auth.setUp", "auth.register"].includes(path)) continue;
      // Of a socket only, by a subscription that is open on it: presence.test.ts.
      if (path === "live.point") continue;
      if (type === "subscription") continue; // its socket is refused before: upgrade-router.test.ts
      const url = `${server.origin}/api/trpc/${path}`;
      const headers = { origin: server.origin, "content-type": "application/json", "x-vpclab": "1", cookie: `vpclab-${server.port}=${"A".repeat(43)}` };
      const response = await fetch(url, type === "query" ? { headers } : { method: "POST", headers, body: "{}" });
      const body = (await response.json()) as { error: { data: unknown } };
      expect([path, response.status, body.error.data]).toEqual([path, 401, expect.objectContaining({ code: "UNAUTHENTICATED" })]);
    }
  });

  it("stores what is created, saved, renamed, duplicated, exported and imported", async () => {
    const made = await client.topology.create.mutate({ name: "lab", template: "two-vpc-peered" });
    expect(made).toMatchObject({ name: "lab", revision: 1 });
    const saved = await client.topology.save.mutate({ id: made.id, baseRevision: 1, clientId: "tab", commands: [vpcEdit("vpc-00000001", "third", "10.9.0.0/16")] });
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

  it("says when the drawing was changed, which moving boxes does not", async () => {
    const { id } = await client.topology.create.mutate({ name: "dated", template: "two-vpc" });
    const changedAt = async () => (await client.topology.list.query()).find((topology) => topology.id === id)?.updatedAt ?? "";
    const created = await changedAt();
    await client.topology.saveLayout.mutate({ id, clientId: "tab", patch: { "vpc-00000001": { x: 1, y: 1 } } });
    expect(await changedAt()).toBe(created);
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "tab", commands: [vpcEdit("vpc-00000001", "third", "10.9.0.0/16")] });
    expect(Date.parse(await changedAt())).toBeGreaterThan(Date.parse(created));
    await client.topology.remove.mutate({ id });
  });

  it("refuses a save on a stale base with what is stored, and writes nothing", async () => {
    const { id } = await client.topology.create.mutate({ name: "stale", template: "empty" });
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "a", commands: [vpcEdit("vpc-00000001", "mine", "10.1.0.0/16")] });
    for (const baseRevision of [0, 1, 3]) {
      const answer = await client.topology.save.mutate({ id, baseRevision, clientId: "b", commands: [vpcEdit("vpc-00000002", "yours", "10.2.0.0/16")] });
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
            id, baseRevision: base, clientId: `tab${i}`, commands: [vpcEdit(`vpc-${base}000${i.toString().padStart(4, "0")}`, `v${base}-${i}`, `10.${base}.0.0/16`)],
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
});
