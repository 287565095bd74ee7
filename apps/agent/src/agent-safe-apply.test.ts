import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { Deployment } from "@vpclab/shared/wire/live";
import { AgentLab } from "../test/link/agent-lab";
import { TOPOLOGY_ID } from "../test/link/job-fixture";
import { PolicySchema } from "./policy/policy";
import type { Action } from "./reconcile/action";
import { JobStore } from "./state/job-store";

const FIRST = twoVpcLab();
const renamed = (name: string): Topology => ({ ...FIRST, vpcs: FIRST.vpcs.map((vpc) => (vpc.name === "vpc2" ? { ...vpc, name } : vpc)) });
const SECOND = renamed("second");
const THIRD = renamed("third");
const REMOVAL = null;
const WINDOW_MS = 400;
/** Longer than any test. */
const LONG_MS = 600_000;

describe("an apply that needs its server's word", () => {
  let lab: AgentLab;
  let actions: Action[];
  beforeEach(async () => {
    actions = [];
    lab = await AgentLab.start({ record: ({ steps, ...action }) => (actions.push({ ...action, steps }), { ...action, id: "a", at: 0, commands: [], commandsLeftOut: 0 }) });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await lab.close();
  });

  /** Whether the kernel holds a VPC of this name. */
  const stands = (name: string): boolean => lab.kernel.names().includes(name);
  const told = (): Deployment[] => lab.server.ofType("deployment").map(({ deployment }) => deployment);
  const returned = () => lab.server.until(() => actions.some(({ action }) => action === "return") && lab.deployment()?.state !== "applying");
  /** From now on nothing comes back from the server. */
  const cutOff = (): void => void (lab.server.acknowledges = false);
  const first = () => lab.apply(FIRST, { revision: 1 });
  const second = (confirmWithinMs = WINDOW_MS) => lab.apply(SECOND, { revision: 2, confirmWithinMs });
  /** The agent starts again when every window is over, or has this much left. */
  const restartLater = async (leftMs = -1) => {
    const now = Date.now.bind(Date);
    vi.spyOn(Date, "now").mockImplementation(() => now() + LONG_MS - leftMs);
    await lab.restart();
  };
  /** The server hears everything anew, and says so. */
  const reconnect = async () => {
    lab.server.acknowledges = true;
    const before = lab.server.ofType("inventory").length;
    lab.server.cut();
    await lab.server.until(() => lab.server.ofType("inventory").length > before);
  };
  /** Resolves with the agent's next message after the one that a test is about was acknowledged. */
  const confirmed = async () => {
    lab.server.cut();
    const before = lab.server.ofType("inventory").length;
    await lab.server.until(() => lab.server.ofType("inventory").length > before);
  };

  it("stays when the server acknowledges its end, also after a restart long after", async () => {
    await first();
    expect(await second(LONG_MS)).toMatchObject({ deployment: { state: "in-place", revision: 2 } });
    await confirmed();
    await restartLater();
    expect([stands("second"), stands("vpc2")]).toEqual([true, false]);
    expect(lab.deployment()).toMatchObject({ state: "in-place", revision: 2, generation: 2 });
    expect(actions.map(({ action }) => action)).not.toContain("return");
  });

  it("goes back to the revision before when it does not, writes it down, and tells the server once it is back", async () => {
    await first();
    cutOff();
    await second();
    expect(stands("second")).toBe(true);
    await returned();
    expect([stands("second"), stands("vpc2")]).toEqual([false, true]);
    const after = { state: "in-place", revision: 1, generation: 2, returned: { from: 2, afterMs: WINDOW_MS } };
    expect(lab.deployment()).toMatchObject(after);
    expect(actions.at(-1)).toMatchObject({
      actor: "agent", action: "return", revision: 1, outcome: "done",
      text: expect.stringMatching(/^Returned to revision 1, because the host could not reach the server within 0.4 s after revision 2 was applied\. /),
    });
    expect(actions.at(-1)?.steps.length).toBeGreaterThan(0);
    await reconnect();
    expect(lab.server.ofType("inventory").at(-1)?.topologies).toMatchObject([{ deployment: after }]);
    await lab.server.until(() => lab.server.ofType("activity").some(({ entry }) => entry.action === "return"));
    expect(told().at(-1)).toMatchObject(after);
  });

  it("that was taken back stays taken back: over restarts, for older jobs, and while the server is heard again", async () => {
    await first();
    cutOff();
    await second();
    await returned();
    await reconnect();
    await lab.restart();
    expect(lab.deployment()).toMatchObject({ state: "in-place", revision: 1, generation: 2, returned: { from: 2 } });
    expect([stands("second"), stands("vpc2")]).toEqual([false, true]);
    expect(await lab.apply(FIRST, { generation: 1, revision: 1 })).toMatchObject({ type: "job-refused", failure: { code: "STALE" } });
    expect(await lab.apply(THIRD, { generation: 2, revision: 3 })).toMatchObject({ type: "job-refused", failure: { code: "EQUIVOCATION" } });
    expect(actions.filter(({ action }) => action === "return")).toHaveLength(1);
    expect(await lab.apply(THIRD, { generation: 5, revision: 3, confirmWithinMs: LONG_MS })).toMatchObject({ deployment: { state: "in-place", revision: 3 } });
    expect(lab.deployment()?.returned).toBeUndefined();
  });

  it("goes back to nothing when it was the first, and is still spoken of, so that the server does not send it again", async () => {
    cutOff();
    await second();
    await returned();
    expect(lab.kernel.names()).toEqual([]);
    const after = { state: "empty", revision: 0, generation: 1, returned: { from: 2, afterMs: WINDOW_MS } };
    expect(lab.deployment()).toMatchObject(after);
    await lab.restart();
    expect(lab.kernel.names()).toEqual([]);
    expect(lab.server.ofType("inventory").at(-1)?.topologies).toMatchObject([{ deployment: { ...after, state: expect.stringMatching(/applying|empty/) } }]);
    lab.server.acknowledges = true;
    expect(await lab.apply(FIRST, { generation: 2, revision: 1 })).toMatchObject({ deployment: { state: "in-place", revision: 1 } });
  });

  it("is taken back by the next start when the window has ended meanwhile", async () => {
    await first();
    cutOff();
    await second(LONG_MS);
    expect(stands("second")).toBe(true);
    await restartLater();
    await returned();
    expect([stands("second"), stands("vpc2")]).toEqual([false, true]);
    expect(lab.deployment()).toMatchObject({ revision: 1, generation: 2, returned: { from: 2 } });
  });

  it("goes on waiting after a restart within the window: until the server is heard …", async () => {
    await first();
    cutOff();
    await second(LONG_MS);
    await lab.restart();
    expect(stands("second")).toBe(true);
    lab.server.acknowledges = true;
    await reconnect();
    await confirmed();
    cutOff();
    await restartLater();
    expect(lab.deployment()).toMatchObject({ state: "in-place", revision: 2 });
    expect(stands("second")).toBe(true);
  });

  it("… or until it is over", async () => {
    await first();
    cutOff();
    await second(LONG_MS);
    await restartLater(1_500);
    await returned();
    expect(lab.log.lines.filter((line) => line.includes("revision 2: 0 steps"))).toHaveLength(1); // brought about again first
    expect(stands("vpc2")).toBe(true);
  });

  it("stays on trial, or confirmed, where a newer one was killed before it was accepted", async () => {
    await first();
    const before = await new JobStore(lab.home.stateDir).read(TOPOLOGY_ID);
    cutOff();
    await second(LONG_MS);
    const killedBeforeAccepting = (previous: Envelope | null) => new JobStore(lab.home.stateDir).writeTrial(TOPOLOGY_ID, { epoch: 1, generation: 9, previous, endsAt: 1 });
    await killedBeforeAccepting(before);
    await restartLater();
    await returned();
    expect(lab.deployment()).toMatchObject({ revision: 1, returned: { from: 2 } });
    lab.server.acknowledges = true;
    await lab.apply(SECOND, { revision: 2 });
    await killedBeforeAccepting(await new JobStore(lab.home.stateDir).read(TOPOLOGY_ID));
    await lab.restart();
    expect(lab.deployment()).toMatchObject({ revision: 2, state: "in-place" });
    expect(lab.deployment()).not.toHaveProperty("returned");
  });

  it("gives way to a newer one within the window, which goes back to what was confirmed last", async () => {
    await first();
    cutOff();
    await second(LONG_MS);
    await lab.apply(THIRD, { revision: 3, confirmWithinMs: WINDOW_MS });
    await returned();
    expect(lab.kernel.names().filter((name) => ["second", "third", "vpc2"].includes(name))).toEqual(["vpc2"]);
    expect(lab.deployment()).toMatchObject({ revision: 1, generation: 3, returned: { from: 3 } });
  });

  it.each([
    ["a removal", REMOVAL, {}],
    ["an apply that needs no word", THIRD, {}],
    ["one that is told to wait for nothing", THIRD, { confirmWithinMs: 0 }],
  ])("is not taken back after %s, not even by the next start", async (_, desired, change) => {
    await first();
    cutOff();
    await second(LONG_MS);
    await lab.apply(desired, { revision: 3, ...change });
    await restartLater();
    expect(stands("third")).toBe(desired !== null);
    expect(stands("vpc2")).toBe(false);
    expect(actions.map(({ action }) => action)).not.toContain("return");
  });

  it("a removal is never on trial", async () => {
    await first();
    cutOff();
    await lab.apply(REMOVAL, { revision: 1, confirmWithinMs: LONG_MS });
    await restartLater();
    expect(lab.kernel.names()).toEqual([]);
    expect(lab.deployment()).toBeUndefined();
  });

  it("takes back one that failed half-way, too", async () => {
    await first();
    cutOff();
    lab.kernel.sabotage = (step) => (step.namespace === "second" && step.action === "bridge-add" ? "RTNETLINK answers: Operation not supported" : null);
    expect(await second()).toMatchObject({ failure: { code: "KERNEL_REFUSED" } });
    await returned();
    expect(lab.deployment()).toMatchObject({ state: "in-place", revision: 1, returned: { from: 2 } });
    expect(stands("second")).toBe(false);
  });

  it("leaves other topologies as they are", async () => {
    await first();
    const other = { topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", topologyName: "lab2" };
    await lab.apply(peeredLab(), other);
    cutOff();
    await second();
    const names = lab.kernel.names().filter((name) => name.startsWith("lab2."));
    await returned();
    expect(lab.kernel.names().filter((name) => name.startsWith("lab2."))).toEqual(names);
    expect(lab.deployment(other.topologyId)).not.toHaveProperty("returned");
  });

  it("is not taken back on a host whose policy forbids it", async () => {
    await first();
    lab.agent.usePolicy({ rules: PolicySchema.parse({ max: { confirmSeconds: 0 } }), source: "policy.json" });
    cutOff();
    await second(LONG_MS);
    await restartLater();
    expect(lab.deployment()).toMatchObject({ revision: 2, state: "in-place" });
  });
});
