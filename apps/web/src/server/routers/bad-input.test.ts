import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { vpcEdit } from "../testing/vpc-edit";
import { failureOf, issuesOf } from "../testing/wire-failure";

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const edit = vpcEdit("vpc-00000001", "v", "10.9.0.0/16");
const ping = { source: { instanceId: "i-00000000" }, destination: { internet: true }, kind: "ping", port: null } as const;

describe("bad input of procedures is refused with a code and the field, and nothing is written", () => {
  let server: TestServer;
  let client: TestClient;
  let id: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
    ({ id } = await client.topology.create.mutate({ name: "guarded", template: "two-vpc" }));
  });
  afterAll(() => server.close());

  it("a save on the revision before or after the one that is stored writes nothing and is told what is stored", async () => {
    const { revision } = await client.topology.get.query({ id });
    for (const baseRevision of [revision - 1, revision + 1, 2 ** 31 - 1]) {
      const answer = await client.topology.save.mutate({ id, baseRevision, clientId: "t", commands: [edit] });
      expect([baseRevision, answer.saved, answer.saved ? null : answer.current.revision]).toEqual([baseRevision, false, revision]);
    }
    expect((await client.topology.revisions.query({ id })).length).toBe(revision);
  });

  /** Everything that is stored, to see that nothing was written. */
  const stored = async () => {
    const list = await client.topology.list.query();
    return Promise.all(list.map(async (one) => [await client.topology.get.query({ id: one.id }), await client.topology.revisions.query({ id: one.id })]));
  };
  const call = (path: string, input: unknown) => (client as unknown as Record<string, Record<string, { mutate(value: unknown): Promise<unknown> }>>)[path.split(".")[0] ?? ""]?.[path.split(".")[1] ?? ""]?.mutate(input) ?? Promise.resolve();
  const drawn = async () => ({ id, source: { instanceId: (await client.topology.get.query({ id })).document.instances[0]?.id ?? "" } });
  const save = (...commands: unknown[]) => ["topology.save", () => ({ id, baseRevision: 1, clientId: "t", commands })] as const;

  it.each([
    ["a name that is taken", "topology.create", () => ({ name: "guarded", template: "empty" }), "NAME_TAKEN name"],
    ["a name that is reserved", "topology.create", () => ({ name: "vpclab", template: "empty" }), "NAME_TAKEN name"],
    ["an unknown template", "topology.create", () => ({ name: "x", template: "all" }), "SCHEMA template"],
    ["an owner that nobody asked for", "topology.create", () => ({ name: "x", template: "empty", ownerId: A_UUID }), "SCHEMA "],
    ["a negative revision", "topology.save", () => ({ id, baseRevision: -1, clientId: "t", commands: [edit] }), "SCHEMA baseRevision"],
    ["no command", ...save(), "SCHEMA commands"],
    ["more than 500 commands", ...save(...Array<unknown>(501).fill({ op: "settings", set: {} })), "SCHEMA commands"],
    ["an unknown command", ...save({ op: "exec", run: "id" }), "SCHEMA commands.0"],
    ["a field too much in a command", ...save({ op: "delete", id: "vpc-00000001", force: true }), "SCHEMA commands.0"],
    ["a VPC without id", ...save({ op: "create", kind: "vpc", object: { name: "v", cidr: "10.9.0.0/16" } }), "SCHEMA commands.0.object.id"],
    ["an update of what is not there", ...save({ op: "update", kind: "vpc", id: "vpc-0000dead", set: { name: "x" } }), "REF_UNKNOWN id"],
    ["a deletion of what is not there", ...save({ op: "delete", id: "vpc-0000dead" }), "REF_UNKNOWN id"],
    ["good commands with a bad one at the end", ...save(edit, vpcEdit("vpc-00000002", "v", "10.8.0.0/16")), "NAME_TAKEN"],
    ["coordinates out of range", "topology.saveLayout", () => ({ id, clientId: "t", patch: { "vpc-00000001": { x: 1e308, y: 0 } } }), "SCHEMA patch.vpc-00000001.x"],
    ["a layout key that is no id", "topology.saveLayout", () => ({ id, clientId: "t", patch: { __proto__x: { x: 1, y: 0 } } }), "SCHEMA patch"],
    ["a document without a field", "topology.import", () => ({ name: "imported", document: { schemaVersion: 1 } }), "SCHEMA document.settings"],
    ["a layout that is none", "topology.import", async () => ({ name: "imported", document: (await client.topology.export.query({ id })).document, layout: [1] }), "SCHEMA layout"],
    ["a layout out of range", "topology.import", async () => ({ name: "imported", document: (await client.topology.export.query({ id })).document, layout: { "vpc-00000001": { x: -1e308, y: 0 } } }), "SCHEMA layout.vpc-00000001.x"],
    ["a plan for a name that is no name", "deployment.preview", () => ({ name: "a\0b;id", desired: null }), "NAME_GRAMMAR name"],
    ["a plan for a reserved name", "deployment.preview", () => ({ name: "vpclab", desired: null }), "NAME_TAKEN name"],
    ["a plan for a document that is none", "deployment.preview", () => ({ name: "guarded", desired: { schemaVersion: 3 } }), "SCHEMA desired.settings"],
    ["a plan for a topology of nothing at all", "deployment.preview", () => ({ name: "guarded" }), "SCHEMA desired"],
    ["a probe from what is not there", "probe.run", () => ({ ...ping, id }), "REF_UNKNOWN source.instanceId"],
    ["a probe to what is not there", "probe.run", () => ({ ...ping, id, source: { internet: true }, destination: { instanceId: "localhost" } }), "REF_UNKNOWN destination.instanceId"],
    ["a probe from the host to the internet", "probe.run", () => ({ ...ping, id, source: { host: true } }), "SCHEMA destination"],
    ["a probe from a public address", "probe.run", () => ({ ...ping, id, source: { publicAddressOf: "i-000000000000" }, destination: { host: true } }), "REF_UNKNOWN source.publicAddressOf"],
    ["a probe to the public address of nobody", "probe.run", () => ({ ...ping, id, source: { internet: true }, destination: { publicAddressOf: "nat-000000000000" } }), "REF_UNKNOWN destination.publicAddressOf"],
    ["a probe to an address", "probe.run", () => ({ ...ping, id, destination: { address: "192.0.2.1" } }), "SCHEMA destination"],
    ["a probe from the internet to the internet", "probe.run", () => ({ ...ping, id, source: { internet: true } }), "SCHEMA destination"],
    ["a probe of port 0", "probe.run", () => ({ ...ping, id, kind: "tcp", port: 0 }), "SCHEMA port"],
    ["a probe of port 65536", "probe.run", () => ({ ...ping, id, kind: "udp", port: 65536 }), "SCHEMA port"],
    ["a probe without a port", "probe.run", async () => ({ ...ping, ...(await drawn()), kind: "udp" }), "PORT port"],
    ["a ping with a port", "probe.run", async () => ({ ...ping, ...(await drawn()), port: 80 }), "PORT port"],
    ["a probe to no end", "probe.run", () => ({ ...ping, id, destination: {} }), "SCHEMA destination"],
    ["a probe to both ends", "probe.run", () => ({ ...ping, id, destination: { internet: true, instanceId: "i-00000000" } }), "SCHEMA destination"],
    ["a probe of another kind", "probe.run", () => ({ ...ping, id, kind: "exec" }), "SCHEMA kind"],
    ["a measurement of nothing", "probe.measure", () => ({ id, kind: "ping", port: null, flows: [] }), "SCHEMA flows"],
    ["a measurement of more than a job takes", "probe.measure", () => ({ id, kind: "ping", port: null, flows: Array.from({ length: 257 }, () => ({ source: ping.source, destination: ping.destination })) }), "SCHEMA flows"],
    ["a measurement with one end that is not there", "probe.measure", () => ({ id, kind: "ping", port: null, flows: [{ source: { internet: true }, destination: { instanceId: "localhost" } }] }), "REF_UNKNOWN flows.0.destination.instanceId"],
    ["a measurement by a web page", "probe.measure", () => ({ id, kind: "http", port: 80, flows: [{ source: ping.source, destination: ping.destination }] }), "SCHEMA kind"],
    ["a probe a million times", "probe.run", () => ({ ...ping, id, count: 1_000_000 }), "SCHEMA "],
  ])("%s", async (_, path, input, expected) => {
    const before = await stored();
    const failure = await failureOf(call(path, await input()));
    expect([failure.code, issuesOf(failure)]).toEqual([expected.split(" ")[0], expect.arrayContaining([expect.stringContaining(expected)])]);
    expect(JSON.stringify(failure)).not.toMatch(/prisma|node_modules|\bat .*:\d+:\d+/i);
    expect(await stored()).toEqual(before);
  });

  it("an id that does not exist is not found, everywhere", async () => {
    const input = { id: A_UUID };
    const calls = [
      client.topology.get.query(input), client.topology.export.query(input), client.topology.revisions.query(input), client.topology.revision.query({ ...input, revision: 1 }),
      client.topology.remove.mutate(input), client.topology.rename.mutate({ ...input, name: "x" }), client.topology.duplicate.mutate({ ...input, name: "x" }),
      client.topology.save.mutate({ ...input, baseRevision: 1, commands: [edit], clientId: "t" }), client.topology.saveLayout.mutate({ ...input, patch: {}, clientId: "t" }),
      client.deployment.plan.query(input), client.deployment.applyNewest.mutate(input), client.deployment.teardown.mutate(input), client.deployment.cancel.mutate(input),
      client.probe.run.mutate({ ...ping, ...input }), client.peering.candidates.query({ ...input, vpcId: "vpc-00000001" }),
      client.peering.request.mutate({ ...input, vpcId: "vpc-00000001", peerTopologyId: id, peerVpcId: "vpc-00000001" }),
      client.activity.list.query({ topology: A_UUID, limit: 10 }), client.activity.get.query({ entryId: A_UUID }), client.deployment.preview.mutate({ name: "nobodys", desired: null }),
      client.peering.answer.mutate({ ...input, peeringId: "pcx-00000001", accept: true }),
    ];
    const failures = await Promise.all(calls.map(failureOf));
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(["NOT_FOUND"]));
  });
});
