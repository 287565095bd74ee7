import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, invite, register, signIn } from "../testing/people";
import type { Person } from "../testing/people";
import { record } from "../testing/live-recorder";
import { upgradeStatus } from "../testing/raw-socket";
import { standardDatabase } from "../testing/test-database";
import { clientFor, startTestServer } from "../testing/test-server";
import type { TestClient, TestServer } from "../testing/test-server";
import { vpcEdit } from "../testing/vpc-edit";
import { appRouter } from "./app-router";

/** `owner`: the student whose topology, class, session and account the calls are about. */
const ACTORS = ["anonymous", "owner", "classmate", "outsider", "instructor", "otherInstructor", "admin", "viewer", "disabled", "agent", "stage"] as const;
type Actor = (typeof ACTORS)[number];
type Expected = Readonly<Record<Actor, string>>;

const NOBODY = { anonymous: "UNAUTHENTICATED", disabled: "UNAUTHENTICATED", agent: "UNAUTHENTICATED", stage: "UNAUTHENTICATED" } as const;
const all = (code: string): Expected => ({ ...NOBODY, owner: code, classmate: code, outsider: code, instructor: code, otherInstructor: code, admin: code, viewer: code });
/** What a topology's owner, his instructor and administrators do; a viewer of the class sees it. */
const changes = (done = "done"): Expected => ({ ...all("NOT_FOUND"), owner: done, instructor: done, admin: done, viewer: "FORBIDDEN" });
const sees = (done = "done"): Expected => ({ ...changes(done), viewer: done });
const staff = (done = "done"): Expected => ({ ...all("FORBIDDEN"), instructor: done, otherInstructor: done, admin: done });
const administration = (done = "done"): Expected => ({ ...all("FORBIDDEN"), admin: done });
/** The class belongs to `instructor`; its members see it. */
const ofClass: Expected = { ...all("FORBIDDEN"), outsider: "NOT_FOUND", otherInstructor: "NOT_FOUND", instructor: "done", admin: "done" };
/** Accounts are managed by administrators; the instructor sees his students. */
const ofUser: Expected = { ...all("NOT_FOUND"), owner: "FORBIDDEN", instructor: "FORBIDDEN", admin: "done" };
const open = (code: string): Expected => Object.fromEntries(ACTORS.map((actor) => [actor, code])) as unknown as Expected;

const NO_HOST = "01990000-0000-7000-8000-000000000000";
const NEW_PASSWORD = "another horse battery";
const ping = { source: { instanceId: "i-00000000" }, destination: { internet: true }, kind: "ping", port: null };

interface Case {
  readonly expected: Expected;
  /** Makes what the call is about, so that one actor's call leaves the next one's as it was. */
  readonly input?: (world: World) => unknown;
}

