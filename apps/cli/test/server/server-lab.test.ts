import { randomFillSync } from "node:crypto";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { ok } from "@vpclab/shared/errors/result";
import { newVpc } from "@vpclab/shared/topology/new-object";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { editBetween } from "@vpclab/shared/topology/edit-between";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { editedDocument } from "../../src/lab/edited-document";
import type { Edit, Lab } from "../../src/lab/lab";
import { openServerLab } from "../../src/server/server-lab";
import { savedServer } from "../../src/server/saved-server";
import { removeSessions } from "../../src/server/sessions-file";
import { signInByLink } from "../../src/server/sign-in";
import { startLabServer, type LabServer } from "./lab-server";

const addVpc = (name: string): Edit => (doc) => {
  const made = newVpc(doc, (bytes) => randomFillSync(bytes), { name });
  return made.ok ? ok(made.value.command) : made;
};
const nothing: Edit = () => ok(null);
const create = { create: true };
/** Code of the AppError that a call is refused with. */
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(() => "it succeeded", (error: unknown) => (error instanceof AppError ? error.code : String(error)));

describe("a lab on a server", () => {
  let server: LabServer;
  let lab: Lab;
  let number = 0;
  let name: string;
  const open = (more: { controlSocket?: string } = { controlSocket: server.controlSocket }) => openServerLab({ url: server.origin, configDir: server.configDir, ...more });
  const sessionsFile = () => join(server.configDir, "sessions.json");
  beforeAll(async () => {
    server = await startLabServer();
    lab = await open();
  });
  afterAll(async () => {
    await lab?.close();
    await server?.close();
  });
  beforeEach(() => void (name = `lab${number++}`));
  afterEach(() => server.host("honest"));
  const vpcsOf = async (of: string) => (await lab.read(of)).document.vpcs.map((vpc) => vpc.name).sort();
  const isThere = async (of: string) => (await lab.list()).some((one) => one.name === of);

  it("is entered by the server's own socket without a sign-in, and says where it is", () => {
    expect(lab.place).toMatchObject({ kind: "server", label: server.origin, mode: "sandbox", sameMachine: true, hostNetns: "vpclab.host" });
  });

  it("keeps the session where nobody else reads it, and works with it until it is refused", async () => {
    expect([statSync(sessionsFile()).mode & 0o777, statSync(server.configDir).mode & 0o777]).toEqual([0o600, 0o700]);
    const kept = readFileSync(sessionsFile(), "utf8");
    await (await open()).close();
    expect(readFileSync(sessionsFile(), "utf8")).toBe(kept);
    writeFileSync(sessionsFile(), kept.replace(/=[A-Za-z0-9_-]{43}/, `=${"A".repeat(43)}`));
    await (await open()).close();
    expect(readFileSync(sessionsFile(), "utf8")).not.toContain("A".repeat(43));
    for (const spoilt of ["", "{", "[]", `{"sessions":{"${server.origin}":{"cookie":"a=b\\r\\nx: y","expiresAt":9e15}}}`]) {
      writeFileSync(sessionsFile(), spoilt);
      chmodSync(server.configDir, 0o755);
      await (await open()).close();
      expect(statSync(server.configDir).mode & 0o777).toBe(0o700);
    }
  });

  it("is entered by a link from elsewhere, once; a server that is not there or not one is told apart", async () => {
    await removeSessions(server.configDir, null);
    expect(await codeOf(open({}))).toBe("UNAUTHENTICATED");
    expect(await savedServer(server.configDir)).toBeNull();
    const link = server.signIn.replace("localhost", "127.0.0.1");
    expect(await signInByLink(server.configDir, `  ${link}\n`)).toBe(server.origin);
    expect(await savedServer(server.configDir)).toBe(server.origin);
    const remote = await open({});
    expect(remote.place.sameMachine).toBe(false);
    await remote.close();
    expect(await codeOf(signInByLink(server.configDir, link))).toBe("UNAUTHENTICATED");
    for (const bad of ["", "token", "file:///signin?token=x", `${server.origin}/signin`, `${server.origin}/?token=x`]) {
      expect([bad, await codeOf(signInByLink(server.configDir, bad))]).toEqual([bad, "SCHEMA"]);
    }
    expect(await codeOf(openServerLab({ url: "http://127.0.0.1:1", configDir: server.configDir, controlSocket: "/nowhere" }))).toBe("HOST_OFFLINE");
    expect(await codeOf(signInByLink(server.configDir, "http://127.0.0.1:1/signin?token=x"))).toBe("HOST_OFFLINE");
    expect(await removeSessions(server.configDir, null)).toEqual([server.origin]);
    expect(await codeOf(open({}))).toBe("UNAUTHENTICATED");
    expect(await codeOf(open({ controlSocket: "/nowhere" }))).toBe("UNAUTHENTICATED");
  });

  it("change makes a topology, saves, applies and waits for the host", async () => {
    const result = await lab.change(name, addVpc("prod"), create);
    expect(result).toMatchObject({ revision: 2, failure: null, deployment: { state: "in-place", revision: 2, generation: 1 } });
    expect([result.before.vpcs.length, result.after.vpcs.length]).toEqual([0, 1]);
    expect(await lab.read(name)).toMatchObject({ name, revision: 2, document: result.after, deployment: result.deployment });
    expect(await lab.list()).toContainEqual(expect.objectContaining({ name, revision: 2, state: "in-place", vpcs: 1 }));
    expect(await lab.change(name, nothing, create)).toMatchObject({ revision: 2, deployment: { generation: 2, state: "in-place" } });
  });

  it("an edit is made anew from what somebody else has saved meanwhile: ten at once, none lost", async () => {
    await lab.change(name, nothing, create);
    const names = Array.from({ length: 10 }, (_, i) => `vpc-${i}`);
    const results = await Promise.all(names.map((one) => lab.change(name, addVpc(one), { create: false })));
    expect(results.map(({ failure }) => failure)).toEqual(names.map(() => null));
    expect(await vpcsOf(name)).toEqual(names);
  });

  it("an edit that is refused leaves nothing, not even the topology that it would have made", async () => {
    expect(await codeOf(lab.change(name, addVpc("Not A Name"), create))).toBe("NAME_GRAMMAR");
    expect(await isThere(name)).toBe(false);
    expect(await codeOf(lab.change(name, addVpc("prod"), { create: false }))).toBe("NOT_FOUND");
    expect(await codeOf(lab.change("Bad Name", addVpc("prod"), create))).toBe("NAME_GRAMMAR");
  });

  it("a plan writes nothing, for a topology that is there and for one that is not", async () => {
    const desired = editedDocument(EMPTY_TOPOLOGY, addVpc("prod"));
    expect(await lab.plan(name, desired)).toMatchObject({ basis: "observed" });
    expect(await isThere(name)).toBe(false);
    await lab.change(name, addVpc("other"), create);
    await lab.plan(name, desired);
    expect(await vpcsOf(name)).toEqual(["other"]);
  });

  it("what failed is told with its reason, object by object", async () => {
    await server.host("fail");
    const heard: string[] = [];
    const result = await lab.change(name, addVpc("prod"), { create: true, onProgress: (objects) => heard.push(...Object.values(objects).map(({ state }) => state)) });
    expect(result.deployment.state).toBe("failed");
    expect(result.deployment.objects[result.after.vpcs[0]?.id ?? ""]).toEqual({ state: "failed", reason: "RTNETLINK answers: File exists" });
    expect(heard).toContain("failed");
  });

  it("what the host refuses comes back with the host's words", async () => {
    await server.host("refuse");
    expect((await lab.change(name, addVpc("prod"), create)).failure).toMatchObject({ code: "POLICY_CIDR", message: expect.stringContaining("not allowed") });
  });

  it("teardown empties the host and keeps the drawing, also twice; remove takes both", async () => {
    await lab.change(name, addVpc("prod"), create);
    expect(await lab.teardown(name)).toMatchObject({ failure: null, deployment: { state: "empty" } });
    expect((await lab.teardown(name)).deployment.state).toBe("empty");
    expect(await vpcsOf(name)).toEqual(["prod"]);
    await lab.change(name, nothing, create);
    await lab.remove(name);
    expect([await isThere(name), await codeOf(lab.read(name)), await codeOf(lab.teardown(name)), await codeOf(lab.remove(name))]).toEqual([false, "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]);
  });

  it("many pairs are measured by one call, answered in their order; none where nothing is applied", async () => {
    const { after } = await lab.change(name, () => ok(editBetween(EMPTY_TOPOLOGY, twoVpcLab())), create);
    const [here, there] = after.instances.map(({ id }) => ({ instanceId: id }));
    const flows = [{ source: here!, destination: there! }, { source: there!, destination: { internet: true as const } }];
    expect((await lab.measure(name, { kind: "ping", port: null, flows })).flows).toHaveLength(2);
    await lab.teardown(name);
    expect(await codeOf(lab.measure(name, { kind: "ping", port: null, flows }))).toBe("NOT_APPLIED");
    expect(await codeOf(lab.measure("unknown", { kind: "ping", port: null, flows }))).toBe("NOT_FOUND");
  });

  it("cancel ends what somebody waits for, and says politely that there is nothing more to cancel", async () => {
    await server.host("hold up");
    const waiting = lab.change(name, addVpc("prod"), create);
    await expect.poll(() => lab.cancel(name).catch(() => "not there yet")).toBe("stopping");
    expect(await waiting).toMatchObject({ failure: { code: "CANCELLED" }, deployment: { state: "stopped" } });
    expect(await lab.cancel(name)).toBe("over");
    await server.host("honest");
    expect(await lab.change(name, nothing, create)).toMatchObject({ failure: null, deployment: { state: "in-place" } });
    expect(await codeOf(lab.cancel("nowhere"))).toBe("NOT_FOUND");
  });

  it("who does not want to wait any more is not kept, and the apply goes on", async () => {
    await server.host("hold up");
    const ctrlC = new AbortController();
    const waiting = codeOf(lab.change(name, addVpc("prod"), { create: true, signal: ctrlC.signal }));
    ctrlC.abort();
    expect(await waiting).toBe("CONFLICT");
    expect(await lab.list()).toContainEqual(expect.objectContaining({ name, state: "applying" }));
    await expect.poll(() => lab.cancel(name)).toBe("stopping");
  });

  it("the activity log is read oldest first, with the commands", async () => {
    await lab.change(name, addVpc("prod"), create);
    await lab.teardown(name);
    await expect.poll(async () => (await lab.activity(name, 10)).map(({ action, actor, commands }) => [action, actor, commands.length])).toEqual([["create", "admin", 0], ["apply", "admin", 1], ["remove", "admin", 1]]);
    expect((await lab.activity(name, 1)).map(({ action }) => action)).toEqual(["remove"]);
    expect((await lab.activity(null, 2)).map(({ topologyName }) => topologyName)).toEqual([name, name]);
  });

  it("counters are read until nobody wants them any more", async () => {
    await lab.change(name, addVpc("prod"), create);
    const end = new AbortController();
    const readings: number[] = [];
    const reading = (async () => {
      for await (const { at } of lab.counters(name, end.signal)) {
        readings.push(at);
        if (readings.length === 2) end.abort();
      }
    })();
    await expect.poll(async () => { await server.host("count"); return readings.length; }).toBe(2);
    await reading;
  });

  it("a host that is away is told at once and nothing is written; one that goes away meanwhile, too", async () => {
    await lab.change(name, addVpc("prod"), create);
    await server.host("offline");
    await expect.poll(() => codeOf(lab.change(name, addVpc("second"), create))).toBe("HOST_OFFLINE");
    expect([await codeOf(lab.change("fresh", addVpc("prod"), create)), await isThere("fresh"), await vpcsOf(name)]).toEqual(["HOST_OFFLINE", false, ["prod"]]);
    expect(await codeOf(lab.teardown(name))).toBe("HOST_OFFLINE");
    expect((await lab.plan(name, EMPTY_TOPOLOGY)).basis).toBe("last-applied");
    await server.host("cut at an apply");
    await server.host("online");
    await expect.poll(() => codeOf(lab.change(name, addVpc("third"), create))).toBe("HOST_OFFLINE");
    await server.host("honest");
    await server.host("online");
  });
});
