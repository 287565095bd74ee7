import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, invite, PASSWORD, signIn } from "../testing/people";
import { SignInLab } from "../testing/sign-in-lab";
import { standardDatabase } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { hashOf } from "./tokens";

afterAll(({}, file) => console.info(badInputCount("J", file)));

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const HOME = "192.0.2.1";

describe("a browser in which somebody has signed in before", () => {
  let lab: SignInLab;
  let device: string;
  beforeAll(async () => {
    lab = await SignInLab.open();
    await lab.students("student", 3);
  });
  afterAll(() => lab.close());
  beforeEach(async () => {
    lab.begin();
    await lab.database.tables.knownDevice.deleteMany();
    device = await know("student0");
  });

  const know = async (name: string, before: string | null = null) => (await lab.signIn(name, PASSWORD, HOME, before)).device.token;
  const stored = () => lab.database.tables.knownDevice.findMany({ orderBy: { id: "asc" }, include: { user: { select: { name: true } } } });
  /** A hundred addresses make ten thousand guesses in a quarter of an hour; `between`: after each hundred. */
  async function guess(name: string, token: string | null, between: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    for (let hundred = 0; hundred < 100; hundred++) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => lab.outcome(name, `guess ${hundred} ${i}`, `198.51.100.${i}`, token)));
      await between();
      lab.nowMs += (15 * MINUTE_MS) / 100;
    }
  }

  it("lets him in at any moment of ten thousand guesses at his account, of which at most ten are checked", async () => {
    const before = lab.passwords.checks;
    let own = 0;
    await guess("student0", null, async () => {
      device = await know("student0", device);
      own += 1;
    });
    expect(own).toBe(100);
    expect(lab.passwords.checks - before - own).toBeLessThanOrEqual(10);
    expect(lab.passwords.checks - before - own).toBeGreaterThanOrEqual(5);
    expect(await lab.outcome("student0", PASSWORD, HOME)).toBe("RATE_LIMITED");
    expect(await lab.outcome("student0", PASSWORD, HOME, device)).toBe("in");
  });

  it("lets him in although his address has failed often", async () => {
    for (let i = 0; i < 110; i++) await lab.outcome(`name${i}`, "wrong", HOME);
    expect(await lab.outcome("student0", PASSWORD, HOME)).toBe("RATE_LIMITED");
    expect(await lab.outcome("student0", PASSWORD, HOME, device)).toBe("in");
  });

  it("gives whoever has stolen its cookie no more guesses than strangers have, and no way to delay the others", async () => {
    const another = await know("student0");
    const before = lab.passwords.checks;
    await guess("student0", device);
    expect(lab.passwords.checks - before).toBeLessThanOrEqual(10);
    expect(lab.passwords.checks - before).toBeGreaterThanOrEqual(5);
    expect(await lab.outcome("student0", PASSWORD, HOME, device)).toBe("RATE_LIMITED");
    expect(await lab.outcome("student0", PASSWORD, HOME, another)).toBe("in");
    expect(await lab.outcome("student0", PASSWORD, HOME)).toBe("in");
  });

  it.each<[string, () => Promise<string>]>([
    ["of somebody else", () => know("student1")],
    ["that nobody has made", () => Promise.resolve("A".repeat(43))],
    ["that a later one has replaced", async () => { const old = device; device = await know("student0", old); return old; }],
    ["of 180 days ago", () => { lab.nowMs += 180 * DAY_MS; return Promise.resolve(device); }],
  ])("is not known by a cookie %s", async (_, tokenOf) => {
    const token = await tokenOf();
    for (let i = 0; i < 5; i++) await lab.outcome("student0", "wrong", "203.0.113.1");
    expect(await lab.outcome("student0", PASSWORD, HOME, token)).toBe("RATE_LIMITED");
  });

  it("signs nobody in by itself, and is no session", async () => {
    expect(await lab.outcome("student0", "", HOME, device)).toBe("UNAUTHENTICATED");
    expect(await lab.sessions.userOf(device)).toBeNull();
  });

  it("is one of at most twenty that are known of somebody; those of 180 days ago are deleted, whosever they were", async () => {
    for (let i = 0; i < 25; i++) {
      lab.nowMs += 1;
      await know("student1");
    }
    const newest = await know("student1");
    const rows = await stored();
    expect(rows.filter(({ user }) => user.name === "student1")).toHaveLength(20);
    expect(rows.map(({ tokenHash }) => tokenHash)).toEqual(expect.arrayContaining([hashOf(newest), hashOf(device)]));
    lab.nowMs += 180 * DAY_MS;
    await know("student2");
    expect((await stored()).map(({ user }) => user.name)).toEqual(["student2"]);
  });
});

