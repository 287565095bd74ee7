import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BATCH_CALLS_MAX } from "../http/trpc-http";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestServer } from "../testing/test-server";
import { appRouter } from "./app-router";

let inLoops = 0;
afterAll(({}, file) => console.info(badInputCount("I", file, inLoops)));

const TOPOLOGY = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const ends = { source: { instanceId: "i-00000001" }, destination: { instanceId: "i-00000002" } };
const own = { id: "vpc-00000001", vpcId: "vpc-00000001", subnetId: "subnet-00000001", name: "x" };

/** One command of every kind with every field of that kind. */
const COMMANDS = [
  { op: "create", kind: "vpc", object: { id: own.id, name: "v", cidr: "10.0.0.0/16", mainRouteTableId: "rtb-00000001", defaultNetworkAclId: "acl-00000001", defaultSecurityGroupId: "sg-00000001", reachableFromHost: false, dnsSupport: true } },
  { op: "create", kind: "subnet", object: { id: "subnet-00000001", vpcId: own.vpcId, name: "s", cidr: "10.0.0.0/24", routeTableId: "rtb-00000001", networkAclId: "acl-00000001", autoAssignPublicAddress: true, firewall: null } },
  { op: "create", kind: "instance", object: { id: "i-00000001", subnetId: own.subnetId, name: "main", address: "10.0.0.2", webServer: { port: 80 }, securityGroupIds: ["sg-00000001"], sourceDestCheck: true, publishedPorts: [{ protocol: "tcp", hostPort: 8080, port: 80 }] } },
  { op: "create", kind: "internet-gateway", object: { id: "igw-00000001", vpcId: own.vpcId, name: "igw" } },
  { op: "create", kind: "nat-gateway", object: { id: "nat-00000001", subnetId: own.subnetId, name: "nat", address: "10.0.0.3" } },
  { op: "create", kind: "elastic-ip", object: { id: "eipalloc-00000001", name: "eip", target: { kind: "nat-gateway", id: "nat-00000001" } } },
  { op: "create", kind: "route-table", object: { id: "rtb-00000001", vpcId: own.vpcId, name: "main", routes: [{ destination: "0.0.0.0/0", target: { kind: "internet-gateway", id: "igw-00000001" } }] } },
  { op: "create", kind: "security-group", object: { id: "sg-00000001", vpcId: own.vpcId, name: "sg", description: "", rules: [{ id: "sgr-00000001", direction: "ingress", protocol: "tcp", ports: { from: 80, to: 80 }, peer: { cidr: "0.0.0.0/0" }, description: "" }] } },
  { op: "create", kind: "network-acl", object: { id: "acl-00000001", vpcId: own.vpcId, name: "acl", entries: [{ direction: "ingress", number: 100, action: "allow", protocol: "tcp", ports: { from: 80, to: 80 }, cidr: "0.0.0.0/0" }] } },
  { op: "create", kind: "peering", object: { id: "pcx-00000001", name: "p", requesterVpcId: own.vpcId, accepterVpcId: "vpc-00000002", status: "active", remote: { side: "accepter", topologyId: TOPOLOGY, topologyName: "t", vpcName: "v", cidr: "10.1.0.0/16" } } },
  { op: "update", kind: "vpc", id: own.id, set: { name: "v" } },
  { op: "delete", id: own.id },
  { op: "settings", set: { addressing: "lab", driftRepair: "manual" } },
  { op: "batch", commands: [{ op: "delete", id: own.id }] },
];

