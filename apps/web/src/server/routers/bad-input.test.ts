import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { failureOf, issuesOf } from "../testing/wire-failure";

const A_UUID = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const vpc = (id: string, name: string, cidr: string) => ({ op: "create", kind: "vpc", object: { id, name, cidr } }) as const;

describe("bad input is refused with a code and the field, and nothing is written", () => {
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
  });
  afterAll(() => server.close());
  let id: string;
  beforeAll(async () => {
    ({ id } = await client.topology.create.mutate({ name: "guarded", template: "two-vpc" }));
  });

  /** Everything that is stored, to see that nothing was written. */
  const stored = async () => {
    const list = await client.topology.list.query();
    return Promise.all(list.map(async (one) => [await client.topology.get.query({ id: one.id }), await client.topology.revisions.query({ id: one.id })]));
  };
  const call = (path: string, input: unknown) => (client as unknown as Record<string, Record<string, { mutate(value: unknown): Promise<unknown> }>>)[path.split(".")[0] ?? ""]?.[path.split(".")[1] ?? ""]?.mutate(input) ?? Promise.resolve();

  const save = (...commands: unknown[]) => ["topology.save", () => ({ id, baseRevision: 1, clientId: "t", commands })] as const;
  const name = (text: unknown) => ["topology.create", () => ({ name: text, template: "empty" })] as const;
  it.each([
    ["a name with a space", ...name("two words"), "NAME_GRAMMAR name"],
    ["a name with shell characters", ...name("web;id"), "NAME_GRAMMAR name"],
    ["a name with a leading dash", ...name("-rf"), "NAME_GRAMMAR name"],
    ["a path as a name", ...name("../x"), "NAME_GRAMMAR name"],
    ["a name of 60 characters", ...name("a".repeat(60)), "NAME_LENGTH name"],
    ["a name of a megabyte", ...name("a".repeat(900_000)), "SCHEMA name"],
    ["an empty name", ...name(""), "NAME_GRAMMAR name"],
    ["a name that is taken", ...name("guarded"), "NAME_TAKEN name"],
    ["an operator in place of a name", ...name({ contains: "" }), "SCHEMA name"],
    ["an unknown template", "topology.create", () => ({ name: "x", template: "all" }), "SCHEMA template"],
    ["an owner that nobody asked for", "topology.create", () => ({ name: "x", template: "empty", ownerId: A_UUID }), "SCHEMA "],
    ["an operator in place of an id", "topology.remove", () => ({ id: { not: "" } }), "SCHEMA id"],
    ["a revision as text", "topology.save", () => ({ id, baseRevision: "1", clientId: "t", commands: [vpc("vpc-00000001", "v", "10.9.0.0/16")] }), "SCHEMA baseRevision"],
    ["a negative revision", "topology.save", () => ({ id, baseRevision: -1, clientId: "t", commands: [vpc("vpc-00000001", "v", "10.9.0.0/16")] }), "SCHEMA baseRevision"],
    ["no command", ...save(), "SCHEMA commands"],
    ["an unknown command", ...save({ op: "exec", run: "id" }), "SCHEMA commands.0"],
    ["a field too much in a command", ...save({ ...vpc("vpc-00000001", "v", "10.9.0.0/16"), extra: true }), "SCHEMA commands.0"],
    ["a VPC without id", ...save({ op: "create", kind: "vpc", object: { name: "v", cidr: "10.9.0.0/16" } }), "SCHEMA commands.0.object.id"],
    ["host bits in a CIDR", ...save(vpc("vpc-00000001", "v", "10.9.0.5/16")), "CIDR_NOT_CANONICAL"],
    ["a CIDR that is none", ...save(vpc("vpc-00000001", "v", "10.9")), "CIDR_SYNTAX"],
    ["a prefix that is too long", ...save(vpc("vpc-00000001", "v", "10.9.0.0/30")), "PREFIX_RANGE"],
    ["a second VPC of the same name", ...save(vpc("vpc-00000001", "vpc1", "10.9.0.0/16")), "NAME_TAKEN"],
    ["an id twice", ...save(vpc("vpc-00000001", "v", "10.9.0.0/16"), vpc("vpc-00000001", "w", "10.8.0.0/16")), "ID_DUPLICATE"],
    ["a subnet of a VPC that is not there", ...save({ op: "create", kind: "subnet", object: { id: "subnet-00000001", vpcId: "vpc-0000dead", name: "s", cidr: "10.9.1.0/24", type: "private" } }), "REF_UNKNOWN"],
    ["coordinates out of range", "topology.saveLayout", () => ({ id, clientId: "t", patch: { "vpc-00000001": { x: 1e308, y: 0 } } }), "SCHEMA patch.vpc-00000001.x"],
    ["a layout key that is no id", "topology.saveLayout", () => ({ id, clientId: "t", patch: { __proto__x: { x: 1, y: 0 } } }), "SCHEMA patch"],
    ["a document that is none", "topology.import", () => ({ name: "imported", document: [] }), "SCHEMA document"],
    ["a document without a field", "topology.import", () => ({ name: "imported", document: { schemaVersion: 1 } }), "SCHEMA document.settings"],
    ["a layout that is none", "topology.import", async () => ({ name: "imported", document: (await client.topology.export.query({ id })).document, layout: [1] }), "SCHEMA layout"],
    ["a probe of what is not there", "probe.run", () => ({ id, sourceId: "i-00000000", target: { internet: true }, kind: "ping", port: null }), "REF_UNKNOWN sourceId"],
    ["a probe of port 0", "probe.run", () => ({ id, sourceId: "i-00000000", target: { internet: true }, kind: "tcp", port: 0 }), "SCHEMA port"],
    ["a probe of no target", "probe.run", () => ({ id, sourceId: "i-00000000", target: {}, kind: "ping", port: null }), "SCHEMA target"],
  ])("%s", async (_, path, input, expected) => {
    const before = await stored();
    const failure = await failureOf(call(path, await input()));
    expect([failure.code, issuesOf(failure)]).toEqual([expected.split(" ")[0], expect.arrayContaining([expect.stringContaining(expected)])]);
    expect(JSON.stringify(failure)).not.toMatch(/prisma|node_modules|\bat .*:\d+:\d+/i);
    expect(await stored()).toEqual(before);
  });

  it("an id that does not exist is not found, everywhere", async () => {
    const input = { id: A_UUID };
    const edit = [vpc("vpc-00000001", "v", "10.9.0.0/16")];
    const calls = [
      client.topology.get.query(input), client.topology.export.query(input), client.topology.revisions.query(input), client.topology.revision.query({ ...input, revision: 1 }),
      client.topology.remove.mutate(input), client.topology.rename.mutate({ ...input, name: "x" }), client.topology.duplicate.mutate({ ...input, name: "x" }),
      client.topology.save.mutate({ ...input, baseRevision: 1, commands: edit, clientId: "t" }), client.topology.saveLayout.mutate({ ...input, patch: {}, clientId: "t" }),
      client.deployment.plan.query(input), client.deployment.applyNewest.mutate(input), client.deployment.teardown.mutate(input),
      client.probe.run.mutate({ ...input, sourceId: "i-00000001", target: { internet: true }, kind: "ping", port: null }),
    ];
    const failures = await Promise.all(calls.map(failureOf));
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(["NOT_FOUND"]));
  });
});