/** Every procedure. One that is not here fails the test: decide who may call it. */
const CASES: Readonly<Record<string, Case>> = {
  "auth.me": { expected: all("done") },
  "auth.signIn": { expected: open("UNAUTHENTICATED"), input: (world) => ({ name: world.fresh("nobody-"), password: "wrong" }) },
  "auth.setUp": { expected: open("NOT_FOUND"), input: () => ({ token: "x".repeat(43), name: "somebody", password: NEW_PASSWORD }) },
  "auth.register": { expected: open("done"), input: async (world) => ({ code: await world.invitation(), name: world.fresh("newcomer-"), password: NEW_PASSWORD }) },
  "auth.signOut": { expected: all("done") },
  "account.get": { expected: all("done") },
  "account.changePassword": { expected: all("FORBIDDEN"), input: () => ({ current: "not my password", password: NEW_PASSWORD }) },
  "account.sessions": { expected: all("done") },
  "account.endSession": { expected: { ...all("NOT_FOUND"), owner: "done" }, input: async (world) => ({ id: await world.sessionOfOwner() }) },
  "account.endOtherSessions": { expected: all("done") },
  "user.list": { expected: staff() },
  "user.setRole": { expected: ofUser, input: (world) => ({ id: world.owner.id, role: "student" }) },
  "user.setDisabled": { expected: ofUser, input: (world) => ({ id: world.owner.id, disabled: false }) },
  "user.remove": { expected: { ...ofUser, owner: "NOT_FOUND" }, input: async (world) => ({ id: await world.student() }) },
  "user.mintSignInLink": { expected: { ...ofUser, instructor: "done" }, input: (world) => ({ id: world.owner.id }) },
  "class.list": { expected: all("done") },
  "class.create": { expected: staff(), input: (world) => ({ name: world.fresh("class ") }) },
  "class.remove": { expected: { ...ofClass, owner: "NOT_FOUND", classmate: "NOT_FOUND", viewer: "NOT_FOUND" }, input: async (world) => ({ id: (await world.instructor.client.class.create.mutate({ name: world.fresh("class ") })).id }) },
  "class.renewCode": { expected: ofClass, input: (world) => ({ id: world.classId }) },
  "class.withdrawCode": { expected: ofClass, input: (world) => ({ id: world.classId }) },
  "class.removeMember": { expected: ofClass, input: async (world) => ({ id: world.classId, userId: await world.student() }) },
  "class.join": { expected: { ...all("done"), instructor: "FORBIDDEN", otherInstructor: "FORBIDDEN", admin: "FORBIDDEN" }, input: async (world) => ({ code: await world.codeOfAnEmptyClass() }) },
  "invitation.list": { expected: all("done") },
  "invitation.create": { expected: ofClass, input: (world) => ({ role: "student", classId: world.classId }) },
  "invitation.withdraw": { expected: { ...all("NOT_FOUND"), instructor: "done", admin: "done" }, input: async (world) => ({ id: await world.invitationId() }) },
  "topology.list": { expected: all("done") },
  "topology.get": { expected: sees(), input: (world) => ({ id: world.topologyId }) },
  "topology.create": { expected: { ...all("done"), viewer: "FORBIDDEN" }, input: (world) => ({ name: world.fresh("t"), template: "empty" }) },
  "topology.import": { expected: { ...all("done"), viewer: "FORBIDDEN" }, input: async (world) => ({ name: world.fresh("t"), document: (await world.owner.client.topology.get.query({ id: world.topologyId })).document }) },
  "topology.export": { expected: sees(), input: (world) => ({ id: world.topologyId }) },
  "topology.rename": { expected: changes(), input: async (world) => ({ id: await world.topology(), name: world.fresh("t") }) },
  "topology.duplicate": { expected: changes(), input: (world) => ({ id: world.topologyId, name: world.fresh("t") }) },
  "topology.remove": { expected: changes(), input: async (world) => ({ id: await world.topology() }) },
  "topology.save": { expected: changes(), input: async (world) => ({ id: await world.topology(), baseRevision: 1, clientId: "t", commands: [vpcEdit("vpc-0000000a", "x", "10.77.0.0/16")] }) },
  "topology.saveLayout": { expected: changes(), input: (world) => ({ id: world.topologyId, patch: {}, clientId: "t" }) },
  "topology.revisions": { expected: sees(), input: (world) => ({ id: world.topologyId }) },
  "topology.revision": { expected: sees(), input: (world) => ({ id: world.topologyId, revision: 1 }) },
  "deployment.plan": { expected: sees(), input: (world) => ({ id: world.topologyId }) },
  "deployment.inspect": { expected: sees("HOST_OFFLINE"), input: (world) => ({ id: world.topologyId, objectId: "vpc-00000000" }) },
  "deployment.preview": { expected: { ...all("NAME_TAKEN"), owner: "done", instructor: "done", admin: "done", viewer: "FORBIDDEN" }, input: async (world) => ({ name: "lab", desired: (await world.owner.client.topology.get.query({ id: world.topologyId })).document }) },
  "deployment.applyNewest": { expected: changes(), input: async (world) => ({ id: await world.topology() }) },
  "deployment.safeApply": { expected: sees(), input: (world) => ({ id: world.topologyId }) },
  "deployment.cancel": { expected: changes(), input: async (world) => ({ id: await world.topology() }) },
  "deployment.teardown": { expected: changes("NOT_APPLIED"), input: async (world) => ({ id: await world.topology() }) },
  "peering.candidates": { expected: changes("REF_UNKNOWN"), input: (world) => ({ id: world.topologyId, vpcId: "vpc-00000000" }) },
  "peering.request": { expected: changes("REF_UNKNOWN"), input: async (world) => ({ id: world.topologyId, vpcId: "vpc-00000000", peerTopologyId: await world.topology(), peerVpcId: "vpc-00000000" }) },
  "peering.answer": { expected: changes("REF_UNKNOWN"), input: (world) => ({ id: world.topologyId, peeringId: "pcx-00000000", accept: true }) },
  "rule.hits": { expected: sees("NOT_FOUND"), input: (world) => ({ id: world.topologyId, objectId: "sg-00000000" }) },
  "probe.run": { expected: changes("REF_UNKNOWN"), input: (world) => ({ id: world.topologyId, ...ping }) },
  "probe.measure": { expected: changes("REF_UNKNOWN"), input: (world) => ({ id: world.topologyId, kind: "ping", port: null, flows: [{ source: ping.source, destination: ping.destination }] }) },
  "host.list": { expected: all("done") },
  "host.overview": { expected: administration() },
  "host.mintToken": { expected: administration(), input: (world) => ({ name: world.fresh("host-") }) },
  "host.rotateKey": { expected: administration() },
  "host.approve": { expected: administration("NOT_FOUND"), input: () => ({ id: NO_HOST }) },
  "host.check": { expected: administration("NOT_FOUND"), input: () => ({ id: NO_HOST }) },
  "host.reject": { expected: administration("NOT_FOUND"), input: () => ({ id: NO_HOST }) },
  "host.revoke": { expected: administration("NOT_FOUND"), input: () => ({ id: NO_HOST }) },
  "host.unlock": { expected: administration("NOT_FOUND"), input: () => ({ id: NO_HOST }) },
  "host.remove": { expected: administration("NOT_FOUND"), input: () => ({ id: NO_HOST }) },
  "host.choose": { expected: { ...changes("NOT_FOUND"), viewer: "FORBIDDEN" }, input: (world) => ({ id: world.topologyId, hostId: NO_HOST }) },
  "stage.list": { expected: changes(), input: (world) => ({ id: world.topologyId }) },
  "stage.create": { expected: changes(), input: async (world) => ({ id: await world.topology(), hours: 1 }) },
  "stage.revoke": { expected: changes(), input: async (world) => world.stageLink() },
  "audit.list": { expected: administration(), input: () => ({ limit: 10 }) },
  "audit.verify": { expected: administration() },
  "audit.export": { expected: administration(), input: () => ({}) },
  "activity.list": { expected: sees(), input: (world) => ({ topology: world.topologyId, limit: 10 }) },
  "activity.get": { expected: sees(), input: (world) => ({ entryId: world.entryId }) },
  "live.presence": { expected: sees(), input: (world) => ({ id: world.topologyId }) },
  // By a socket alone, to whoever has the subscription above open on it.
  "live.point": { expected: open("NOT_FOUND"), input: (world) => ({ id: world.topologyId, patch: { cursor: null } }) },
  "live.topology": { expected: sees(), input: (world) => ({ id: world.topologyId }) },
};

