import type { PersonHere, PresenceEvent } from "@vpclab/shared/wire/presence";
import { PEOPLE_MAX } from "@vpclab/shared/wire/presence";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PresenceRoom } from "../bus/presence-room";
import { invite } from "../testing/people";
import type { Person } from "../testing/people";
import { standardDatabase } from "../testing/test-database";
import { clientFor, startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { until } from "../testing/until";
import { failureOf } from "../testing/wire-failure";

/** A tab that keeps what it hears of the others. */
function follow(client: TestClient, id: string) {
  const people = new Map<string, PersonHere>();
  const tab = { people, you: "", events: 0, error: "", stop: () => subscription.unsubscribe() };
  const hear = (event: PresenceEvent) => {
    tab.events += 1;
    if (event.type === "all") tab.you = event.you ?? "";
    for (const person of event.people) people.set(person.key, { ...people.get(person.key), ...person } as PersonHere);
    if (event.type === "changed") for (const key of event.gone) people.delete(key);
  };
  const subscription = client.live.presence.subscribe({ id }, { onData: hear, onError: (error) => void (tab.error = String((error.data as { code?: string } | undefined)?.code)) });
  return tab;
}
const named = (tab: ReturnType<typeof follow>, name: string) => [...tab.people.values()].find((person) => person.name === name);

describe("who is here", () => {
  let server: TestServer;
  let admin: TestClient;
  let teacher: Person;
  let anna: Person;
  let guest: Person;
  let classId: string;
  let id: string;
  let made = 0;
  const entries = async () => (await admin.audit.list.query({ limit: 200 })).entries.length;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    admin = await server.client();
    teacher = await invite(server, admin, "teacher", "instructor");
    ({ id: classId } = await teacher.client.class.create.mutate({ name: "Networks" }));
    anna = await invite(server, teacher.client, "anna", "student", classId);
    guest = await invite(server, teacher.client, "guest", "viewer", classId);
  });
  afterAll(async () => {
    for (const person of [teacher, anna, guest]) await person.close();
    await server.close();
  });
  beforeEach(async () => {
    ({ id } = await anna.client.topology.create.mutate({ name: `lab${made++}`, template: "empty" }));
  });

  it("each sees the others' pointers and selections, viewers included, and nothing is written down", async () => {
    const [hers, his] = [follow(anna.client, id), follow(guest.client, id)];
    await until(() => named(hers, "guest") !== undefined && named(his, "anna") !== undefined);
    expect([named(hers, "anna")?.key, named(his, "guest")?.key]).toEqual([hers.you, his.you]);
    expect(new Set([...hers.people.values()].map(({ place }) => place)).size).toBe(2);
    const before = await entries();
    await anna.client.live.point.mutate({ id, patch: { cursor: { x: 1.5, y: 2 }, selection: ["vpc-00000001"] } });
    await anna.client.live.point.mutate({ id, patch: { cursor: { x: 3, y: 4 } } });
    await until(() => named(his, "anna")?.cursor?.x === 3);
    expect(named(his, "anna")).toMatchObject({ cursor: { x: 3, y: 4 }, selection: ["vpc-00000001"] });
    await guest.client.live.point.mutate({ id, patch: { cursor: { x: 9, y: 9 } } });
    await until(() => named(hers, "guest")?.cursor?.x === 9);
    expect(await entries()).toBe(before);
    hers.stop();
    his.stop();
  });

  it("is gone within 5 s when a tab closes, by goodbye or without", async () => {
    const hers = follow(anna.client, id);
    for (const end of ["stop", "close"] as const) {
      const other = clientFor(server.origin, { cookie: guest.cookie, origin: server.origin });
      const his = follow(other.client, id);
      await until(() => named(hers, "guest") !== undefined);
      const at = performance.now();
      if (end === "stop") his.stop();
      else await other.close();
      await until(() => named(hers, "guest") === undefined);
      expect(performance.now() - at).toBeLessThan(5_000);
      await other.close();
    }
    hers.stop();
  });

  it("only for who may see the topology, until he may not", async () => {
    const stranger = await invite(server, admin, `stranger${made}`, "student");
    const outside = follow(stranger.client, id);
    await until(() => outside.error !== "");
    expect([outside.error, outside.people.size]).toEqual(["NOT_FOUND", 0]);
    expect(await failureOf(stranger.client.live.point.mutate({ id, patch: { cursor: { x: 0, y: 0 } } }))).toMatchObject({ code: "NOT_FOUND" });
    const leaver = await invite(server, teacher.client, `leaver${made}`, "viewer", classId);
    const [inside, hers] = [follow(leaver.client, id), follow(anna.client, id)];
    await until(() => named(hers, leaver.name) !== undefined);
    await teacher.client.class.removeMember.mutate({ id: classId, userId: leaver.id });
    await until(() => inside.error === "NOT_FOUND" && named(hers, leaver.name) === undefined);
    expect(await failureOf(leaver.client.live.point.mutate({ id, patch: { cursor: null } }))).toMatchObject({ code: "NOT_FOUND" });
    hers.stop();
    await stranger.close();
    await leaver.close();
  });

  it("refuses what is no place, too much of it, and too often", async () => {
    const hers = follow(anna.client, id);
    await until(() => hers.you !== "");
    const point = (patch: unknown) => failureOf(anna.client.live.point.mutate({ id, patch } as never)).then(({ code }) => code, () => "done");
    for (const patch of [
      { cursor: { x: "1", y: 1 } }, { cursor: { x: 1e9, y: 1 } }, { cursor: { x: 1 } }, { cursor: [1, 1] }, { selection: "vpc-1" }, { selection: Array(101).fill("x") }, { selection: ["x".repeat(65)] },
      { path: { there: [], back: [], reached: 1, arrived: true } }, { view: { x: 0, y: 0, width: 0, height: 1 } }, { name: "root" }, { key: "x" }, null, [], "x", undefined,
    ]) expect([patch, await point(patch)]).toEqual([patch, "SCHEMA"]);
    const codes = await Promise.all(Array.from({ length: 60 }, (_, x) => point({ cursor: { x, y: 0 } })));
    expect(codes.filter((code) => code === "RATE_LIMITED").length).toBeGreaterThan(15);
    hers.stop();
  });
});

describe("a room", () => {
  const user = (n: number) => ({ id: `u${n}`, name: `n${n}` });
  const options = { bufferedBytes: () => 0, you: null };

  it("shows a bounded number, and a place that is free again is given again", () => {
    const room = new PresenceRoom();
    const seats = Array.from({ length: PEOPLE_MAX }, (_, n) => room.sit(user(n)));
    expect([seats.every((seat) => seat !== null), room.sit(user(99))]).toEqual([true, null]);
    seats[3]?.leave();
    expect(room.sit(user(99))).not.toBeNull();
    for (const seat of seats) seat?.leave();
  });

  it("tells what changed at most every 50 ms, the newest of each", async () => {
    const room = new PresenceRoom();
    const stop = new AbortController();
    const heard: PresenceEvent[] = [];
    const ended = (async () => {
      for await (const event of room.watch({ ...options, signal: stop.signal })) heard.push(event);
    })();
    await until(() => heard.length === 1);
    const seat = room.sit(user(1));
    const at = performance.now();
    let said = 0;
    while (performance.now() - at < 400) {
      seat?.say({ cursor: { x: (said += 1), y: 0 } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => heard.some((event) => event.people.some(({ cursor }) => cursor?.x === said)));
    expect(said).toBeGreaterThan(50);
    expect(heard.length).toBeLessThan(14);
    stop.abort();
    await ended;
    seat?.leave();
    expect(room.isEmpty).toBe(true);
  });
});
