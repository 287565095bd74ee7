import type { AuditEntry } from "@vpclab/shared/wire/audit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSocket, upgradeStatus } from "../testing/raw-socket";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";

const EVIL = "https://evil.example";
const CANARY = "canary-in-the-address";

describe("what is refused before any procedure is asked is in the audit log", () => {
  let server: TestServer;
  let client: TestClient;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    client = await server.client();
    cookie = await server.signIn();
  });
  afterAll(() => server.close());

  const entries = async (from: number): Promise<readonly AuditEntry[]> =>
    (await client.audit.list.query({ limit: 200 })).entries.filter(({ sequence }) => sequence > from).toReversed();
  const head = async () => (await client.audit.list.query({ limit: 1 })).chain.head.sequence;
  const told = ({ action, actor, outcome, errorCode, ip, object }: AuditEntry) => [action, actor.name ?? actor.kind, outcome, errorCode, ip, object];

  const post = (path: string, headers: Record<string, string>, body = "{}") => fetch(`${server.origin}/api/trpc/${path}`, {
    method: "POST", headers: { cookie, origin: server.origin, "content-type": "application/json", "x-vpclab": "1", ...headers }, body,
  }).then(({ status }) => status);
  const get = (path: string, headers: Record<string, string> = { cookie }) => fetch(`${server.origin}${path}`, { headers }).then(({ status }) => status);
  const upgrade = (path: string, headers: Record<string, string>) => upgradeStatus(`ws://127.0.0.1:${server.port}${path}`, headers);

  it.each<[string, () => Promise<number>, number, [action: string, actor: string, code: string]]>([
    ["a call from another site", () => post("topology.create", { origin: EVIL }), 403, ["topology.create", "admin", "FORBIDDEN"]],
    ["a call without our header", () => post("host.mintToken", { "x-vpclab": "no" }), 403, ["host.mintToken", "admin", "FORBIDDEN"]],
    ["a call from another site of somebody unknown", () => post("topology.remove", { origin: EVIL, cookie: `vpclab-${server.port}=${"A".repeat(43)}` }), 403, ["topology.remove", "anonymous", "FORBIDDEN"]],
    ["a form", () => post("topology.rename", { "content-type": "text/plain" }), 415, ["topology.rename", "admin", "SCHEMA"]],
    ["a method override", () => post("topology.save", { "x-http-method-override": "PUT" }), 405, ["topology.save", "admin", "SCHEMA"]],
    ["a body that is too large", () => post("topology.saveLayout", {}, `{"x":"${"x".repeat(300_000)}"}`), 413, ["topology.saveLayout", "admin", "TOO_LARGE"]],
    ["a body that says a thing twice", () => post("class.create", {}, '{"name":"a","name":"b"}'), 400, ["class.create", "admin", "JSON_DUPKEY"]],
    ["a batch from another site", () => post("topology.create,topology.list?batch=1", { origin: EVIL }), 403, ["http.call", "admin", "FORBIDDEN"]],
    ["a mutation by an address", () => get("/api/trpc/class.remove?input=%7B%7D"), 405, ["class.remove", "admin", "SCHEMA"]],
    ["a call of what does not exist", () => get(`/api/trpc/${CANARY}`), 404, ["http.call", "admin", "NOT_FOUND"]],
    ["eleven calls at once", () => get(`/api/trpc/${Array(11).fill("topology.list").join(",")}?batch=1&input=%7B%7D`), 400, ["http.call", "admin", "SCHEMA"]],
    ["a first start's link that is none", () => get(`/setup?token=${CANARY}`, {}), 404, ["auth.setUp", "anonymous", "NOT_FOUND"]],
    ["a socket without a session", () => upgrade("/api/ws", { origin: server.origin }), 401, ["socket.open", "anonymous", "UNAUTHENTICATED"]],
    ["a socket from another site", () => upgrade("/api/ws", { origin: EVIL, cookie }), 403, ["socket.open", "admin", "FORBIDDEN"]],
    ["a browser at the agents' door", () => upgrade("/agent", { cookie }), 400, ["agent.hello", "admin", "SCHEMA"]],
  ])("%s", async (_, ask, status, [action, actor, code]) => {
    const before = await head();
    expect(await ask()).toBe(status);
    await until(async () => (await entries(before)).length > 0);
    expect((await entries(before)).map(told)).toEqual([[action, actor, "refused", code, "127.0.0.1", null]]);
  });

  it("a ninth socket", async () => {
    const eight = await Promise.all(Array.from({ length: 8 }, () => openSocket(`ws://127.0.0.1:${server.port}/api/ws`, { origin: server.origin, cookie })));
    const before = await head();
    expect(await upgrade("/api/ws", { origin: server.origin, cookie })).toBe(429);
    await until(async () => (await entries(before)).length > 0);
    expect((await entries(before)).map(told)).toEqual([["socket.open", "admin", "refused", "RATE_LIMITED", "127.0.0.1", null]]);
    for (const socket of eight) socket.terminate();
  });

  it("counts: five hundred of the same are few entries, and none has what the address said", async () => {
    const [before, startedAt] = [await head(), Date.now()];
    for (let i = 0; i < 50; i++) await Promise.all(Array.from({ length: 10 }, () => post("topology.teardown", { origin: EVIL, cookie: "" })));
    // What is counted is written when the server stops, too.
    await server.restart();
    client = await server.client();
    const all = await entries(before);
    const same = all.filter(({ actor, errorCode }) => actor.kind === "anonymous" && errorCode === "FORBIDDEN");
    expect(same.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    expect(same.length).toBeLessThanOrEqual(2 * (1 + Math.ceil((Date.now() - startedAt) / 60_000)));
    expect(JSON.stringify(await entries(0))).not.toContain(CANARY);
    expect((await client.audit.verify.mutate()).fault).toBeNull();
  });
});
