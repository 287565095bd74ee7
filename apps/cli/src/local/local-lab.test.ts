import { AppError } from "@vpclab/shared/errors/app-error";
import { ok } from "@vpclab/shared/errors/result";
import { newVpc } from "@vpclab/shared/topology/new-object";
import { EMPTY_TOPOLOGY, type Topology } from "@vpclab/shared/topology/topology";
import type { HeldTopology, LocalAgent, LocalFacts, LocalRequest } from "@vpclab/shared/wire/local-agent";
import { describe, expect, it } from "vitest";
import type { Edit } from "../lab/lab";
import { localActor } from "./actor";
import { LocalLab } from "./local-lab";

const FACTS: LocalFacts = {
  agentId: "a", version: "1", mode: "sandbox", kernel: "6", publicPool: true, uplink: "uplink0", hostNetns: "vpclab.host", stateDir: "/x", server: null, daemon: false,
};
const DEPLOYMENT = { state: "in-place", revision: 1, generation: 1, objects: {}, publicAddresses: {} } as const;
const held = (document: Topology, revision: number, authority: HeldTopology["authority"] = "local"): HeldTopology =>
  ({ topologyId: "6cd2f54b-f8e7-4d11-8fe1-0408db35e971", name: "default", revision, document, authority, deployment: DEPLOYMENT });

/** Answers each request with what the test says, and notes it. */
class ScriptedAgent {
  readonly asked: LocalRequest[] = [];
  holds: HeldTopology[] = [];
  conflicts = 0;

  ask = (method: string, params: unknown): Promise<unknown> => {
    this.asked.push({ method, params } as LocalRequest);
    if (method === "held") return Promise.resolve(this.holds);
    if (method === "apply" && this.conflicts-- > 0) return Promise.reject(new AppError("CONFLICT", "Somebody else was faster."));
    return Promise.resolve({ revision: 8, deployment: DEPLOYMENT, failure: null, steps: 1 });
  };

  get applied() {
    return this.asked.flatMap((request) => (request.method === "apply" ? [request.params] : []));
  }

  readonly agent = { ask: this.ask, close: () => Promise.resolve() } as unknown as LocalAgent;
  readonly lab = new LocalLab(this.agent, FACTS, "root (ann)");
}

let bytes = 0;
const addVpc: Edit = (doc) => {
  const made = newVpc(doc, (into) => into.map(() => (bytes = (bytes * 31 + 7) % 251)));
  return made.ok ? ok(made.value.command) : made;
};

describe("the lab of this machine", () => {
  it("makes a topology that is not there, where that is wanted", async () => {
    const scripted = new ScriptedAgent();
    await expect(scripted.lab.change("default", addVpc, { create: false })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const { before, after, revision } = await scripted.lab.change("default", addVpc, { create: true });
    expect([before.vpcs.length, after.vpcs.length, revision]).toEqual([0, 1, 8]);
    expect(scripted.applied).toMatchObject([{ topologyName: "default", baseRevision: 0, actor: "root (ann)" }]);
  });

  it("edits anew when somebody else was faster, from what is there by then", async () => {
    const scripted = new ScriptedAgent();
    scripted.holds = [held(EMPTY_TOPOLOGY, 3)];
    scripted.conflicts = 2;
    await scripted.lab.change("default", addVpc, { create: true });
    expect(scripted.applied).toHaveLength(3);
    expect(scripted.asked.filter(({ method }) => method === "held")).toHaveLength(3);
  });

  it("gives up some time, and at once where a server decides", async () => {
    const scripted = new ScriptedAgent();
    scripted.holds = [held(EMPTY_TOPOLOGY, 3)];
    scripted.conflicts = 100;
    await expect(scripted.lab.change("default", addVpc, { create: true })).rejects.toMatchObject({ code: "CONFLICT" });
    const ofServer = new ScriptedAgent();
    ofServer.holds = [held(EMPTY_TOPOLOGY, 3, "server")];
    ofServer.conflicts = 100;
    await expect(ofServer.lab.change("default", addVpc, { create: true })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(ofServer.applied).toHaveLength(1);
  });

  it("applies also what changes nothing, so that drift is repaired", async () => {
    const scripted = new ScriptedAgent();
    scripted.holds = [held(EMPTY_TOPOLOGY, 3)];
    await scripted.lab.change("default", () => ok(null), { create: false });
    expect(scripted.applied).toMatchObject([{ baseRevision: 3, desired: EMPTY_TOPOLOGY }]);
  });

  it("tears down by desiring nothing", async () => {
    const scripted = new ScriptedAgent();
    scripted.holds = [held(EMPTY_TOPOLOGY, 3)];
    await scripted.lab.teardown("default");
    expect(scripted.applied).toMatchObject([{ baseRevision: 3, desired: null }]);
  });

  it("has refusals noted, but not those of jobs, which the agent notes itself; being late all the time is one of its own", async () => {
    const scripted = new ScriptedAgent();
    const error = new AppError("CIDR_SYNTAX", "That is no prefix.", { issues: [{ severity: "error", code: "CIDR_SYNTAX", path: [], message: "Write 10.0.0.0/16." }] });
    const note = (what: unknown) => scripted.lab.noteRefusal({ topologyName: "default", action: "vpc create", text: "vpcctl vpc create x", error: what as AppError });
    const noted = () => scripted.asked.flatMap((request) => (request.method === "refusal" ? [request.params] : []));
    await note(error);
    expect(noted()).toEqual([{ topologyName: "default", action: "vpc create", text: "vpcctl vpc create x", reason: "CIDR_SYNTAX: That is no prefix. Write 10.0.0.0/16.", actor: "root (ann)" }]);
    scripted.holds = [held(EMPTY_TOPOLOGY, 3, "server")];
    scripted.conflicts = 1;
    await note(await scripted.lab.change("default", addVpc, { create: true }).catch((refused: unknown) => refused));
    expect(noted()).toHaveLength(1);
    scripted.holds = [held(EMPTY_TOPOLOGY, 3)];
    scripted.conflicts = 100;
    await note(await scripted.lab.change("default", addVpc, { create: true }).catch((refused: unknown) => refused));
    expect(noted()).toHaveLength(2);
  });

  it("stops counting when it is told to", async () => {
    const scripted = new ScriptedAgent();
    scripted.holds = [held(EMPTY_TOPOLOGY, 3)];
    const abort = new AbortController();
    let readings = 0;
    for await (const _ of scripted.lab.counters("default", abort.signal)) if (++readings === 1) abort.abort();
    expect(readings).toBe(1);
  });
});

describe("who acts", () => {
  it.each([["root", null, "root"], ["root", "ann", "root (ann)"], ["root", "root", "root"], ["root", "a\nb", "root"]])("%s, %j", (user, sudo, actor) =>
    expect(localActor(user, sudo)).toBe(actor));
});
