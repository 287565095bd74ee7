import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePublicKey, fingerprintOf } from "@vpclab/shared/wire/public-key";
import { enrol, enrolRequest, FakeAgent, newAgentKey, postEnrol } from "../testing/fake-agent";
import type { AgentIdentity } from "../testing/fake-agent";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

afterAll(({}, file) => console.info(badInputCount("K", file)));

const MINUTE_MS = 60_000;

/** Remote hosts on a real server: E-1, E-2, E-4, E-8, E-10, B-K1, B-K6, B-H9. */
describe("a host that is to join", () => {
  let server: TestServer;
  let client: TestClient;
  let nowMs = Date.now();
  const url = () => `ws://127.0.0.1:${server.port}/agent`;
  const hosts = async () => (await client.host.overview.query()).hosts;
  const host = async (name: string) => (await hosts()).find((one) => one.name === name);
  const mint = async (name: string) => (await client.host.mintToken.mutate({ name })).token;
  const joined = async (name: string): Promise<AgentIdentity> => enrol(server.origin, await mint(name), name);

  /** Approved and welcomed. */
  const connecting = async (name: string): Promise<FakeAgent> => {
    const agent = new FakeAgent(await joined(name));
    await client.host.approve.mutate({ id: agent.identity.agentId });
    await agent.connect(url());
    return agent;
  };
  const connected = async (name: string): Promise<FakeAgent> => {
    const agent = await connecting(name);
    await until(async () => (await host(name))?.online === true);
    return agent;
  };

  beforeAll(async () => {
    server = await startTestServer(databaseKinds().at(-1) ?? "embedded", { nowMs: () => nowMs });
    client = await server.client();
  });
  afterAll(() => server.close());

  it("joins by a token for its name, and stands there with the fingerprint that it shows itself", async () => {
    const { agentId, key } = await joined("lab2");
    const raw = decodePublicKey(key.publicKey);
    expect(await host("lab2")).toMatchObject({
      id: agentId, state: "pending", online: false, local: false, topologies: [], fingerprint: raw.ok ? fingerprintOf(raw.value) : "",
    });
    expect((await host("lab2"))?.fingerprint).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
    expect((await client.host.list.query()).some(({ name }) => name === "lab2")).toBe(false);
  });

  it("is one of a hundred at most that come with the same token at once", async () => {
    const token = await mint("crowd");
    const answers = await Promise.all(Array.from({ length: 100 }, () => postEnrol(server.origin, enrolRequest(token, newAgentKey(), { hostName: "crowd" }))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(99).fill(401)]);
    expect((await hosts()).filter(({ name }) => name.startsWith("crowd"))).toHaveLength(1);
  });

  it("is refused with another name, and the token is still good for the right one", async () => {
    const token = await mint("named");
    for (const hostName of ["other", "named2", "NAMED", ""]) expect((await postEnrol(server.origin, enrolRequest(token, newAgentKey(), { hostName }))).status, hostName).toBe(401);
    expect((await postEnrol(server.origin, enrolRequest(token, newAgentKey(), { hostName: "named" }))).status).toBe(200);
  });

  it("is let in for a quarter of an hour and not a second longer, and by the newest token of its name only", async () => {
    const late = await mint("late");
    nowMs += 15 * MINUTE_MS + 1000;
    expect((await postEnrol(server.origin, enrolRequest(late, newAgentKey(), { hostName: "late" }))).status).toBe(401);
    const inTime = await mint("late");
    nowMs += 15 * MINUTE_MS - 1000;
    const newest = await mint("late");
    expect((await postEnrol(server.origin, enrolRequest(inTime, newAgentKey(), { hostName: "late" }))).status).toBe(401);
    nowMs += 15 * MINUTE_MS - 1000;
    expect((await postEnrol(server.origin, enrolRequest(newest, newAgentKey(), { hostName: "late" }))).status).toBe(200);
  });

  it.each(["", "-rf", "two words", "a".repeat(64), "<b>x</b>", "../etc", "né"])("has no name like %j", async (name) => {
    await expect(client.host.mintToken.mutate({ name })).rejects.toMatchObject({ data: { code: "NAME_GRAMMAR" } });
  });

  it("has a name that no other host has", async () => {
    await expect(client.host.mintToken.mutate({ name: "lab2" })).rejects.toMatchObject({ data: { code: "NAME_TAKEN" } });
  });

  it("gets no connection and no job before somebody approves it", async () => {
    const agent = new FakeAgent(await joined("waiting"));
    const id = agent.identity.agentId;
    for (let times = 0; times < 5; times++) await expect(agent.connect(url())).rejects.toThrow("1008");
    const topology = await client.topology.create.mutate({ name: "waiting", template: "two-vpc" });
    await expect(client.host.choose.mutate({ id: topology.id, hostId: id })).rejects.toMatchObject({ data: { code: "CONFLICT" } });
    await client.deployment.applyNewest.mutate({ id: topology.id });
    await expect(agent.connect(url())).rejects.toThrow("1008");
    expect(agent.jobs).toEqual([]);
    await client.host.approve.mutate({ id });
    await agent.connect(url());
    await until(async () => (await host("waiting"))?.online === true);
    expect(await host("waiting")).toMatchObject({ state: "approved", kernel: "6.18.0", version: "0.1.0", mode: "sandbox" });
    agent.cut();
  });

  it("can be approved, rejected, revoked, unlocked and removed only where that means something", async () => {
    const verbs = ["approve", "reject", "revoke", "unlock", "remove"] as const;
    const tryAll = async (id: string, but: readonly string[]) => {
      for (const verb of verbs.filter((one) => !but.includes(one))) {
        await expect(client.host[verb].mutate({ id }), verb).rejects.toMatchObject({ data: { code: "CONFLICT" } });
      }
    };
    const { agentId: id } = await joined("states");
    await tryAll(id, ["approve", "reject"]);
    await client.host.approve.mutate({ id });
    await tryAll(id, ["revoke"]);
    await client.host.revoke.mutate({ id });
    await tryAll(id, ["remove"]);
    await client.host.remove.mutate({ id });
    for (const verb of verbs) await expect(client.host[verb].mutate({ id }), verb).rejects.toMatchObject({ data: { code: "NOT_FOUND" } });
    expect(await host("states")).toBeUndefined();
    const { agentId: other } = await joined("states");
    await client.host.reject.mutate({ id: other });
    expect(await host("states")).toBeUndefined();
  });

  it("that was rejected is nobody: it has no connection, and its token is used up", async () => {
    const token = await mint("gone");
    const identity = await enrol(server.origin, token, "gone");
    await client.host.reject.mutate({ id: identity.agentId });
    await expect(new FakeAgent(identity).connect(url())).rejects.toThrow("1008");
    expect((await postEnrol(server.origin, enrolRequest(token, newAgentKey(), { hostName: "gone" }))).status).toBe(401);
  });

  it("that is revoked is cut off within two seconds, a hundred times of a hundred, and every later hello is refused", async () => {
    const agents: FakeAgent[] = [];
    for (let number = 0; number < 100; number++) agents.push(await connecting(`cut${number}`));
    await until(async () => (await hosts()).filter(({ name, online }) => name.startsWith("cut") && online).length === 100);
    let slowestMs = 0;
    for (const agent of agents) {
      const from = performance.now();
      await client.host.revoke.mutate({ id: agent.identity.agentId });
      await until(() => agent.closeCode === 1008);
      slowestMs = Math.max(slowestMs, performance.now() - from);
      await expect(agent.connect(url())).rejects.toThrow("1008");
    }
    console.log(`revoked 100 hosts; the slowest connection ended after ${Math.round(slowestMs)} ms`);
    expect(slowestMs).toBeLessThan(2000);
  });

  it("that does not hang up by itself is cut off all the same", async () => {
    const agent = await connected("deaf");
    agent.stopReading();
    await client.host.revoke.mutate({ id: agent.identity.agentId });
    await until(async () => (await host("deaf"))?.online === false, 2000);
    agent.cut();
  });

  it("is where its topologies are until nothing of them stands there", async () => {
    const [one, two] = [await connected("one"), await connected("two")];
    const hostOf = async (name: string) => (await hosts()).filter(({ topologies }) => topologies.includes(name)).map((host) => host.name);
    const { id } = await client.topology.create.mutate({ name: "mover", template: "two-vpc" });
    const choose = (agent: FakeAgent) => client.host.choose.mutate({ id, hostId: agent.identity.agentId });
    await choose(one);
    expect(await hostOf("mover")).toEqual(["one"]);
    await client.deployment.applyNewest.mutate({ id });
    await until(() => one.deployments.get(id)?.state === "in-place");
    await expect(choose(two)).rejects.toMatchObject({ data: { code: "IN_USE" } });
    await client.deployment.teardown.mutate({ id });
    await until(async () => choose(two).then(() => true, () => false));
    expect(await hostOf("mover")).toEqual(["two"]);
    expect(two.jobs).toEqual([]);
    await client.deployment.applyNewest.mutate({ id });
    await until(() => two.deployments.get(id)?.state === "in-place");
    expect(one.deployments.get(id)?.state).toBe("empty");

    // A host that is lost holds nobody up: what stood there stands on the other one, or is renamed and deleted.
    const { id: given } = await client.topology.create.mutate({ name: "given-up", template: "two-vpc" });
    await client.host.choose.mutate({ id: given, hostId: two.identity.agentId });
    await client.deployment.applyNewest.mutate({ id: given });
    await until(() => two.deployments.get(given)?.state === "in-place");
    await expect(client.topology.remove.mutate({ id: given })).rejects.toMatchObject({ data: { code: "IN_USE" } });
    await client.host.revoke.mutate({ id: two.identity.agentId });
    await expect(client.host.remove.mutate({ id: two.identity.agentId })).rejects.toMatchObject({ data: { code: "IN_USE" } });
    await client.topology.rename.mutate({ id: given, name: "given-up2" });
    await client.topology.remove.mutate({ id: given });
    await choose(one);
    await until(() => one.deployments.get(id)?.state === "in-place");
    await client.host.remove.mutate({ id: two.identity.agentId });
    one.cut();
  });
});

