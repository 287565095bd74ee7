import type { StageEvent, PresenterEvent } from "@vpclab/shared/wire/stage";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { stageRouter } from "../routers/app-router";
import type { StageRouter } from "../routers/app-router";
import { invite } from "../testing/people";
import type { Person } from "../testing/people";
import { closeCode, openSocket, upgradeStatus } from "../testing/raw-socket";
import { standardDatabase } from "../testing/test-database";
import { clientFor, startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { failureOf } from "../testing/wire-failure";
import { can, SERVER } from "./can";
import type { ActionOn, ActorFacts } from "./can";
import { hashOf } from "./tokens";

const ENDED = 4401;

describe("a stage link", () => {
  let server: TestServer;
  let admin: TestClient;
  let teacher: Person;
  let anna: Person;
  let id: string;
  let turnedMs = 0;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase(), { nowMs: () => Date.now() + turnedMs });
    admin = await server.client();
    teacher = await invite(server, admin, "teacher", "instructor");
    const { id: classId } = await teacher.client.class.create.mutate({ name: "Networks" });
    anna = await invite(server, teacher.client, "anna", "student", classId);
  });
  afterAll(async () => {
    for (const person of [teacher, anna]) await person.close();
    await server.close();
  });
  beforeEach(async () => {
    turnedMs = 0;
    ({ id } = await anna.client.topology.create.mutate({ name: `lab${made++}`, template: "two-vpc" }));
  });
  const url = () => `ws://127.0.0.1:${server.port}/api/stage`;
  const make = async (hours = 1) => (await anna.client.stage.create.mutate({ id, hours })).token;
  const linkId = async () => (await anna.client.stage.list.query({ id }))[0]?.id ?? "";

  /** A browser with nothing but the link. */
  function audience(token: string) {
    const { origin } = server;
    class FromPage extends WebSocket {
      constructor(to: string) {
        super(to, { headers: { origin } });
      }
    }
    const seat = { drawing: [] as StageEvent[], presenter: [] as PresenterEvent[], error: "", closed: 0, socket: null as WebSocket | null, stop: () => {} };
    const socket = createWSClient({
      url: url(), WebSocket: FromPage as unknown as typeof globalThis.WebSocket, retryDelayMs: () => 3_600_000,
      onClose: (cause) => void (seat.closed = cause?.code ?? -1),
    });
    const client = createTRPCClient<StageRouter>({ links: [wsLink({ client: socket })] });
    const onError = (error: { data?: unknown }) => void (seat.error = String((error.data as { code?: string } | undefined)?.code));
    client.stage.drawing.subscribe({ token }, { onData: (event) => void seat.drawing.push(event), onError });
    client.stage.presenter.subscribe({ token }, { onData: (event) => void seat.presenter.push(event), onError });
    seat.stop = () => void socket.close();
    return seat;
  }
  const rename = async (name: string) => {
    const { revision, document } = await anna.client.topology.get.query({ id });
    await anna.client.topology.save.mutate({ id, baseRevision: revision, clientId: "t", commands: [{ op: "update", kind: "vpc", id: document.vpcs[0]?.id ?? "", set: { name } }] });
  };

  it("shows the topology live, without an account, and nothing of people, hosts or logs", async () => {
    const seat = audience(await make());
    await until(() => seat.drawing.some(({ type }) => type === "counters"));
    await rename("shop");
    await until(() => seat.drawing.some((event) => event.type === "drawing" && event.document.vpcs.some(({ name }) => name === "shop")));
    await anna.client.topology.saveLayout.mutate({ id, clientId: "t", patch: { "vpc-00000001": { x: 77, y: 1 } } });
    await until(() => seat.drawing.some((event) => event.type === "drawing" && event.layout["vpc-00000001"]?.x === 77));
    await anna.client.deployment.applyNewest.mutate({ id });
    await until(() => seat.drawing.some((event) => event.type === "deployment" && event.deployment.state === "applying"));
    const told = JSON.stringify([seat.drawing, seat.presenter]);
    expect(new Set(seat.drawing.map(({ type }) => type))).toEqual(new Set(["drawing", "deployment", "counters"]));
    for (const secret of ["anna", "admin", "teacher", anna.id, "kernel", "clientId", "author", "ownerId"]) expect([secret, told.includes(secret)]).toEqual([secret, false]);
    expect((await anna.client.stage.list.query({ id }))[0]?.audience).toBe(1);
    seat.stop();
    await until(async () => (await anna.client.stage.list.query({ id }))[0]?.audience === 0);
  });

  it("shows the presenter's pointer, path and view, and nobody else's", async () => {
    const seat = audience(await make());
    const stops = [anna, teacher].map(({ client }) => client.live.presence.subscribe({ id }, { onData: () => {} }));
    const say = (person: Person, x: number) => until(async () => person.client.live.point.mutate({ id, patch: { cursor: { x, y: 0 }, view: { x: 0, y: 0, width: 8, height: 6 } } }).then(() => true, () => false));
    await say(teacher, 666);
    await say(anna, 42);
    await until(() => JSON.stringify(seat.presenter).includes('"x":42'));
    expect(JSON.stringify(seat.presenter)).not.toContain("666");
    expect(JSON.stringify(seat.presenter)).toContain('"width":8');
    for (const stop of stops) stop.unsubscribe();
    seat.stop();
  });

  it("ends its open sockets within 2 s when it is revoked, and works no more", async () => {
    const token = await make();
    const [seat, other] = [audience(token), audience(await make())];
    await until(() => seat.drawing.length > 0 && other.drawing.length > 0);
    const rows = await anna.client.stage.list.query({ id });
    const at = performance.now();
    await anna.client.stage.revoke.mutate({ id, linkId: rows[1]?.id ?? "" });
    await until(() => seat.closed === ENDED);
    expect(performance.now() - at).toBeLessThan(2_000);
    expect([seat.error, other.error, other.closed]).toEqual(["UNAUTHENTICATED", "", 0]);
    const late = audience(token);
    await until(() => late.closed === ENDED);
    expect([late.error, late.drawing]).toEqual(["UNAUTHENTICATED", []]);
    for (const one of [seat, other, late]) one.stop();
  });

  it("ends its open sockets within 2 s when it expires, when its presenter is disabled, and with the topology", async () => {
    const seat = audience(await make(1));
    await until(() => seat.drawing.length > 0);
    turnedMs = 3_600_001;
    const at = performance.now();
    await until(() => seat.error === "UNAUTHENTICATED");
    expect(performance.now() - at).toBeLessThan(2_000);
    turnedMs = 0;
    const byTeacher = audience((await teacher.client.stage.create.mutate({ id, hours: 1 })).token);
    await until(() => byTeacher.drawing.length > 0);
    await admin.user.setDisabled.mutate({ id: teacher.id, disabled: true });
    await until(() => byTeacher.error === "UNAUTHENTICATED");
    await admin.user.setDisabled.mutate({ id: teacher.id, disabled: false });
    const last = audience(await make());
    await until(() => last.drawing.length > 0);
    await anna.client.topology.remove.mutate({ id });
    await until(() => last.drawing.at(-1)?.type === "removed" && last.closed === ENDED);
    for (const one of [seat, byTeacher, last]) one.stop();
  });

  it("is made, listed and revoked by whoever may change the topology, and bounded", async () => {
    expect(await failureOf(admin.stage.create.mutate({ id, hours: 0 }))).toMatchObject({ code: "SCHEMA" });
    expect(await failureOf(admin.stage.create.mutate({ id, hours: 169 }))).toMatchObject({ code: "SCHEMA" });
    const token = await make();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(await anna.client.stage.list.query({ id }))).not.toContain(token);
    for (let n = 1; n < 20; n++) await make();
    expect(await failureOf(anna.client.stage.create.mutate({ id, hours: 1 }))).toMatchObject({ code: "TOO_LARGE" });
    const { id: another } = await anna.client.topology.create.mutate({ name: `lab${made++}`, template: "empty" });
    expect(await failureOf(anna.client.stage.revoke.mutate({ id: another, linkId: await linkId() }))).toMatchObject({ code: "NOT_FOUND" });
  });

  it("opens two subscriptions and nothing else, and is no session", async () => {
    expect(Object.entries(stageRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>).map(([path, { _def }]) => [path, _def.type]))
      .toEqual([["stage.drawing", "subscription"], ["stage.presenter", "subscription"]]);
    const token = await make();
    const cookie = `vpclab-${server.port}=${token}`;
    expect(await upgradeStatus(`ws://127.0.0.1:${server.port}/api/ws`, { origin: server.origin, cookie })).toBe(401);
    const { client } = clientFor(server.origin, { origin: server.origin, cookie });
    expect(await failureOf(client.topology.get.query({ id }))).toMatchObject({ code: "UNAUTHENTICATED" });
    const socket = await openSocket(url(), { origin: server.origin });
    const answers: string[] = [];
    socket.on("message", (data) => answers.push(String(data)));
    const ask = (n: number, method: string, path: string, input: unknown) => socket.send(JSON.stringify({ id: n, method, params: { path, input } }));
    ask(1, "subscription", "live.topology", { id });
    ask(2, "query", "topology.get", { id });
    ask(3, "mutation", "live.point", { id, patch: {} });
    ask(4, "mutation", "probe.run", { id });
    await until(() => answers.filter((answer) => answer.includes("NOT_FOUND")).length === 4);
    socket.terminate();
  });

  it("is judged like any actor: it sees its topology, and may nothing else", () => {
    const stage: ActorFacts = { id: "x", role: "stage", stageOf: "t", teaches: [], memberOf: [] };
    const topology = (name: string) => ({ kind: "topology", id: name, ownerId: "o", ownerMemberOf: ["c"], ownerTeaches: [] }) as const;
    const actions: ActionOn<"topology">[] = ["view", "edit", "probe", "deploy", "remove", "present"];
    expect(actions.filter((action) => can(stage, action, topology("t")))).toEqual(["view"]);
    expect(actions.filter((action) => can(stage, action, topology("other")))).toEqual([]);
    const onServer: ActionOn<"server">[] = ["createTopology", "createClass", "viewPeople", "viewHosts", "manageHosts", "viewHostLog", "readAudit", "joinClass"];
    expect(onServer.filter((action) => can(stage, action, SERVER))).toEqual([]);
    expect(can(stage, "view", { kind: "user", id: "x", role: "student", memberOf: [] })).toBe(false);
    expect(can({ ...stage, role: "viewer" }, "view", topology("t"))).toBe(false);
  });

  it("is not to be guessed: wrong ones are counted by address, and its secret stands in no log", async () => {
    const token = await make();
    const wrong = (n: number) => `${"A".repeat(41)}${String(n).padStart(2, "0")}`;
    const codes: string[] = [];
    for (let n = 0; n < 22; n++) {
      const seat = audience(wrong(n));
      await until(() => seat.error !== "");
      codes.push(seat.error);
      seat.stop();
    }
    expect(new Set(codes)).toEqual(new Set(["UNAUTHENTICATED", "RATE_LIMITED"]));
    const right = audience(token);
    await until(() => right.error !== "");
    expect(right.error).toBe("RATE_LIMITED");
    right.stop();
    for (const bad of ["", "x", token.slice(1), `${token}A`, 7, null, { contains: "" }]) {
      const seat = audience(bad as string);
      await until(() => seat.error !== "");
      expect([bad, seat.error]).toEqual([bad, "SCHEMA"]);
      seat.stop();
    }
    const log = JSON.stringify(await admin.audit.list.query({ limit: 200 }));
    expect(log).toContain("stage.open");
    for (const secret of [token, hashOf(token), wrong(1)]) expect(log.includes(secret)).toBe(false);
    turnedMs = 11 * 60_000;
    const later = audience(token);
    await until(() => later.drawing.length > 0);
    later.stop();
  });

  it("its socket is for pages of ours, for small text, and ends when nothing is said", async () => {
    expect(await upgradeStatus(url(), { origin: "https://elsewhere.example" })).toBe(403);
    expect(await upgradeStatus(url(), {})).toBe(403);
    const big = await openSocket(url(), { origin: server.origin });
    const closed = closeCode(big);
    big.send("x".repeat(4 * 1024 + 1));
    expect(await closed).toBe(1009);
    const silent = await openSocket(url(), { origin: server.origin });
    expect(await closeCode(silent)).toBe(ENDED);
  });
});