/** An input of the right types for every procedure that takes one; for a save one of each command. */
const INPUTS: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ["topology.get", "", { id: TOPOLOGY }],
  ["topology.create", "", { name: "x", template: "empty" }],
  ["topology.import", "", { name: "x", document: EMPTY_TOPOLOGY, layout: { "vpc-00000001": { x: 1, y: 2 } } }],
  ["topology.export", "", { id: TOPOLOGY }],
  ["topology.rename", "", { id: TOPOLOGY, name: "x" }],
  ["topology.duplicate", "", { id: TOPOLOGY, name: "x" }],
  ["topology.remove", "", { id: TOPOLOGY }],
  ...COMMANDS.map((command) => ["topology.save", `${command.op} ${command.kind ?? ""}`, { id: TOPOLOGY, baseRevision: 1, clientId: "t", commands: [command] }] as const),
  ["topology.saveLayout", "", { id: TOPOLOGY, patch: { "vpc-00000001": { x: 1, y: 2 } }, clientId: "t" }],
  ["topology.revisions", "", { id: TOPOLOGY }],
  ["topology.revision", "", { id: TOPOLOGY, revision: 1 }],
  ["deployment.plan", "", { id: TOPOLOGY }],
  ["deployment.applyNewest", "", { id: TOPOLOGY }],
  ["deployment.teardown", "", { id: TOPOLOGY }],
  ["deployment.preview", "", { name: "x", desired: EMPTY_TOPOLOGY }],
  ["activity.list", "", { topology: TOPOLOGY, before: TOPOLOGY, limit: 10, only: "trouble" }],
  ["activity.get", "", { entryId: TOPOLOGY }],
  ["peering.candidates", "", { id: TOPOLOGY, vpcId: own.id }],
  ["peering.request", "", { id: TOPOLOGY, vpcId: own.id, peerTopologyId: TOPOLOGY, peerVpcId: own.id }],
  ["peering.answer", "", { id: TOPOLOGY, peeringId: "pcx-00000001", accept: true }],
  ["auth.signIn", "", { name: "nobody", password: "correct horse battery" }],
  ["auth.setUp", "", { token: "x", name: "nobody", password: "correct horse battery" }],
  ["auth.register", "", { code: "x", name: "nobody", password: "correct horse battery" }],
  ["account.changePassword", "", { current: "wrong", password: "correct horse battery" }],
  ["account.endSession", "", { id: TOPOLOGY }],
  ["user.setRole", "", { id: TOPOLOGY, role: "student" }],
  ["user.setDisabled", "", { id: TOPOLOGY, disabled: true }],
  ["user.remove", "", { id: TOPOLOGY }],
  ["user.mintSignInLink", "", { id: TOPOLOGY }],
  ["class.create", "", { name: "x" }],
  ["class.remove", "", { id: TOPOLOGY }],
  ["class.renewCode", "", { id: TOPOLOGY }],
  ["class.withdrawCode", "", { id: TOPOLOGY }],
  ["class.removeMember", "", { id: TOPOLOGY, userId: TOPOLOGY }],
  ["class.join", "", { code: "x" }],
  ["invitation.create", "", { role: "student", classId: TOPOLOGY }],
  ["invitation.withdraw", "", { id: TOPOLOGY }],
  ["host.mintToken", "", { name: "lab2" }],
  ...["approve", "check", "reject", "revoke", "unlock", "remove"].map((verb) => [`host.${verb}`, "", { id: TOPOLOGY }] as const),
  ["host.choose", "", { id: TOPOLOGY, hostId: TOPOLOGY }],
  ["audit.list", "", { actor: "x", action: "x", object: "x", outcome: "done", from: 0, until: 1, cursor: 5, limit: 10 }],
  ["audit.export", "", { actor: "x", action: "x", object: "x", outcome: "done", from: 0, until: 1, cursor: 5 }],
  ["probe.run", "", { id: TOPOLOGY, ...ends, kind: "tcp", port: 80 }],
];
/** Fields that may be null; a box of a layout patch, to take it out. */
const NULLABLE = new Set(["port", "routeTableId", "networkAclId", "webServer", "target", "ports", "remote", "vpc-00000001", "topology", "before", "desired", "firewall", "current", "classId", "cursor"]);
/** Every field may be left out. */
const TAKES_EMPTY = new Set(["audit.export"]);
/** Takes nothing. */
const WITHOUT_INPUT = [
  "auth.me", "auth.signOut", "account.get", "account.sessions", "account.endOtherSessions", "user.list", "class.list", "invitation.list", "topology.list", "host.list", "host.overview", "host.rotateKey", "audit.verify",
];

/** Not taken in a batch. */
const SENT_ALONE = new Set(["auth.signIn", "auth.setUp", "auth.register"]);

type Path = readonly (string | number)[];