/** E-8 where the pending host is the only one, so that everything that is applied is meant for it. */
describe("the only host, while it waits for its approval", () => {
  const ROUNDS = 60;
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(databaseKinds().at(-1) ?? "embedded");
  });
  afterAll(() => server.close());

  it("hears a challenge and nothing else, however often it comes and whatever is asked for meanwhile, and gets its job after the click", async () => {
    const client = await server.client();
    const url = `ws://127.0.0.1:${server.port}/agent`;
    const agent = new FakeAgent(await enrol(server.origin, (await client.host.mintToken.mutate({ name: "only" })).token, "only"));
    const { id } = await client.topology.create.mutate({ name: "wanted", template: "two-vpc" });
    let applies = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const coming = agent.connect(url).then(() => "let in", ({ message }: Error) => message);
      const asked = client.deployment.applyNewest.mutate({ id }).then(() => (applies += 1));
      expect(await coming).toBe("refused with 1008");
      await asked;
    }
    expect([applies, agent.frames]).toEqual([ROUNDS, Array<string>(ROUNDS).fill("challenge")]);
    await client.host.approve.mutate({ id: agent.identity.agentId });
    await agent.connect(url);
    await until(() => agent.deployments.get(id)?.state === "in-place");
    expect(agent.frames).toContain("job");
  });
});
