import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { applyEdits } from "@vpclab/shared/topology/edit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf } from "../testing/wire-failure";

describe("a plan for what is not saved", () => {
  let server: TestServer;
  let client: TestClient;
  let agent: FakeAgent;
  const edited = applyEdits(EMPTY_TOPOLOGY, [vpcEdit("vpc-00000001", "prod", "10.9.0.0/16")]);
  const desired = edited.ok ? edited.value : EMPTY_TOPOLOGY;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
    agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
  });
  afterAll(() => server.close());

  it("is compared with what was applied last while the host is away", async () => {
    const plan = await client.deployment.preview.mutate({ name: "draft", desired });
    expect(plan.basis).toBe("last-applied");
    expect(plan.changes.map(({ kind, name }) => [kind, name])).toContainEqual(["create", "prod"]);
  });

  it("asks the host for a new name and for a known one, and writes nothing", async () => {
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    const { id } = await client.topology.create.mutate({ name: "known", template: "empty" });
    expect((await client.deployment.preview.mutate({ name: "draft", desired })).basis).toBe("observed");
    await client.deployment.preview.mutate({ name: "known", desired });
    await client.deployment.preview.mutate({ name: "known", desired: null });
    expect(agent.jobs.map((job) => job.kind === "plan" && [job.topologyName, job.topologyId === id, job.desired?.vpcs.length ?? null, job.actor.name]))
      .toEqual([["draft", false, 1, "admin"], ["known", true, 1, "admin"], ["known", true, null, "admin"]]);
    expect((await client.topology.list.query()).map(({ name, revision }) => [name, revision])).toEqual([["known", 1]]);
  });

  it("removing what is not there is refused", async () => {
    expect((await failureOf(client.deployment.preview.mutate({ name: "nobodys", desired: null }))).code).toBe("NOT_FOUND");
  });
});