interface World {
  readonly owner: Person;
  readonly instructor: Person;
  readonly topologyId: string;
  readonly classId: string;
  readonly entryId: string;
  /** What a link for an audience holds, of a topology that the calls are about. */
  readonly stageToken: string;
  stageLink(): Promise<{ id: string; linkId: string }>;
  fresh(prefix: string): string;
  topology(): Promise<string>;
  student(): Promise<string>;
  sessionOfOwner(): Promise<string>;
  invitation(): Promise<string>;
  invitationId(): Promise<string>;
  codeOfAnEmptyClass(): Promise<string>;
}

describe("who may do what", () => {
  let server: TestServer;
  let admin: TestClient;
  let people: Record<"owner" | "classmate" | "outsider" | "instructor" | "otherInstructor" | "admin" | "viewer" | "disabled", Person>;
  let world: World;

  beforeAll(async () => {
    server = await startTestServer(standardDatabase());
    admin = await server.client();
    const instructor = await invite(server, admin, "teacher", "instructor");
    const otherInstructor = await invite(server, admin, "other-teacher", "instructor");
    const { id: classId } = await instructor.client.class.create.mutate({ name: "Networks" });
    const { id: otherClassId } = await otherInstructor.client.class.create.mutate({ name: "Other" });
    const owner = await invite(server, instructor.client, "owner", "student", classId);
    people = {
      owner, instructor, otherInstructor,
      classmate: await invite(server, instructor.client, "classmate", "student", classId),
      viewer: await invite(server, instructor.client, "guest", "viewer", classId),
      outsider: await invite(server, otherInstructor.client, "outsider", "student", otherClassId),
      admin: await invite(server, admin, "second-admin", "admin"),
      disabled: await invite(server, instructor.client, "gone", "student", classId),
    };
    await admin.user.setDisabled.mutate({ id: people.disabled.id, disabled: true });
    const { id: topologyId } = await owner.client.topology.create.mutate({ name: "lab", template: "two-vpc" });
    const entry = (await owner.client.activity.list.query({ topology: topologyId, limit: 1 }))[0];
    let made = 0;
    const fresh = (prefix: string) => `${prefix}${(made += 1)}`;
    world = {
      owner, instructor, topologyId, classId, fresh, stageToken: (await owner.client.stage.create.mutate({ id: topologyId, hours: 1 })).token,
      stageLink: async () => {
        const id = await world.topology();
        await owner.client.stage.create.mutate({ id, hours: 1 });
        return { id, linkId: (await owner.client.stage.list.query({ id }))[0]?.id ?? "" };
      }, entryId: entry?.id ?? "",
      topology: async () => (await owner.client.topology.create.mutate({ name: fresh("t"), template: "empty" })).id,
      student: async () => (await invite(server, instructor.client, fresh("student-"), "student", classId)).id,
      sessionOfOwner: async () => {
        await signIn(server, "owner");
        return (await owner.client.account.sessions.query()).find(({ current }) => !current)?.id ?? "";
      },
      invitation: async () => (await admin.invitation.create.mutate({ role: "student", classId: null })).token,
      invitationId: async () => {
        await instructor.client.invitation.create.mutate({ role: "student", classId });
        return (await instructor.client.invitation.list.query())[0]?.id ?? "";
      },
      codeOfAnEmptyClass: async () => (await admin.class.renewCode.mutate({ id: (await admin.class.create.mutate({ name: fresh("class ") })).id })).token,
    };
  });
  afterAll(async () => {
    for (const person of Object.values(people)) await person.close();
    await server.close();
  });

  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: "query" | "mutation" | "subscription" } }>);

  /** What an actor puts into a request. */
  async function headersOf(actor: Actor, path: string): Promise<Record<string, string>> {
    if (actor === "anonymous") return {};
    if (actor === "stage") return { authorization: `Bearer ${world.stageToken}`, cookie: `vpclab-${server.port}=${world.stageToken}` };
    if (actor === "agent") return { authorization: `Bearer ${server.joinToken ?? ""}`, cookie: `vpclab-${server.port}=${(server.joinToken ?? "").slice(-43)}` };
    // Signing out ends a session of its own.
    const cookie = path === "auth.signOut" && actor !== "disabled" ? (await signIn(server, people[actor].name)).cookie : people[actor].cookie;
    return { cookie: cookie ?? "" };
  }

  async function outcome(actor: Actor, path: string, type: "query" | "mutation" | "subscription", input: unknown): Promise<string> {
    const headers = await headersOf(actor, path);
    if (type !== "subscription") return (await call(server, path, type, input, headers)).code ?? "done";
    const status = await upgradeStatus(`ws://127.0.0.1:${server.port}/api/ws`, { origin: server.origin, ...headers });
    if (status === 401) return "UNAUTHENTICATED";
    const { client, close } = clientFor(server.origin, { origin: server.origin, ...headers });
    const heard = await new Promise<string>((resolve) => {
      const [noun = "", verb = ""] = path.split(".");
      const subscribe = (client as unknown as Record<string, Record<string, { subscribe: (input: unknown, handlers: unknown) => unknown }>>)[noun]?.[verb]?.subscribe;
      subscribe?.(input, { onData: () => resolve("done"), onError: (error: { data?: { code?: string } }) => resolve(error.data?.code ?? "cut") });
    });
    await close();
    return heard;
  }

  it("is decided for every procedure and every subscription", () => {
    expect(Object.keys(CASES).sort()).toEqual(procedures.map(([path]) => path).sort());
    for (const { expected } of Object.values(CASES)) expect(Object.keys(expected).sort()).toEqual([...ACTORS].sort());
  });

  it.each(procedures.map(([path, { _def: { type } }]) => [path, type] as const))("%s", async (path, type) => {
    const { expected, input } = CASES[path] ?? { expected: {} as Expected };
    const found: Record<string, string> = {};
    for (const actor of ACTORS) found[actor] = await outcome(actor, path, type, await input?.(world));
    expect(found).toEqual(expected);
  });

  it("lists show each what is his to see, and nothing else", async () => {
    const names = async (person: Person) => (await person.client.topology.list.query()).map(({ owner }) => owner);
    const owners = async (person: Person) => new Set(await names(person));
    expect(await owners(people.owner)).toEqual(new Set(["owner"]));
    expect(await owners(people.instructor)).toEqual(new Set(["owner", "classmate", "teacher"]));
    expect(await owners(people.viewer)).toEqual(new Set(["owner", "classmate", "teacher"]));
    expect(await owners(people.otherInstructor)).toEqual(new Set(["other-teacher", "outsider"]));
    expect((await people.otherInstructor.client.user.list.query()).map(({ name }) => name).sort()).toEqual(["other-teacher", "outsider"]);
    const logged = await people.classmate.client.activity.list.query({ topology: null, limit: 200 });
    const own = new Set((await people.classmate.client.topology.list.query()).map(({ id }) => id));
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.filter(({ topologyId }) => topologyId === null || !own.has(topologyId))).toEqual([]);
    for (const seen of await people.owner.client.class.list.query()) expect([seen.members, seen.joinCodeExpiresAt]).toEqual([[], null]);
  });

  it("an instructor invites students and viewers into own classes only", async () => {
    const { id: otherClass } = (await people.otherInstructor.client.class.list.query())[0] ?? { id: "" };
    for (const [role, classId, code] of [
      ["admin", null, "FORBIDDEN"], ["instructor", null, "FORBIDDEN"], ["student", null, "FORBIDDEN"], ["admin", world.classId, "FORBIDDEN"],
      ["instructor", world.classId, "FORBIDDEN"], ["student", otherClass, "NOT_FOUND"], ["viewer", world.classId, null],
    ] as const) {
      expect([role, classId, (await call(server, "invitation.create", "mutation", { role, classId }, { cookie: people.instructor.cookie })).code]).toEqual([role, classId, code]);
    }
  });

  it("a cookie of a user is none for an agent", async () => {
    const response = await fetch(`${server.origin}/agent/v1/enrol`, { method: "POST", headers: { cookie: people.admin.cookie, "content-type": "application/json" }, body: "{}" });
    expect(response.status).toBe(401);
    expect(await upgradeStatus(`ws://127.0.0.1:${server.port}/agent`, { cookie: people.admin.cookie })).toBe(400);
  });

  it("an open subscription ends when its viewer is taken out of the class", async () => {
    const live = record(people.viewer.client, world.topologyId);
    await live.next("snapshot");
    const ended = new Promise<string>((resolve) => people.viewer.client.live.topology.subscribe({ id: world.topologyId }, {
      onError: (error) => resolve(String((error.data as { code?: string } | undefined)?.code)),
    }));
    const at = performance.now();
    await people.instructor.client.class.removeMember.mutate({ id: world.classId, userId: people.viewer.id });
    expect(await ended).toBe("NOT_FOUND");
    expect(performance.now() - at).toBeLessThan(2_000);
    live.stop();
  });

  it("a code of a class makes a student of it, and nothing else", async () => {
    const { token } = await people.instructor.client.class.renewCode.mutate({ id: world.classId });
    expect(await register(server, ` ${token.toLowerCase().replace("-", " ")}`, "by-code")).toMatchObject({ status: 200, data: { name: "by-code", role: "student" } });
    const [made] = (await people.instructor.client.user.list.query()).filter(({ name }) => name === "by-code");
    expect(made?.classes).toEqual([{ id: world.classId, name: "Networks" }]);
  });
});
