import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Peering } from "@vpclab/shared/topology/topology";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { enrol, FakeAgent } from "../testing/fake-agent";
import { record } from "../testing/live-recorder";
import { databaseKinds } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf, issuesOf } from "../testing/wire-failure";

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const A = { vpcId: "vpc-0000000a", tables: ["rtb-0000000a", "rtb-000000a2"] };
const B = { vpcId: "vpc-0000000b", tables: ["rtb-0000000b"] };

describe.each(databaseKinds())("peering between topologies on %s", (kind) => {
  let server: TestServer;
  let client: TestClient;
  /** The requester's topology with VPC `a` 10.1.0.0/16, the accepter's with `b` 10.2.0.0/16. */
  let a: string;
  let b: string;
  let number = 0;

  beforeAll(async () => {
    server = await startTestServer(kind);
    client = await server.client();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    number += 1;
    a = (await client.topology.create.mutate({ name: `a${number}`, template: "empty" })).id;
    b = (await client.topology.create.mutate({ name: `b${number}`, template: "empty" })).id;
    await save(a, vpcEdit(A.vpcId, "va", "10.1.0.0/16"), { op: "create", kind: "route-table", object: { id: "rtb-000000a2", vpcId: A.vpcId, name: "second", routes: [] } });
    await save(b, vpcEdit(B.vpcId, "vb", "10.2.0.0/16"));
  });

  const get = (id: string) => client.topology.get.query({ id });
  const documentOf = async (id: string) => (await get(id)).document;
  const peeringsOf = async (id: string) => (await documentOf(id)).peerings;
  const statuses = async () => [await peeringsOf(a), await peeringsOf(b)].map((peerings) => peerings.map(({ status }) => status));
  const routesOf = async (id: string) => (await documentOf(id)).routeTables.flatMap((table) => table.routes.map((route) => [table.id, route.destination, route.target.kind, route.target.id]));
  async function save(id: string, ...commands: EditCommand[]) {
    const { revision } = await get(id);
    return client.topology.save.mutate({ id, baseRevision: revision, clientId: "tab", commands });
  }
  const request = (change: Partial<Parameters<TestClient["peering"]["request"]["mutate"]>[0]> = {}) =>
    client.peering.request.mutate({ id: a, vpcId: A.vpcId, peerTopologyId: b, peerVpcId: B.vpcId, ...change });
  const answer = (peeringId: string, accept: boolean, id = b) => client.peering.answer.mutate({ id, peeringId, accept });
  async function active(): Promise<string> {
    const { peeringId } = await request();
    await answer(peeringId, true);
    return peeringId;
  }
  /** Both documents and revisions, to see that nothing was written. */
  const stored = async () => [await get(a), await get(b)];

  it("a request stands in both documents, each seen from its side, and both pages hear of it", async () => {
    const [liveA, liveB] = [record(client, a), record(client, b)];
    await Promise.all([liveA.next("snapshot"), liveB.next("snapshot")]);
    const { peeringId, revision } = await request();
    expect([revision, (await get(b)).revision]).toEqual([3, 3]);
    const common = { id: peeringId, name: "va-vb", requesterVpcId: A.vpcId, accepterVpcId: B.vpcId, status: "pending-acceptance" };
    expect(await peeringsOf(a)).toEqual([{ ...common, remote: { side: "accepter", topologyId: b, topologyName: `b${number}`, vpcName: "vb", cidr: "10.2.0.0/16" } }]);
    expect(await peeringsOf(b)).toEqual([{ ...common, remote: { side: "requester", topologyId: a, topologyName: `a${number}`, vpcName: "va", cidr: "10.1.0.0/16" } }]);
    for (const live of [liveA, liveB]) {
      expect(await live.next("revision")).toMatchObject({ revision: 3, author: "admin", clientId: null });
      live.stop();
    }
    expect([await routesOf(a), await routesOf(b)]).toEqual([[], []]);
  });

  it("offers VPCs of other topologies that do not overlap and are not peered yet", async () => {
    await save(b, vpcEdit("vpc-000000b2", "same", "10.1.0.0/16"), vpcEdit("vpc-000000b3", "inside", "10.1.8.0/24"));
    const offered = async () => (await client.peering.candidates.query({ id: a, vpcId: A.vpcId })).find(({ topologyId }) => topologyId === b);
    expect(await offered()).toEqual({ topologyId: b, topologyName: `b${number}`, vpcs: [{ id: B.vpcId, name: "vb", cidr: "10.2.0.0/16" }] });
    expect((await client.peering.candidates.query({ id: a, vpcId: A.vpcId })).map(({ topologyId }) => topologyId)).not.toContain(a);
    await request();
    expect(await offered()).toBeUndefined();
  });

  it.each<[string, () => Parameters<typeof request>[0], string]>([
    ["its own topology", () => ({ peerTopologyId: a, peerVpcId: A.vpcId }), "PEER_SELF peerTopologyId"],
    ["a topology that is not there", () => ({ peerTopologyId: A_UUID }), "NOT_FOUND"],
    ["from a topology that is not there", () => ({ id: A_UUID }), "NOT_FOUND"],
    ["from a VPC that is not there", () => ({ vpcId: "vpc-0000dead" }), "REF_UNKNOWN vpcId"],
    ["from a VPC of the other topology", () => ({ vpcId: B.vpcId }), "REF_UNKNOWN vpcId"],
    ["a VPC that is not there", () => ({ peerVpcId: "vpc-0000dead" }), "REF_UNKNOWN peerVpcId"],
    ["a VPC of its own under the other topology's id", () => ({ peerVpcId: A.vpcId }), "REF_UNKNOWN peerVpcId"],
    ["a VPC of the same range", () => ({ peerVpcId: "vpc-000000b2" }), "PEER_OVERLAP peerVpcId"],
    ["a VPC inside its range", () => ({ peerVpcId: "vpc-000000b3" }), "PEER_OVERLAP peerVpcId"],
    ["a VPC that has the id of its own", () => ({ vpcId: "vpc-000000b4", peerVpcId: A.vpcId }), "ID_DUPLICATE vpcId"],
    ["an operator in place of an id", () => ({ peerVpcId: { not: "" } as unknown as string }), "SCHEMA peerVpcId"],
  ])("refuses a request for %s", async (_, change, expected) => {
    if (expected.startsWith("ID_DUPLICATE")) {
      await save(a, vpcEdit("vpc-000000b4", "more", "10.4.0.0/16"));
      await save(b, vpcEdit(A.vpcId, "copy", "10.5.0.0/16"));
    }
    await save(b, vpcEdit("vpc-000000b2", "same", "10.1.0.0/16"), vpcEdit("vpc-000000b3", "inside", "10.1.8.0/24"));
    const before = await stored();
    const failure = await failureOf(request(change()));
    expect([failure.code, ...issuesOf(failure)].join(" ")).toContain(expected);
    expect(await stored()).toEqual(before);
  });

  it("of many requests for one pair exactly one is written, from whichever side", async () => {
    const back = () => client.peering.request.mutate({ id: b, vpcId: B.vpcId, peerTopologyId: a, peerVpcId: A.vpcId });
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? request() : back())));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.flatMap((one) => (one.status === "rejected" ? [(one.reason as { data: { code: string } }).data.code] : []))).toEqual(Array(11).fill("PEER_DUPLICATE"));
    expect(await statuses()).toEqual([["pending-acceptance"], ["pending-acceptance"]]);
  });

  it("acceptance makes it active on both sides, with routes in every table of both VPCs that has none there", async () => {
    await save(a, { op: "update", kind: "route-table", id: "rtb-000000a2", set: { routes: [{ destination: "10.2.0.0/16", target: { kind: "gone", id: "igw-00000001" } }] } });
    const { peeringId } = await request();
    const live = record(client, a);
    await live.next("snapshot");
    expect(await answer(peeringId, true)).toEqual({ peeringId, revision: 4 });
    expect(await live.next("revision")).toMatchObject({ revision: 5 });
    live.stop();
    expect(await statuses()).toEqual([["active"], ["active"]]);
    expect(await routesOf(a)).toEqual([
      ["rtb-0000000a", "10.2.0.0/16", "peering", peeringId],
      ["rtb-000000a2", "10.2.0.0/16", "gone", "igw-00000001"],
    ]);
    expect(await routesOf(b)).toEqual([["rtb-0000000b", "10.1.0.0/16", "peering", peeringId]]);
  });

  it("a rejection stands on both sides without routes, and another request may follow", async () => {
    const { peeringId } = await request();
    await answer(peeringId, false);
    expect(await statuses()).toEqual([["rejected"], ["rejected"]]);
    expect([await routesOf(a), await routesOf(b)]).toEqual([[], []]);
    const second = await request();
    await answer(second.peeringId, true);
    expect((await statuses()).map((side) => [...side].sort())).toEqual([["active", "rejected"], ["active", "rejected"]]);
  });

  it("only the side that was asked answers, and only once", async () => {
    const { peeringId } = await request();
    const before = await stored();
    expect(issuesOf(await failureOf(answer(peeringId, true, a)))).toEqual(["FORBIDDEN peeringId"]);
    expect(issuesOf(await failureOf(answer("pcx-0000dead", true)))).toEqual(["REF_UNKNOWN peeringId"]);
    expect((await failureOf(answer(peeringId, true, A_UUID))).code).toBe("NOT_FOUND");
    expect(await stored()).toEqual(before);
    const outcomes = await Promise.allSettled([true, false, true, false].map((accept) => answer(peeringId, accept)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(issuesOf(await failureOf(answer(peeringId, true)))).toEqual(["CONFLICT peeringId"]);
  });

  it.each<[string, () => Promise<unknown>, "a" | "b"]>([
    ["its requester deletes it", async () => save(a, { op: "delete", id: (await peeringsOf(a))[0]?.id ?? "" }), "b"],
    ["its accepter deletes it", async () => save(b, { op: "delete", id: (await peeringsOf(b))[0]?.id ?? "" }), "a"],
    ["its requester sets it to deleted", async () => save(a, { op: "update", kind: "peering", id: (await peeringsOf(a))[0]?.id ?? "", set: { status: "deleted" } }), "b"],
    ["a VPC goes that it leads to", async () => save(b, { op: "delete", id: B.vpcId }), "a"],
    ["a topology goes that it leads to", async () => client.topology.remove.mutate({ id: b }), "a"],
  ])("is deleted for the other side too when %s", async (_, remove, side) => {
    const peeringId = await active();
    const other = side === "a" ? a : b;
    const live = record(client, other);
    await live.next("snapshot");
    const { revision } = await get(other);
    await remove();
    expect(await live.next("revision")).toMatchObject({ revision: revision + 1, clientId: null });
    live.stop();
    expect((await peeringsOf(other)).map(({ id, status }) => [id, status])).toEqual([[peeringId, "deleted"]]);
    expect((await routesOf(other)).map(([, , targetKind, id]) => [targetKind, id])).toContainEqual(["peering", peeringId]);
    await save(other, { op: "delete", id: peeringId });
    expect(await peeringsOf(other)).toEqual([]);
    expect((await routesOf(other)).map(([, , targetKind]) => targetKind)).not.toContain("peering");
  });

  it("routes to a peering that is no more lead to the next one once that is accepted", async () => {
    const first = await active();
    await save(b, { op: "delete", id: first });
    const second = await active();
    expect((await routesOf(b)).map(([, , targetKind, id]) => [targetKind, id])).toEqual([["peering", second]]);
    expect((await routesOf(a)).map(([, , targetKind, id]) => [targetKind, id])).toEqual([["peering", second], ["peering", second]]);
  });

  it("both sides may delete it in the same moment, again and again", async () => {
    for (let round = 0; round < 5; round++) {
      const peeringId = await active();
      const deletions = await Promise.all([a, b].map((id) => save(id, { op: "delete", id: peeringId })));
      // Whoever came second has a stale base and is told so; the peering is gone or deleted on both sides.
      expect(deletions.some(({ saved }) => saved)).toBe(true);
      for (const id of [a, b]) {
        const left = (await peeringsOf(id)).filter((peering) => peering.id === peeringId);
        expect(left.every(({ status }) => status === "deleted")).toBe(true);
        if (left.length > 0) await save(id, { op: "delete", id: peeringId });
      }
    }
  });

  it("a stale save deletes it on no side", async () => {
    const peeringId = await active();
    const before = await stored();
    const saved = await client.topology.save.mutate({ id: a, baseRevision: 1, clientId: "t", commands: [{ op: "delete", id: peeringId }] });
    expect(saved.saved).toBe(false);
    expect(await stored()).toEqual(before);
  });

  it("new names of topology and VPC reach the other side", async () => {
    await active();
    await client.topology.rename.mutate({ id: a, name: `renamed${number}` });
    await save(a, { op: "update", kind: "vpc", id: A.vpcId, set: { name: "other" } });
    expect((await peeringsOf(b))[0]?.remote).toMatchObject({ topologyId: a, topologyName: `renamed${number}`, vpcName: "other", cidr: "10.1.0.0/16" });
    expect((await peeringsOf(b))[0]?.status).toBe("active");
  });

  it("a save forges no peering with another topology, and changes none but to delete it", async () => {
    const { peeringId } = await request();
    const remote = { side: "accepter", topologyId: b, topologyName: "b", vpcName: "vb", cidr: "10.3.0.0/16" } as const;
    const forged: Peering = { id: "pcx-00000001", name: "forged", requesterVpcId: A.vpcId, accepterVpcId: "vpc-0000000c", status: "active", remote };
    const status = (value: Peering["status"]): EditCommand => ({ op: "update", kind: "peering", id: peeringId, set: { status: value } });
    const before = await stored();
    const refused: [string, EditCommand[], string][] = [
      ["made", [{ op: "create", kind: "peering", object: forged }], "FORBIDDEN peerings.0.remote"],
      ["made within a batch", [{ op: "batch", commands: [{ op: "create", kind: "peering", object: forged }] }], "FORBIDDEN peerings.0.remote"],
      ["accepted by the requester", [status("active")], "FORBIDDEN peerings.0.status"],
      ["rejected by the requester", [status("rejected")], "FORBIDDEN peerings.0.status"],
      ["deleted and made again as active", [{ op: "delete", id: peeringId }, { op: "create", kind: "peering", object: { ...(await peeringsOf(a))[0] as Peering, status: "active" } }], "FORBIDDEN peerings.0.status"],
      ["led elsewhere", [{ op: "delete", id: peeringId }, { op: "create", kind: "peering", object: { ...forged, id: peeringId } }], "FORBIDDEN peerings.0.remote"],
    ];
    for (const [name, commands, expected] of refused) expect([name, issuesOf(await failureOf(save(a, ...commands)))]).toEqual([name, [expected]]);
    expect(issuesOf(await failureOf(save(b, status("active"))))).toEqual(["FORBIDDEN peerings.0.status"]);
    expect(issuesOf(await failureOf(save(a, { op: "update", kind: "vpc", id: A.vpcId, set: { cidr: "10.9.0.0/16" } })))).toEqual(["PEER_FIXED vpcs.0.cidr"]);
    expect(await stored()).toEqual(before);
    await save(a, { op: "update", kind: "peering", id: peeringId, set: { name: "mine" } });
    expect([(await peeringsOf(a))[0]?.name, (await peeringsOf(b))[0]?.name]).toEqual(["mine", "va-vb"]);
    expect((await statuses()).flat()).toEqual(["pending-acceptance", "pending-acceptance"]);
  });

  it("copies of a topology, made or imported, have no part in its peerings", async () => {
    await active();
    const { document } = await client.topology.export.query({ id: a });
    const copies = [
      await client.topology.duplicate.mutate({ id: a, name: `copy${number}` }),
      await client.topology.import.mutate({ name: `import${number}`, document }),
    ];
    for (const { document: copy } of copies) {
      expect(copy.peerings).toEqual([]);
      expect(copy.routeTables.map(({ routes }) => routes.map(({ target }) => target.kind))).toEqual([["gone"], ["gone"]]);
    }
    expect(await statuses()).toEqual([["active"], ["active"]]);
  });

  it("a teardown of one end is said on the other's page, whose drawing stays as it is", async () => {
    if (kind === "embedded") return;
    const agent = new FakeAgent(await enrol(server.origin, server.joinToken ?? ""));
    await agent.connect(`ws://127.0.0.1:${server.port}/agent`);
    await active();
    await client.deployment.applyNewest.mutate({ id: a });
    await until(() => agent.deployments.get(a)?.state === "in-place");
    const live = record(client, b);
    await live.next("snapshot");
    await client.deployment.teardown.mutate({ id: a });
    expect((await live.next("log")).line).toMatchObject({ level: "warn", text: expect.stringContaining("torn down") });
    expect(await statuses()).toEqual([["active"], ["active"]]);
    live.stop();
    agent.cut();
  });
});