describe("the cookie of a known browser", () => {
  let server: TestServer;
  let admin: TestClient;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    admin = await server.client();
  });
  afterAll(() => server.close());

  const person = () => invite(server, admin, `person${(made += 1)}`, "student");
  const deviceIn = (response: Response) => response.headers.getSetCookie().find((one) => one.includes("-device"));
  const post = (path: string, input: unknown, cookie = "") => fetch(`${server.origin}/api/trpc/${path}`, {
    method: "POST", headers: { origin: server.origin, "content-type": "application/json", "x-vpclab": "1", cookie }, body: JSON.stringify(input),
  });
  const deviceOf = async (name: string) => (deviceIn(await post("auth.signIn", { name, password: PASSWORD })) ?? "").split(";")[0] ?? "";
  /** Strangers have failed so often at this name that only a known browser may try. */
  async function isKnown(name: string, device: string, password = PASSWORD): Promise<boolean> {
    for (let i = 0; i < 6; i++) await signIn(server, name, "wrong horse battery");
    expect((await signIn(server, name, password)).status).toBe(429);
    return (await call(server, "auth.signIn", "mutation", { name, password }, { cookie: device })).status === 200;
  }

  it("is set when somebody signs in or gets an account: for no script, no other site, and for that call alone", async () => {
    const { name, close } = await person();
    await close();
    const { token } = await admin.invitation.create.mutate({ role: "student", classId: null });
    for (const response of [await post("auth.signIn", { name, password: PASSWORD }), await post("auth.register", { code: token, name: `${name}b`, password: PASSWORD })]) {
      expect(deviceIn(response)).toMatch(/^vpclab-device-\d+=[A-Za-z0-9_-]{43}; Path=\/api\/trpc\/auth\.signIn; HttpOnly; SameSite=Strict; Expires=[^;]+ GMT$/);
    }
    expect(deviceIn(await post("auth.signIn", { name, password: "wrong horse battery" }))).toBeUndefined();
    expect(await isKnown(name, await deviceOf(`${name}b`))).toBe(false);
  });

  it("makes the browser known", async () => {
    const { name, close } = await person();
    await close();
    expect(await isKnown(name, await deviceOf(name))).toBe(true);
  });

  it("behind https is sent by https alone", async () => {
    const behind = await startTestServer(standardDatabase(), { config: { publicUrl: "https://lab.example" } });
    const { token } = await behind.running.ready.signIn.match(/token=(?<token>.+)$/)?.groups as { token: string };
    const response = await fetch(`${behind.origin}/api/trpc/auth.setUp`, {
      method: "POST", headers: { origin: "https://lab.example", "content-type": "application/json", "x-vpclab": "1" }, body: JSON.stringify({ token, name: "root", password: PASSWORD }),
    });
    expect(deviceIn(response)).toMatch(/^__Secure-vpclab-device=[A-Za-z0-9_-]{43}; Path=\/api\/trpc\/auth\.signIn; HttpOnly; SameSite=Strict; Expires=[^;]+; Secure$/);
    await behind.close();
  });

  it.each<[string, (cookie: string) => Promise<Response>, string]>([
    ["a new password", (cookie) => post("account.changePassword", { current: PASSWORD, password: "another horse battery" }, cookie), "another horse battery"],
    ["signing out everywhere else", (cookie) => post("account.endOtherSessions", {}, cookie), PASSWORD],
  ])("counts for nothing after %s, but for the browser that has asked for it", async (_, ask, password) => {
    const { name, cookie, close } = await person();
    const device = await deviceOf(name);
    const response = await ask(cookie);
    expect(response.status).toBe(200);
    const own = (deviceIn(response) ?? "").split(";")[0] ?? "";
    expect(JSON.stringify(await response.json())).not.toContain(own.split("=")[1]);
    expect(await isKnown(name, device, password)).toBe(false);
    expect((await call(server, "auth.signIn", "mutation", { name, password }, { cookie: own })).status).toBe(200);
    await close();
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ["a new role", (id) => admin.user.setRole.mutate({ id, role: "viewer" })],
    ["disabling", async (id) => { await admin.user.setDisabled.mutate({ id, disabled: true }); await admin.user.setDisabled.mutate({ id, disabled: false }); }],
  ])("counts for nothing after %s", async (_, change) => {
    const { id, name, close } = await person();
    const device = await deviceOf(name);
    await change(id);
    expect(await isKnown(name, device)).toBe(false);
    await close();
  });

  it("does not make known whoever guesses at the current password by a session: five tries, then a pause", async () => {
    const { client, close } = await person();
    const codes: string[] = [];
    for (let i = 0; i < 8; i++) codes.push(await client.account.changePassword.mutate({ current: "wrong horse battery", password: PASSWORD }).then(() => "in", (error: { data?: { code: string } }) => error.data?.code ?? String(error)));
    expect(codes).toEqual([...Array<string>(5).fill("FORBIDDEN"), ...Array<string>(3).fill("RATE_LIMITED")]);
    await close();
  });
});
