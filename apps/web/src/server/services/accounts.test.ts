import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { Client } from "pg";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintSignIn } from "../mint-sign-in";
import { controlSocketPath } from "../start-server";
import { call, invite, PASSWORD, personOf, register, signIn } from "../testing/people";
import type { Person } from "../testing/people";
import { migrate } from "../store/migrate";
import { databaseKinds, MIGRATIONS, standardDatabase, testStorage } from "../testing/test-database";
import { startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { failureOf } from "../testing/wire-failure";
import { hashOf, newSecret } from "./tokens";

afterAll(({}, file) => console.info(badInputCount("J", file)));

const tokenOf = (link: string): string => new URL(link).searchParams.get("token") ?? "";
const setUp = (server: TestServer, token: string, name = "root", password = PASSWORD) => call(server, "auth.setUp", "mutation", { token, name, password });

describe.each(databaseKinds())("the first start on %s", (kind) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(kind);
  });
  afterAll(() => server.close());

  const page = async (query: string) => (await fetch(`${server.origin}/setup${query}`)).status;
  const link = () => mintSignIn(controlSocketPath(server.dataDirectory), "/link");

  it("opens nothing without the printed link, at every start", async () => {
    for (let start = 0; start < 2; start++) {
      for (const query of ["", "?token=", `?token=${"A".repeat(43)}`, "?token[]=x", "?x=1"]) expect([query, await page(query)]).toEqual([query, 404]);
      for (const token of ["x", "A".repeat(43), tokenOf(await mintSignIn(controlSocketPath(server.dataDirectory)))]) {
        expect(await setUp(server, token)).toMatchObject({ status: 404, cookie: null });
      }
      expect(await signIn(server, "admin", "")).toMatchObject({ status: 401 });
      expect(await signIn(server, "admin", "admin")).toMatchObject({ status: 401 });
      expect(server.running.ready.signIn).toMatch(/\/setup\?token=[A-Za-z0-9_-]{43}$/);
      await server.restart();
    }
  });

  it("its link signs nobody in, and refuses bad names and passwords without being used up", async () => {
    const token = tokenOf(await link());
    const asSignIn = await fetch(`${server.origin}/signin?token=${token}`, { redirect: "manual" });
    expect([asSignIn.status, asSignIn.headers.get("set-cookie")]).toEqual([401, null]);
    for (const [name, password] of [["root", "short"], ["root", "x".repeat(129)], ["r", PASSWORD], ["ro ot", PASSWORD], ["../root", PASSWORD], ["ro\u202eot", PASSWORD], ["-root", PASSWORD]] as const) {
      expect([name, (await setUp(server, token, name, password)).status]).toEqual([name, 400]);
    }
    expect(await page(`?token=${token}`)).toBe(200);
  });

  it("gives the administrator name and password once, to one of many who try at once; then all of it is gone for good", async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, link));
    const answers = await Promise.all(tokens.flatMap((url, i) => [setUp(server, tokenOf(url), `root${i}`), setUp(server, tokenOf(url), `boot${i}`)]));
    const [made, ...others] = answers.filter(({ status }) => status === 200);
    expect([others, answers.filter(({ status }) => status === 404).length]).toEqual([[], 19]);
    expect(made?.data).toMatchObject({ role: "admin" });
    const me = personOf(server, made ?? answers[0]!);
    expect(await me.client.topology.list.query()).toEqual([]);
    for (let start = 0; start < 2; start++) {
      for (const url of tokens) {
        expect(await page(`?token=${tokenOf(url)}`)).toBe(404);
        expect((await setUp(server, tokenOf(url), "another")).status).toBe(404);
      }
      expect(await page("")).toBe(404);
      expect(server.running.ready.signIn).toContain(start === 0 ? "/setup" : "/signin");
      expect(await link()).toContain("/signin?token=");
      expect(await signIn(server, me.name)).toMatchObject({ status: 200, data: { name: me.name, role: "admin" } });
      await server.restart();
    }
    await me.close();
  });

  it("the machine's own link still signs the administrator in, who may then choose a password without the one before", async () => {
    const { client } = personOf(server, { status: 200, code: null, message: "", data: { id: "", name: "" }, cookie: await server.signIn() });
    expect(await client.account.get.query()).toMatchObject({ hasPassword: true, byLink: true });
    const { name } = await client.auth.me.query();
    await client.account.changePassword.mutate({ current: null, password: "yet another battery" });
    expect((await signIn(server, name)).status).toBe(401);
    expect((await signIn(server, name, "yet another battery")).status).toBe(200);
  });
});