/** Every field of a value, inner ones included. */
function* fieldsOf(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    yield { path: at, value: inner };
    yield* fieldsOf(inner, at);
  }
}

const WRONG: Record<string, readonly unknown[]> = {
  string: [true, 7, [], ["x"], {}, { contains: "" }, { not: "" }, { toString: "x" }],
  number: [true, "1", "0x50", "1e3", [], [1], {}, 1.5, 1e308, { gt: 0 }],
  boolean: ["true", 0, 1, [], {}],
  object: [true, 7, "x", [], [{}], { unknown: 1 }],
  array: [true, 7, "x", {}, { length: 0 }, [[]], ["x", null]],
};
const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);
/** A coordinate may have a fraction. */
const wrongFor = (value: unknown, field: string | number): readonly unknown[] => [
  ...(WRONG[typeOf(value)] ?? []).filter((wrong) => !((field === "x" || field === "y") && wrong === 1.5)),
  ...(NULLABLE.has(String(field)) ? [] : [null]),
];

function replaced(value: unknown, [key, ...rest]: Path, wrong: unknown): unknown {
  if (key === undefined) return wrong;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, wrong);
  return copy;
}

describe("a value of a wrong type is refused with SCHEMA and its field, by every procedure", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
  const typeOfProcedure = (path: string) => procedures.find(([name]) => name === path)?.[1]._def.type;

  /** As batches, so that an input may be anything; `undefined` is no input at all. */
  async function call(path: string, inputs: readonly unknown[]) {
    const headers = { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1" };
    const answers: { code: string | undefined; paths: Path[] }[] = [];
    const atOnce = SENT_ALONE.has(path) ? 1 : BATCH_CALLS_MAX;
    for (let at = 0; at < inputs.length; at += atOnce) {
      const some = inputs.slice(at, at + atOnce);
      const url = `${server.origin}/api/trpc/${some.map(() => path).join(",")}?batch=1`;
      const batch = JSON.stringify({ ...some });
      const response = typeOfProcedure(path) === "query"
        ? await fetch(`${url}&input=${encodeURIComponent(batch)}`, { headers })
        : await fetch(url, { method: "POST", headers, body: batch });
      const parts = (await response.json()) as { error?: { data: { code: string; issues?: { path: Path }[] } } }[];
      expect(parts).toHaveLength(some.length);
      answers.push(...parts.map(({ error }) => ({ code: error?.data.code, paths: (error?.data.issues ?? []).map((issue) => issue.path) })));
    }
    return answers;
  }

  it("there is an input to spoil for every procedure", () => {
    const taking = procedures.filter(([, { _def: { type } }]) => type !== "subscription").map(([path]) => path);
    expect([...new Set(INPUTS.map(([path]) => path)), ...WITHOUT_INPUT].sort()).toEqual(taking.sort());
  });

  it.each(INPUTS)("%s %s", async (path, _, input) => {
    expect((await call(path, [input]))[0]?.code).not.toBe("SCHEMA");
    const whole = [undefined, null, true, 7, "x", [], [input], ...(TAKES_EMPTY.has(path) ? [] : [{}]), { ...input, ownerId: TOPOLOGY }];
    expect((await call(path, whole)).map(({ code }, i) => [whole[i], code])).toEqual(whole.map((value) => [value, "SCHEMA"]));
    const spoilt = [...fieldsOf(input)].flatMap((field) => wrongFor(field.value, field.path.at(-1) ?? "").map((wrong) => ({ at: field.path, wrong })));
    const answers = await call(path, spoilt.map(({ at, wrong }) => replaced(input, at, wrong)));
    inLoops += whole.length + spoilt.length;
    for (const [i, { at, wrong }] of spoilt.entries()) {
      const { code, paths = [] } = answers[i] ?? {};
      expect([at, wrong, code]).toEqual([at, wrong, "SCHEMA"]);
      // The wrong field, what it stands in, or what stands in it.
      const near = paths.some((path) => path.length > 0 && path.slice(0, at.length).every((part, j) => part === at[j]));
      expect([at, wrong, paths, near]).toEqual([at, wrong, paths, true]);
    }
    expect(await (await fetch(`${server.origin}/healthz`)).json()).toEqual({ status: "ok" });
  });
});
