import { once } from "node:events";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { invite, PASSWORD, personOf, signIn } from "../testing/people";
import type { Person } from "../testing/people";
import { standardDatabase, testStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { failureOf } from "../testing/wire-failure";
import pino from "pino";
import { openDatabase } from "../store/database";
import { createUser } from "../store/user-store";
import { MIGRATIONS } from "../testing/test-database";
import { AccessChanges } from "./access-changes";
import { KnownDevices } from "./known-devices";
import { Sessions } from "./session-service";

const CUT_MS = 2_000;

describe("what ends a session ends its sockets within two seconds", () => {
  let server: TestServer;
  let admin: TestClient;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    admin = await server.client();
  });
  afterAll(() => server.close());

  const opened = async (cookie: string): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/ws`, { headers: { origin: server.origin, cookie } });
    await once(socket, "open");
    return socket;
  };

  /** A person with two sessions and a socket on each. */
  async function withSockets() {
    const name = `person-${(made += 1)}`;
    const here = await invite(server, admin, name, "student");
    const there = personOf(server, await signIn(server, name));
    return { here, there, sockets: { here: await opened(here.cookie), there: await opened(there.cookie) } };
  }

  type Way = (people: { here: Person; there: Person }) => Promise<unknown>;
  const WAYS: readonly (readonly [string, Way, "both" | "there" | "here"])[] = [
    ["signing out", ({ here }) => here.client.auth.signOut.mutate(), "here"],
    ["ending it from another one", async ({ here }) => here.client.account.endSession.mutate({ id: (await here.client.account.sessions.query()).find(({ current }) => !current)?.id ?? "" }), "there"],
    ["ending all others", ({ here }) => here.client.account.endOtherSessions.mutate(), "there"],
    ["a new password", ({ here }) => here.client.account.changePassword.mutate({ current: PASSWORD, password: "another horse battery" }), "there"],
    ["a new role", ({ here }) => admin.user.setRole.mutate({ id: here.id, role: "viewer" }), "both"],
    ["disabling", ({ here }) => admin.user.setDisabled.mutate({ id: here.id, disabled: true }), "both"],
    ["deleting", ({ here }) => admin.user.remove.mutate({ id: here.id }), "both"],
  ];

  it.each(WAYS)("%s", async (_, way, which) => {
    const { here, there, sockets } = await withSockets();
    const cut = which === "both" ? (["here", "there"] as const) : [which];
    const closed = cut.map((one) => once(sockets[one], "close") as Promise<[number]>);
    const at = performance.now();
    await way({ here, there });
    expect((await Promise.all(closed)).map(([code]) => code)).toEqual(cut.map(() => 4401));
    expect(performance.now() - at).toBeLessThan(CUT_MS);
    for (const one of ["here", "there"] as const) {
      const person = { here, there }[one];
      if (which === "both" || one === which) expect((await failureOf(person.client.auth.me.query())).code).toBe("UNAUTHENTICATED");
      else expect([(await person.client.auth.me.query()).name, sockets[one].readyState]).toEqual([here.name, WebSocket.OPEN]);
      sockets[one].terminate();
      await person.close();
    }
  });

  it("in 100 trials, none is late", async () => {
    const person = await invite(server, admin, "often", "student");
    const lateMs: number[] = [];
    for (let trial = 0; trial < 100; trial++) {
      const cookie = (await signIn(server, "often")).cookie ?? "";
      const socket = await opened(cookie);
      const closed = once(socket, "close");
      const at = performance.now();
      await person.client.account.endOtherSessions.mutate();
      await closed;
      lateMs.push(performance.now() - at);
    }
    console.log(`100 of 100 sockets cut, the slowest after ${Math.max(...lateMs).toFixed(0)} ms`);
    expect(Math.max(...lateMs)).toBeLessThan(CUT_MS);
    await person.close();
  });

  it("a wrong current password changes nothing", async () => {
    const person = await invite(server, admin, "careful", "student");
    for (const current of ["wrong horse battery", "", null]) {
      expect((await failureOf(person.client.account.changePassword.mutate({ current, password: "another horse battery" }))).code).toBe("FORBIDDEN");
    }
    expect((await signIn(server, "careful")).status).toBe(200);
    await person.close();
  });

  it("a link for somebody who forgot his password works once, and is void after he has been disabled", async () => {
    const person = await invite(server, admin, "forgetful", "student");
    const open = async (token: string) => (await fetch(`${server.origin}/signin?token=${token}`, { redirect: "manual" })).status;
    const { token } = await admin.user.mintSignInLink.mutate({ id: person.id });
    expect([await open(token), await open(token)]).toEqual([303, 401]);
    const second = await admin.user.mintSignInLink.mutate({ id: person.id });
    await admin.user.setDisabled.mutate({ id: person.id, disabled: true });
    await admin.user.setDisabled.mutate({ id: person.id, disabled: false });
    expect(await open(second.token)).toBe(401);
    await person.close();
  });

  it("lists one's own sessions only, and marks the one that asks", async () => {
    const { here, there, sockets } = await withSockets();
    const listed = await here.client.account.sessions.query();
    expect([listed.length, listed.filter(({ current }) => current).length]).toEqual([2, 1]);
    expect(JSON.stringify(listed)).not.toContain(here.cookie.split("=")[1] ?? "");
    for (const socket of Object.values(sockets)) socket.terminate();
    for (const person of [here, there]) await person.close();
  });
});

describe("a session runs out", () => {
  it.each([
    ["admin", 2, 12], ["instructor", 2, 12], ["student", 168, 168], ["viewer", 168, 168],
  ] as const)("of a %s after %i idle hours, and after %i hours at the latest", async (role, idleHours, hours) => {
    const storage = await testStorage(standardDatabase());
    const database = await openDatabase({ url: storage.databaseUrl, dataDirectory: storage.dataDirectory, migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), onFatal: (error) => console.error(error) });
    let now = Date.now();
    const sessions = new Sessions(database, new KnownDevices(database, () => now), new AccessChanges(), () => new Date(now));
    const user = await createUser(database.tables, { name: "ann", role, passwordHash: "" });
    const begin = () => database.transaction((tables) => sessions.begin(tables, user, { byLink: false, device: "test" }));
    const HOUR_MS = 3_600_000;

    const idle = await begin();
    now += idleHours * HOUR_MS - 1_000;
    expect((await sessions.userOf(idle.token))?.name).toBe("ann");
    now += idleHours * HOUR_MS + 2_000;
    expect(await sessions.userOf(idle.token)).toBeNull();

    const used = await begin();
    for (let hour = 1; hour < hours; hour++) {
      now += HOUR_MS;
      if ((await sessions.userOf(used.token)) === null) throw new Error(`ended after ${hour} hours of use`);
    }
    now += HOUR_MS;
    expect(await sessions.userOf(used.token)).toBeNull();
    await database.close();
    storage.remove();
  });
});
