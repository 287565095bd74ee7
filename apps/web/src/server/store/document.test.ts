import { parseTopology } from "@vpclab/shared/topology/validate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { databaseKinds, testStorage, withTables } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { ensureAdmin } from "./user-store";

/** As servers of before wrote it. */
const OLD = {
  schemaVersion: 1,
  settings: { addressing: "lab" },
  vpcs: [{ id: "vpc-00000001", name: "vpc1", cidr: "10.0.0.0/16" }, { id: "vpc-00000002", name: "vpc2", cidr: "172.16.0.0/16" }],
  subnets: [
    { id: "subnet-00000001", vpcId: "vpc-00000001", name: "public", cidr: "10.0.1.0/24", type: "public" },
    { id: "subnet-00000002", vpcId: "vpc-00000002", name: "private", cidr: "172.16.1.0/24", type: "private" },
  ],
  instances: [
    { id: "i-00000001", subnetId: "subnet-00000001", name: "main", address: "10.0.1.2", webServer: { port: 8080 } },
    { id: "i-00000002", subnetId: "subnet-00000002", name: "main", address: "172.16.1.2", webServer: null },
  ],
  internetGateways: [{ id: "igw-00000001", vpcId: "vpc-00000001", name: "vpc1-igw" }],
  peerings: [{ id: "pcx-00000001", name: "vpc1-vpc2", requesterVpcId: "vpc-00000001", accepterVpcId: "vpc-00000002" }],
};

describe.each(databaseKinds())("documents of an earlier schema on %s", (kind) => {
  let storage: TestStorage;
  let server: TestServer;
  let client: TestClient;
  let id: string;
  beforeAll(async () => {
    storage = await testStorage(kind);
    id = await withTables(storage, async (tables) => {
      const { id: userId } = await ensureAdmin(tables);
      const topology = await tables.topology.create({
        data: {
          name: "old", ownerId: userId, revision: 2, document: OLD, layout: { "vpc-00000001": { x: 1, y: 2 } }, generation: 1, updatedAt: new Date(),
          deployment: { state: "in-place", revision: 1, generation: 1, objects: { "vpc-00000001": { state: "in-place" } } },
        },
      });
      for (const revision of [1, 2]) await tables.revision.create({ data: { topologyId: topology.id, revision, document: OLD, authorId: userId } });
      await tables.job.create({ data: { topologyId: topology.id, generation: 1, revision: 1, kind: "apply", actorId: userId } });
      return topology.id;
    });
    server = await startTestServer(kind, { storage });
    client = await server.client();
  });
  afterAll(() => server.close());

  it("are shown in today's form, the same each time, and its earlier revisions too", async () => {
    const { document, layout } = await client.topology.get.query({ id });
    expect(parseTopology(document)).toEqual({ ok: true, value: document });
    expect([document.schemaVersion, document.vpcs.map((vpc) => vpc.id), layout]).toEqual([3, ["vpc-00000001", "vpc-00000002"], { "vpc-00000001": { x: 1, y: 2 } }]);
    expect((await client.topology.get.query({ id })).document).toEqual(document);
    expect((await client.topology.revision.query({ id, revision: 1 })).document).toEqual(document);
    expect((await client.topology.import.mutate({ name: "imported", document: OLD })).document.routeTables).toHaveLength(document.routeTables.length);
  });

  it("are planned and sent to the host in today's form", async () => {
    expect((await client.deployment.plan.query({ id })).basis).toBe("last-applied");
    const agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    await until(() => agent.deployments.get(id)?.state === "in-place");
    const { document } = await client.topology.revision.query({ id, revision: 1 });
    expect(agent.jobs[0]).toMatchObject({ kind: "apply", revision: 1, desired: document });
    await until(async () => (await client.topology.list.query()).find((one) => one.id === id)?.deployment.state === "in-place");
    agent.cut();
  });

  it("are written in today's form by the next save; earlier revisions stay as they were", async () => {
    const saved = await client.topology.save.mutate({ id, baseRevision: 2, clientId: "t", commands: [{ op: "update", kind: "vpc", id: "vpc-00000001", set: { name: "renamed" } }] });
    expect(saved).toEqual({ saved: true, revision: 3 });
    const { document } = await client.topology.get.query({ id });
    await server.running.close();
    const written = await withTables(storage, (tables) => tables.revision.findMany({ where: { topologyId: id }, orderBy: { revision: "asc" } }));
    expect(written.map((row) => row.document)).toEqual([OLD, OLD, document]);
    expect(document.vpcs.map(({ name }) => name)).toEqual(["renamed", "vpc2"]);
  });
});
