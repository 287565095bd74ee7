import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

const LOAD = { averages: [0.5, 1.25, 2] as [number, number, number], cores: 2, memoryBytes: 8e9, memoryAvailableBytes: 3e9 };
const CHECKS = [{ name: "nft", ok: false, found: "not found", advice: "Install it: apt-get install nftables" }];

describe("what a host tells of itself", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  const connect = () => agent.connect(`ws://127.0.0.1:${server.port}/agent`);
  const host = async () => (await client.host.overview.query()).hosts[0];
  const offline = async () => {
    agent.cut();
    await until(async () => (await host())?.online === false);
  };
  beforeAll(async () => {
    server = await startTestServer("embedded");
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  });
  afterAll(() => server.close());

  it("is shown to administrators: its load while it is there, what it has also while it is away", async () => {
    await connect();
    expect(await host()).toMatchObject({ load: null, checks: null, deployments: [] });
    agent.send({ type: "load", load: LOAD });
    agent.send({ type: "checks", at: 5, checks: CHECKS });
    await until(async () => (await host())?.checks !== null);
    expect(await host()).toMatchObject({ load: LOAD, checks: { at: 5, checks: CHECKS } });
    await offline();
    expect(await host()).toMatchObject({ load: null, checks: { at: 5, checks: CHECKS } });
  });

  it.each([
    ["more rows than there are things to check", { type: "checks", at: 1, checks: Array.from({ length: 65 }, () => CHECKS[0]) }],
    ["a novel", { type: "checks", at: 1, checks: [{ ...CHECKS[0], found: "x".repeat(2001) }] }],
    ["no processors", { type: "load", load: { ...LOAD, cores: 0 } }],
    ["less than nothing", { type: "load", load: { ...LOAD, memoryBytes: -1 } }],
    ["four averages", { type: "load", load: { ...LOAD, averages: [0, 0, 0, 0] } }],
  ])("ends the connection when it is %s", async (_, frame) => {
    await connect();
    agent.sendFrame(frame);
    await until(() => agent.closeCode !== null);
    expect([agent.closeCode, agent.closeReason]).toEqual([1008, "SCHEMA"]);
    expect((await host())?.checks?.checks).toEqual(CHECKS);
    await offline();
  });

  it("is asked for anew by a signed job, and shown; not while it is away", async () => {
    const { id } = (await host())!;
    await expect(client.host.check.mutate({ id })).rejects.toMatchObject({ data: { code: "HOST_OFFLINE" } });
    await connect();
    expect(await client.host.check.mutate({ id })).toMatchObject({ checks: [{ name: "nft", ok: true }] });
    expect(agent.jobs.at(-1)).toMatchObject({ kind: "checks", actor: { role: "admin" } });
    expect((await host())?.checks?.checks).toMatchObject([{ name: "nft", ok: true }]);
    agent.onJob = () => undefined;
    await expect(client.host.check.mutate({ id })).rejects.toMatchObject({ data: { code: "AGENT_TIMEOUT" } });
    agent.onJob = (job) => agent.carryOut(job);
    await offline();
  });

  it("lists each topology on it with what is in place, what was applied when, and what waits", async () => {
    await connect();
    const { id } = await client.topology.create.mutate({ name: "board", template: "two-vpc" });
    const topology = async () => (await host())?.deployments.find((one) => one.id === id);
    await until(async () => (await topology()) !== undefined);
    expect(await topology()).toEqual({ id, name: "board", state: null, applied: 0, revision: 1, appliedAt: null, waiting: false, returned: false });
    await client.deployment.applyNewest.mutate({ id });
    await until(async () => (await topology())?.state === "in-place");
    expect(await topology()).toMatchObject({ applied: 1, waiting: false, appliedAt: expect.any(Number) });
    await offline();
    await client.deployment.applyNewest.mutate({ id });
    expect(await topology()).toMatchObject({ applied: 1, waiting: true, appliedAt: expect.any(Number) });
  });
});
