import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { failureOf } from "../testing/wire-failure";

describe("hits of rules", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  let lab: Awaited<ReturnType<TestClient["topology"]["create"]["mutate"]>>;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    lab = await client.topology.create.mutate({ name: "lab", template: "two-vpc" });
  });
  afterAll(() => server.close());

  it("are not there while the host is away", async () => {
    const [group] = lab.document.securityGroups;
    expect((await failureOf(client.rule.hits.query({ id: lab.id, objectId: group!.id }))).code).toBe("HOST_OFFLINE");
  });

  it("are asked of the host by a job, once for all who look at the same time", async () => {
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    const [group] = lab.document.securityGroups;
    const rule = group!.rules[0]!.id;
    agent.ruleHits = { [rule]: { packets: 12, bytes: 900 } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.rule.hits.query({ id: lab.id, objectId: group!.id })));
    for (const answer of answers) expect(answer.rules).toEqual({ [rule]: { packets: 12, bytes: 900 } });
    const asked = agent.jobs.filter(({ kind }) => kind === "rule-hits");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThan(20);
    expect(asked[0]).toMatchObject({ topologyId: lab.id, objectId: group!.id, actor: { name: "admin" } });
  });

  it("of what is not drawn are refused before the host hears of it", async () => {
    const before = agent.jobs.length;
    expect((await failureOf(client.rule.hits.query({ id: lab.id, objectId: "sg-0123456789ab" }))).code).toBe("NOT_FOUND");
    expect(agent.jobs.length).toBe(before);
  });
});
