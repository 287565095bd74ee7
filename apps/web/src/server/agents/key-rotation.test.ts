import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rotateKey } from "../mint-sign-in";
import { controlSocketPath } from "../start-server";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

/** E-11 on a real server. */
describe("a new key of the server", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let topologyId: string;
  const url = () => `ws://127.0.0.1:${server.port}/agent`;
  const online = async () => (await client.host.overview.query()).hosts[0]?.online === true;
  const comesAgain = async () => {
    await until(() => agent.closeCode !== null);
    await agent.connect(url());
    await until(online);
  };
  const applied = async () => {
    const { generation } = await client.deployment.applyNewest.mutate({ id: topologyId });
    await until(() => agent.deployments.get(topologyId)?.generation === generation);
    return agent.jobs.at(-1);
  };

  beforeAll(async () => {
    server = await startTestServer(databaseKinds().at(-1) ?? "embedded");
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(url());
    await until(online);
    topologyId = (await client.topology.create.mutate({ name: "lab", template: "two-vpc" })).id;
  });
  afterAll(() => server.close());

  it("is followed by a connected host, and its jobs are of the next epoch", async () => {
    expect(await applied()).toMatchObject({ epoch: 1 });
    const before = agent.identity.jobKey;
    expect(await client.host.rotateKey.mutate()).toEqual({ version: 2 });
    await comesAgain();
    expect(agent.identity).toMatchObject({ keySet: 2 });
    expect(agent.identity.jobKey).not.toBe(before);
    expect(await applied()).toMatchObject({ epoch: 2 });
  });

  it("is followed step by step by a host that was away for several, and after a restart of the server", async () => {
    agent.cut();
    for (const version of [3, 4, 5]) expect(await rotateKey(controlSocketPath(server.dataDirectory))).toBe(version);
    await server.restart();
    client = await server.client();
    await agent.connect(url());
    await until(online);
    expect(agent.identity).toMatchObject({ keySet: 5 });
    expect(await applied()).toMatchObject({ epoch: 5 });
    expect((await client.host.overview.query()).serverKey.version).toBe(5);
  });

  it("stands in the activity log, with who has done it", async () => {
    const entries = await client.activity.list.query({ topology: null, limit: 50 });
    expect(entries.filter(({ action }) => action === "key-rotate").map(({ actor, text }) => `${actor}: ${text}`).reverse())
      .toEqual(["admin", "root", "root", "root"].map((actor, i) => `${actor}: Key that signs jobs replaced: key set ${i + 2}`));
  });
});
