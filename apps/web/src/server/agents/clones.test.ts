import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

/** E-9, E-15, B-K8, B-H10: a copied or an old state directory, on a real server. */
describe("an agent's state that exists twice", () => {
  let server: TestServer;
  let client: TestClient;
  let original: FakeAgent;
  const url = () => `ws://127.0.0.1:${server.port}/agent`;
  const host = async () => (await client.host.overview.query()).hosts[0]!;
  const online = async () => (await host()).online;
  const connect = async (agent: FakeAgent) => {
    await agent.connect(url());
    await until(online);
  };
  const copyOf = (agent: FakeAgent) => new FakeAgent({ ...agent.identity });

  beforeAll(async () => {
    server = await startTestServer(databaseKinds().at(-1) ?? "embedded");
    client = await server.client();
    original = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await connect(original);
  });
  afterAll(() => server.close());

  const unlocked = async () => {
    if ((await host()).state === "locked") await client.host.unlock.mutate({ id: original.identity.agentId });
    original.cut();
    await until(async () => !(await online()));
    await connect(original);
  };

  it("is taken for the same agent while only one of the two has gone on", async () => {
    const again = new FakeAgent(original.identity);
    await connect(again);
    await until(() => original.closeCode === 1008);
    await connect(original);
    expect((await host()).state).toBe("approved");
  });

  it("locks both at the latest when the original comes back, with an alarm, and neither gets a job until an administrator unlocks it", async () => {
    const copy = copyOf(original);
    await connect(copy);
    await until(() => original.closeCode !== null);
    await expect(original.connect(url())).rejects.toThrow("1008");
    await until(() => copy.closeCode === 1008);
    expect(await host()).toMatchObject({ state: "locked", online: false, lockReason: expect.stringMatching(/copy of its state directory/) as string });

    const jobs = [original.jobs.length, copy.jobs.length];
    const { id } = await client.topology.create.mutate({ name: "locked-out", template: "two-vpc" });
    await client.deployment.applyNewest.mutate({ id });
    await expect(original.connect(url())).rejects.toThrow("1008");
    await expect(copy.connect(url())).rejects.toThrow("1008");
    expect([original.jobs.length, copy.jobs.length]).toEqual(jobs);

    await unlocked();
    await until(() => original.jobs.length > jobs[0]!);
    // The copy still runs: as soon as it comes, both are locked again.
    await expect(copy.connect(url())).rejects.toThrow("1008");
    expect((await host()).state).toBe("locked");
  });

  it("survives the lock on both sides: after the click the same agent goes on without a new enrolment, also over a restart of the server", async () => {
    await client.host.unlock.mutate({ id: original.identity.agentId });
    await server.restart();
    client = await server.client();
    await connect(original);
    original.cut();
    await until(async () => !(await online()));
    await connect(original);
    expect((await host()).state).toBe("approved");
  });

  it("from a backup needs an administrator's click, and no more than that", async () => {
    const backup = { ...original.identity };
    for (let times = 0; times < 3; times++) await connect(original);
    original.cut();
    const restored = new FakeAgent(backup);
    await expect(restored.connect(url())).rejects.toThrow("1008");
    expect((await host()).state).toBe("locked");
    await client.host.unlock.mutate({ id: original.identity.agentId });
    await connect(restored);
    original = restored;
  });

  it("is not suspected when the agent is killed between the welcome and its own disk, or between its disk and its first word", async () => {
    const { identity } = original;
    for (const keeps of [false, true]) {
      for (let times = 0; times < 3; times++) {
        const before = identity.joinSeq;
        await new FakeAgent(identity).welcomed(url());
        expect(identity.joinSeq).toBeGreaterThan(before ?? 0);
        if (!keeps) identity.joinSeq = before;
      }
      await connect(original);
    }
    expect((await host()).state).toBe("approved");
  });

  it("gets no job before the agent's first word", async () => {
    original.cut();
    await until(async () => !(await online()));
    const silent = copyOf(original);
    const { id } = await client.topology.create.mutate({ name: "silent", template: "two-vpc" });
    const seen = silent.jobs.length;
    await silent.welcomed(url(), { stay: true });
    await client.deployment.applyNewest.mutate({ id });
    expect(await online()).toBe(false);
    await until(() => silent.closeCode !== null);
    expect(silent.jobs.length).toBe(seen);
    await connect(original);
  });
});
