import { applyEdit } from "@vpclab/shared/topology/edit";
import { restoreEdit } from "@vpclab/shared/topology/restore-edit";
import { REVISIONS_KEPT } from "@vpclab/shared/wire/api";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf } from "../testing/wire-failure";

describe.each(databaseKinds())("revisions on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  let id: string;
  let number = 0;
  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    ({ id } = await client.topology.create.mutate({ name: `lab${number++}`, template: "two-vpc" }));
  });

  const rename = async (name: string) => {
    const { revision, document } = await client.topology.get.query({ id });
    const command = { op: "update", kind: "vpc", id: document.vpcs.find((vpc) => vpc.name !== "vpc2")?.id ?? "", set: { name } } as const;
    return client.topology.save.mutate({ id, baseRevision: revision, clientId: "t", commands: [command] });
  };

  it("tell who made them and what they changed, in pages", async () => {
    await rename("shop");
    await rename("store");
    const all = await client.topology.revisions.query({ id });
    expect(all).toMatchObject([
      { revision: 3, author: "admin", summary: "VPC “store”: name shop → store", applied: false },
      { revision: 2, summary: "VPC “shop”: name vpc1 → shop" }, { revision: 1, summary: "created" },
    ]);
    expect((await client.topology.revisions.query({ id, limit: 1 })).map(({ revision }) => revision)).toEqual([3]);
    expect((await client.topology.revisions.query({ id, before: 3, limit: 1 })).map(({ revision }) => revision)).toEqual([2]);
    expect(await client.topology.revisions.query({ id, before: 1 })).toEqual([]);
  });

  it("say which of them a host has brought about", async () => {
    const agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    agent.onJob = (job) => agent.carryOut(job);
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    const live = record(client, id);
    await rename("shop");
    await client.deployment.applyNewest.mutate({ id });
    await live.next("deployment", ({ deployment }) => deployment.state === "in-place" && deployment.revision === 2);
    await rename("store");
    expect((await client.topology.revisions.query({ id })).map(({ revision, applied }) => [revision, applied])).toEqual([[3, false], [2, true], [1, false]]);
    live.stop();
    agent.cut();
  });

  it("show their boxes where they stood, also of what was deleted since", async () => {
    const { document } = await client.topology.get.query({ id });
    const [gone, moved] = document.vpcs.map((vpc) => vpc.id) as [string, string];
    await client.topology.saveLayout.mutate({ id, clientId: "t", patch: { [gone]: { x: 10, y: 20 }, [moved]: { x: 30, y: 40 } } });
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "t", commands: [{ op: "delete", id: gone }] });
    await client.topology.saveLayout.mutate({ id, clientId: "t", patch: { [gone]: null, [moved]: { x: 500, y: 40 } } });
    expect((await client.topology.revision.query({ id, revision: 1 })).layout).toMatchObject({ [gone]: { x: 10, y: 20 }, [moved]: { x: 30, y: 40 } });
    expect((await client.topology.revision.query({ id, revision: 2 })).layout).toEqual({ [moved]: { x: 500, y: 40 } });
  });

  it("are restored as a new one, with the ids they had", async () => {
    const earlier = await client.topology.get.query({ id });
    await client.topology.save.mutate({ id, baseRevision: 1, clientId: "t", commands: [vpcEdit("vpc-0000000a", "third", "10.9.0.0/16"), { op: "delete", id: earlier.document.vpcs[0]?.id ?? "" }] });
    const current = await client.topology.get.query({ id });
    const command = restoreEdit(current.document, (await client.topology.revision.query({ id, revision: 1 })).document);
    expect(command && applyEdit(current.document, command).ok).toBe(true);
    expect(await client.topology.save.mutate({ id, baseRevision: 2, clientId: "t", commands: command ? [command] : [] })).toEqual({ saved: true, revision: 3 });
    expect((await client.topology.get.query({ id })).document).toEqual(earlier.document);
  });

  it("that are older than the newest ones go, but for what was applied", async () => {
    await client.deployment.applyNewest.mutate({ id });
    const { document } = await client.topology.get.query({ id });
    const set = (n: number) => ({ op: "update", kind: "vpc", id: document.vpcs[0]?.id ?? "", set: { name: `v${n}` } }) as const;
    for (let n = 1; n <= REVISIONS_KEPT + 2; n++) await client.topology.save.mutate({ id, baseRevision: n, clientId: "t", commands: [set(n)] });
    const oldest = await client.topology.revisions.query({ id, before: 6 });
    expect(oldest.map(({ revision }) => revision)).toEqual([5, 4, 1]);
    expect(await failureOf(client.topology.revision.query({ id, revision: 3 }))).toMatchObject({ code: "NOT_FOUND" });
    expect((await client.topology.revision.query({ id, revision: 1 })).document).toEqual(document);
  });
});