describe.runIf(databaseKinds().includes("postgresql"))("a database of the version without passwords", () => {
  it("keeps its administrator, sessions and drawings, and asks for a password at the next start", async () => {
    const storage = await testStorage("postgresql");
    const before = mkdtempSync(join(tmpdir(), "vpclab-migrations-"));
    for (const name of readdirSync(MIGRATIONS).filter((name) => name < "20261130")) cpSync(join(MIGRATIONS, name), join(before, name), { recursive: true });
    const old = new Client(storage.databaseUrl ?? "");
    await old.connect();
    await migrate(old, before);
    const [id, token] = [randomUUID(), newSecret()];
    await old.query(`INSERT INTO "User" ("id", "name", "role") VALUES ($1, 'admin', 'admin')`, [id]);
    await old.query(`INSERT INTO "Session" ("id", "tokenHash", "userId", "expiresAt") VALUES ($1, $2, $3, now() + interval '7 days')`, [randomUUID(), hashOf(token), id]);
    await old.query(`INSERT INTO "Topology" ("id", "name", "ownerId", "document", "layout", "updatedAt") VALUES ($1, 'kept', $2, $3, '{}', now())`, [randomUUID(), id, JSON.stringify(EMPTY_TOPOLOGY)]);
    await old.end();
    rmSync(before, { recursive: true });

    const server = await startTestServer("postgresql", { storage });
    const cookie = `vpclab-${server.port}=${token}`;
    expect(await call(server, "topology.list", "query", undefined, { cookie })).toMatchObject({ status: 200, data: [{ name: "kept", owner: "admin" }] });
    expect(await setUp(server, tokenOf(server.running.ready.signIn), "chief")).toMatchObject({ status: 200, data: { id, name: "chief", role: "admin" } });
    expect(await call(server, "auth.me", "query", undefined, { cookie })).toMatchObject({ status: 200, data: { name: "chief" } });
    await server.close();
  });
});

