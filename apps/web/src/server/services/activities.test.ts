import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { ActivityFilter } from "@vpclab/shared/wire/api";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { failureOf } from "../testing/wire-failure";

describe.each(databaseKinds())("the activity log on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let id: string;
  let number = 0;
  const entry = (changes: Partial<ActivityEntry> = {}): ActivityEntry => ({
    id: `entry-${number++}`, at: 1_700_000_000_000, actor: "ann", action: "apply", topologyId: id, topologyName: "lab", revision: 2, text: "VPC “prod” added",
    outcome: "done", reason: null, seconds: 0.25, commands: ["ip netns add vpc1", "ip -n vpc1 link set lo up"], commandsLeftOut: 0, ...changes,
  });
  const tell = (changes: Partial<ActivityEntry> = {}) => agent.send({ type: "activity", entry: entry(changes) });
  const list = (more: { limit?: number; before?: string; only?: ActivityFilter } = {}) => client.activity.list.query({ topology: id, limit: 200, ...more });
  const texts = async (more = {}) => (await list(more)).map(({ text }) => text);
  const heard = (text: string) => until(async () => (await texts()).includes(text));

  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    ({ id } = await client.topology.create.mutate({ name: `log${number++}`, template: "empty" }));
  });

  it("keeps what a host has done: who, what, result, time and the commands, and tells the page at once", async () => {
    const live = record(client, id);
    await live.next("snapshot");
    tell({ outcome: "failed", reason: "File exists", commandsLeftOut: 3 });
    const { entry: shown } = await live.next("activity");
    const { commands: _, id: __, ...told } = entry({ outcome: "failed", reason: "File exists", commandsLeftOut: 3 });
    expect(shown).toEqual({ ...told, id: expect.any(String), commandCount: 2 });
    expect((await list())[0]).toEqual(shown);
    const whole = await client.activity.get.query({ entryId: shown.id });
    expect(whole.commands).toEqual(["ip netns add vpc1", "ip -n vpc1 link set lo up"]);
    live.stop();
  });

  it("an entry that is sent twice, as after a cut, is there once", async () => {
    tell({ id: `again-${id}`, text: "once" });
    tell({ id: `again-${id}`, text: "once" });
    tell({ text: "last" });
    await heard("last");
    expect(await texts()).toEqual(["last", "once", "Empty topology created"]);
  });

  it("is read page by page, newest first, and by what went wrong alone", async () => {
    for (let i = 0; i < 7; i++) tell({ text: `step ${i}`, outcome: i % 3 === 0 ? "refused" : "done" });
    await heard("step 6");
    const first = await list({ limit: 3 });
    expect(first.map(({ text }) => text)).toEqual(["step 6", "step 5", "step 4"]);
    expect(await texts({ limit: 3, before: first[2]?.id })).toEqual(["step 3", "step 2", "step 1"]);
    expect(await texts({ only: "trouble" })).toEqual(["step 6", "step 3", "step 0"]);
  });

  it("keeps the newest 1000 of a topology, tests counted apart", async () => {
    tell({ text: "a test", action: "probe" });
    for (let i = 0; i < 1010; i++) tell({ text: `${i}`, commands: [] });
    await heard("1009");
    let before: string | undefined;
    const all: string[] = [];
    for (let page = await list(); page.length > 0; page = await list({ before })) {
      all.push(...page.map(({ text }) => text));
      before = page.at(-1)?.id;
    }
    expect(all).toEqual([...Array.from({ length: 1000 }, (_, i) => `${1009 - i}`), "a test"]);
    expect(await texts({ only: "changes", limit: 2 })).toEqual(["1009", "1008"]);
  });

  it("what the server does by itself is in it: create, rename, copy, import", async () => {
    const name = `own${number++}`;
    await client.topology.rename.mutate({ id, name });
    expect((await list()).map(({ action, actor, outcome }) => [action, actor, outcome])).toEqual([["rename", "admin", "done"], ["create", "admin", "done"]]);
    const copy = await client.topology.duplicate.mutate({ id, name: `${name}-b` });
    const file = await client.topology.export.query({ id });
    const imported = await client.topology.import.mutate({ ...file, name: `${name}-c` });
    for (const [one, action] of [[copy, "duplicate"], [imported, "import"]] as const) {
      expect((await client.activity.list.query({ topology: one.id, limit: 9 })).map((found) => found.action)).toEqual([action]);
    }
  });

  it("an entry about the host as a whole is in the list of all, not in a topology's", async () => {
    tell({ topologyId: null, topologyName: null, revision: null, action: "purge", text: `purged ${id}` });
    await until(async () => (await client.activity.list.query({ topology: null, limit: 5 })).some(({ text }) => text === `purged ${id}`));
    expect(await texts()).toEqual(["Empty topology created"]);
  });

  it("a host is not heard about topologies that it does not hold, and cannot fill the disk", async () => {
    tell({ topologyId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", text: "not mine" });
    tell({ topologyId: "no uuid", text: "not mine" });
    tell({ text: "with \0 and ‮ and \u001b[2J", commands: ["x\0y"] });
    tell({ text: "long", commands: Array<string>(40).fill("y".repeat(20_000)), commandsLeftOut: 1 });
    await heard("long");
    const [long, odd] = await list();
    expect([long?.commandCount, long?.commandsLeftOut]).toEqual([13, 28]);
    expect(odd?.text).toBe("with · and · and ·[2J");
    expect((await client.activity.get.query({ entryId: odd?.id ?? "" })).commands).toEqual(["xy"]);
    expect((await client.activity.list.query({ topology: null, limit: 200 })).filter(({ text }) => text === "not mine")).toEqual([]);
  });

  it.each([
    ["no entry at all", { limit: 0 }, "limit"],
    ["more than a page", { limit: 201 }, "limit"],
    ["half an entry", { limit: 1.5 }, "limit"],
    ["after what is no id", { before: "1 OR 1=1" }, "before"],
    ["of a filter that there is not", { only: "mine" as ActivityFilter }, "only"],
  ])("asking for %s is refused with its field", async (_, input, field) => {
    const failure = await failureOf(list(input));
    expect([failure.code, failure.issues?.[0]?.path]).toEqual(["SCHEMA", [field]]);
  });

  it("goes with its topology", async () => {
    tell({ text: "mine" });
    await heard("mine");
    const entryId = (await list())[0]?.id ?? "";
    await client.topology.remove.mutate({ id });
    expect((await failureOf(client.activity.get.query({ entryId }))).code).toBe("NOT_FOUND");
    expect((await failureOf(list())).code).toBe("NOT_FOUND");
  });
});