describe("accounts", () => {
  let server: TestServer;
  let admin: TestClient;
  let teacher: Person;
  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    admin = await server.client();
    teacher = await invite(server, admin, "teacher", "instructor");
  });
  afterAll(async () => {
    await teacher.close();
    await server.close();
  });

  it("answer unknown names, wrong passwords and disabled accounts alike, and lengths before any work", async () => {
    const off = await invite(server, admin, "switched-off", "student");
    await off.close();
    await admin.user.setDisabled.mutate({ id: off.id, disabled: true });
    const wrong = [
      ["unknown name", "nobody", PASSWORD], ["wrong password", "teacher", "wrong horse battery"], ["disabled", "switched-off", PASSWORD], ["empty password", "teacher", ""],
      ["empty name", "", PASSWORD], ["NUL", "teacher\0", PASSWORD], ["NUL in the password", "teacher", `${PASSWORD}\0`],
      ["an admin without a password", "admin", ""], ["SQL", "' OR 1=1 --", PASSWORD],
    ] as const;
    for (const [what, name, password] of wrong) {
      const answer = await signIn(server, name, password);
      expect([what, answer.status, answer.message, answer.cookie]).toEqual([what, 401, "Name or password is wrong.", null]);
    }
    for (const [name, password] of [["teacher", "x".repeat(129)], ["x".repeat(65), PASSWORD]] as const) expect((await signIn(server, name, password)).status).toBe(400);
    expect((await signIn(server, "teacher", "x".repeat(10_000_000))).status).toBe(413);
  });

  it("sign in with a new session each time, whose cookie scripts cannot read and whose value the database does not have", async () => {
    const [first, second] = [await signIn(server, " Teacher "), await signIn(server, "teacher")];
    expect(first.cookie).not.toBe(second.cookie);
    expect(JSON.stringify(first.data)).not.toContain(first.cookie?.split("=")[1] ?? "");
    const response = await fetch(`${server.origin}/api/trpc/auth.signIn`, {
      method: "POST", headers: { origin: server.origin, "content-type": "application/json", "x-vpclab": "1", cookie: `vpclab-${server.port}=${"A".repeat(43)}` }, body: JSON.stringify({ name: "teacher", password: PASSWORD }),
    });
    expect(response.headers.get("set-cookie")).toMatch(/^vpclab-\d+=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Expires=/);
    expect(response.headers.get("set-cookie")).not.toContain("A".repeat(43));
  });

  it.each(["auth.signIn", "auth.setUp", "auth.register"])("%s is not taken in a batch, alone or beside others", async (path) => {
    const input = { name: "teacher", password: PASSWORD };
    for (const paths of [[path, path], [path, "auth.signOut"], Array<string>(10).fill(path)]) {
      const response = await fetch(`${server.origin}/api/trpc/${paths.join(",")}?batch=1`, {
        method: "POST", headers: { origin: server.origin, "content-type": "application/json", "x-vpclab": "1" }, body: JSON.stringify(Object.fromEntries(paths.map((_, i) => [i, input]))),
      });
      const text = await response.text();
      const answers = JSON.parse(text) as { result?: unknown; error?: { data: { code: string } } }[];
      if (!Array.isArray(answers)) throw new Error(text);
      expect(answers.map(({ result }) => result)).toEqual(paths.map(() => undefined));
      expect(response.headers.get("set-cookie")).toBeNull();
    }
  });

  it("an invitation makes one account, of its role, of many who use it at once", async () => {
    const { token } = await admin.invitation.create.mutate({ role: "viewer", classId: null });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => register(server, token, `racer${i}`)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(7);
    expect(answers.find(({ status }) => status === 200)?.data).toMatchObject({ role: "viewer" });
    expect((await admin.user.list.query()).filter(({ name }) => name.startsWith("racer"))).toHaveLength(1);
  });

  it("a taken name is refused and does not use the invitation up", async () => {
    const { token } = await admin.invitation.create.mutate({ role: "student", classId: null });
    expect(await register(server, token, "teacher")).toMatchObject({ status: 409, code: "NAME_TAKEN" });
    expect((await register(server, token, "free-name")).status).toBe(200);
  });

  it("a withdrawn invitation or join code, and the one before a new code, do not work", async () => {
    const { id } = await teacher.client.class.create.mutate({ name: "Codes" });
    const first = await teacher.client.class.renewCode.mutate({ id });
    const second = await teacher.client.class.renewCode.mutate({ id });
    expect(first.token).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
    expect((await register(server, first.token, "late-one")).status).toBe(404);
    await teacher.client.class.withdrawCode.mutate({ id });
    expect((await register(server, second.token, "late-one")).status).toBe(404);
    const { token } = await teacher.client.invitation.create.mutate({ role: "student", classId: id });
    const [{ id: invitationId } = { id: "" }] = await teacher.client.invitation.list.query();
    await teacher.client.invitation.withdraw.mutate({ id: invitationId });
    expect((await register(server, token, "late-one")).status).toBe(404);
  });

  it("the last administrator stays one", async () => {
    const me = await admin.auth.me.query();
    const calls = [
      admin.user.setRole.mutate({ id: me.id, role: "student" }), admin.user.setRole.mutate({ id: me.id, role: "instructor" }),
      admin.user.setDisabled.mutate({ id: me.id, disabled: true }), admin.user.remove.mutate({ id: me.id }),
    ];
    for (const refused of calls) expect((await failureOf(refused)).code).toBe("CONFLICT");
    expect((await admin.auth.me.query()).role).toBe("admin");
  });

  it("of the last two administrators who demote each other at once, one stays", async () => {
    for (let round = 0; round < 5; round++) {
      const other = await invite(server, admin, `admin-${round}`, "admin");
      const me = await admin.auth.me.query();
      const outcomes = await Promise.allSettled([
        admin.user.setDisabled.mutate({ id: other.id, disabled: true }), other.client.user.setDisabled.mutate({ id: me.id, disabled: true }),
      ]);
      const admins = [...outcomes].filter(({ status }) => status === "fulfilled");
      expect(admins).toHaveLength(1);
      await other.close();
      if ((await admin.auth.me.query().catch(() => null)) === null) {
        // The other one has won: he lets the first in again and leaves.
        const back = personOf(server, await signIn(server, `admin-${round}`));
        await back.client.user.setDisabled.mutate({ id: me.id, disabled: false });
        admin = await server.client();
        await back.close();
        break;
      }
    }
  });

  it("a deleted user's topologies go to his instructor, or to the administrator, and his name is free", async () => {
    const { id: classId } = await teacher.client.class.create.mutate({ name: "Heirs" });
    const pupil = await invite(server, teacher.client, "pupil", "student", classId);
    const loner = await invite(server, admin, "loner", "student");
    await pupil.client.topology.create.mutate({ name: "pupils-lab", template: "two-vpc" });
    await loner.client.topology.create.mutate({ name: "loners-lab", template: "empty" });
    await admin.user.remove.mutate({ id: pupil.id });
    await admin.user.remove.mutate({ id: loner.id });
    const owners = Object.fromEntries((await admin.topology.list.query()).map(({ name, owner }) => [name, owner]));
    expect(owners).toMatchObject({ "pupils-lab": "teacher", "loners-lab": (await admin.auth.me.query()).name });
    expect((await signIn(server, "pupil")).status).toBe(401);
    expect((await failureOf(pupil.client.topology.list.query())).code).toBe("UNAUTHENTICATED");
    const again = await invite(server, teacher.client, "pupil", "student", classId);
    expect(await again.client.topology.list.query()).toEqual([]);
    const [lab] = (await teacher.client.topology.list.query()).filter(({ name }) => name === "pupils-lab");
    expect((await teacher.client.topology.revisions.query({ id: lab?.id ?? "" }))[0]?.author).toMatch(/^pupil \(deleted /);
    for (const person of [pupil, loner, again]) await person.close();
  });
});
