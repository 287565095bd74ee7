import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { AgentLab } from "../test/link/agent-lab";
import { applyJob, TOPOLOGY_ID } from "../test/link/job-fixture";
import type { Action } from "./reconcile/action";
import { JobStore } from "./state/job-store";

const FIRST = twoVpcLab();
const OTHER_ID = "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11";
const BY_ANN = "Cancelled by ann: ";

describe("an apply that is cancelled", () => {
  let lab: AgentLab;
  let actions: Action[];
  let jobs: number;
  beforeEach(async () => {
    actions = [];
    jobs = 0;
    lab = await AgentLab.start({ record: ({ steps, ...action }) => (actions.push({ ...action, steps }), { ...action, id: "a", at: 0, commands: [], commandsLeftOut: 0 }) });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") console.error(lab.log.lines.join("\n"));
    await lab.close();
  });

  /** Holds the kernel before the nth write from now on; answers when it is there, with what lets it go on. */
  const heldBefore = (nth: number): Promise<() => void> => new Promise((reached) => {
    let writes = 0;
    lab.kernel.holdUp = () => {
      writes += 1;
      return writes === nth ? new Promise((resolve) => reached(resolve)) : null;
    };
  });
  /** Asks, and does not wait for the end. */
  const ask = (desired: Topology | null, generation: number, change: object = {}): string => {
    const jobId = `asked-${++jobs}`;
    lab.server.sendJob((common) => ({ ...applyJob({ desired, jobId, generation, revision: generation }), ...change, ...common }));
    return jobId;
  };
  const cancel = async (generation: number, topologyId = TOPOLOGY_ID): Promise<string> => {
    const jobId = `cancel-${++jobs}`;
    const { v, actor } = applyJob();
    lab.server.sendJob((common) => ({ v, actor, kind: "cancel", jobId, topologyId, generation, ...common }));
    const answer = () => lab.server.ofType("cancel-done").find((message) => message.jobId === jobId);
    await lab.server.until(() => answer() !== undefined);
    return answer()!.outcome;
  };
  const ended = async (jobId: string): Promise<Extract<AgentMessage, { type: "job-done" }>> => {
    const end = () => lab.server.ofType("job-done").find((message) => message.jobId === jobId);
    await lab.server.until(() => end() !== undefined);
    await lab.agent.deployments.settled();
    return end()!;
  };
  /** Cancelled before its `nth` write. */
  const cancelled = async (nth: number, desired: Topology | null = FIRST, generation = 1): Promise<Extract<AgentMessage, { type: "job-done" }>> => {
    const held = heldBefore(nth);
    const jobId = ask(desired, generation);
    const goOn = await held;
    expect(await cancel(generation)).toBe("stopping");
    goOn();
    return ended(jobId);
  };
  const writes = () => lab.kernel.log.length;

  it("stops after the step that is under way, and says what is in place and what is not", async () => {
    const done = await cancelled(40);
    expect(writes()).toBe(39); // the fake kernel was held before its 40th, and heard of it there
    expect(done.failure).toMatchObject({ code: "CANCELLED" });
    expect(done.deployment).toMatchObject({ state: "stopped", revision: 1, generation: 1 });
    const states = Object.values(done.deployment.objects);
    const undone = states.filter(({ state }) => state === "pending");
    expect(undone.length).toBeGreaterThan(0);
    expect(undone.length).toBeLessThan(states.length);
    expect(new Set(undone.map(({ reason }) => reason))).toEqual(new Set(["not finished, because the apply was cancelled"]));
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["pending", "in-place"]));
    expect(done.failure?.message).toMatch(new RegExp(`^${BY_ANN}${undone.length} of ${states.length} objects are not as drawn\\.`));
    expect(actions.at(-1)).toMatchObject({ actor: "ann", action: "apply", outcome: "failed", reason: done.failure?.message });
    expect(actions.at(-1)?.steps).toHaveLength(39);
  });

  it("is not finished by anybody but the next apply: not by looks, not by a restart, not for a neighbour's sake", async () => {
    await cancelled(40);
    lab.nowMs += 3_600_000;
    for (let i = 0; i < 3; i++) await lab.look();
    await lab.restart();
    lab.nowMs += 3_600_000;
    await lab.look();
    await lab.apply(peeredLab(), { topologyId: OTHER_ID, topologyName: "lab2" });
    expect(lab.kernel.log.slice(39).filter(({ owner }) => owner.topologyId === TOPOLOGY_ID)).toEqual([]);
    expect(lab.deployment()).toMatchObject({ state: "stopped", generation: 1 });
    expect(lab.server.ofType("inventory").at(-1)?.topologies).toMatchObject([{ deployment: { state: "stopped", generation: 1 } }]);
    const jobId = ask(FIRST, 2);
    expect(await ended(jobId)).toMatchObject({ deployment: { state: "in-place", generation: 2 } });
    await lab.restart();
    expect(lab.deployment()).toMatchObject({ state: "in-place", generation: 2 });
    expect(await new JobStore(lab.home.stateDir).readStop(TOPOLOGY_ID)).toBeNull();
  });

  it("tells drift of what is in place, and mends nothing of it", async () => {
    const { deployment } = await cancelled(165); // all but one web server
    const standing = FIRST.instances.find(({ id }) => deployment.objects[id]?.state === "in-place");
    const name = lab.kernel.log.find(({ owner, action }) => action === "netns-add" && owner.objectId === standing?.id)?.namespace;
    const before = writes();
    lab.kernel.deleteNamespace(name!);
    await lab.look();
    expect(lab.deployment()?.objects[standing!.id]?.state).toBe("drifted");
    expect(Object.values(lab.deployment()!.objects).map(({ state }) => state)).toContain("pending");
    expect(lab.deployment()?.state).toBe("stopped");
    expect(writes()).toBe(before);
  });

  it("goes back to the revision before when that is applied", async () => {
    await lab.apply(FIRST, { revision: 1 });
    const done = await cancelled(4, { ...FIRST, vpcs: FIRST.vpcs.map((vpc) => ({ ...vpc, name: `new-${vpc.name}` })) }, 2);
    expect(done.deployment.state).toBe("stopped");
    const jobId = ask(FIRST, 3, { revision: 1 });
    expect(await ended(jobId)).toMatchObject({ deployment: { state: "in-place", revision: 1, generation: 3 } });
  });

  it("never begins when it was waiting for its turn, and the one before it goes on", async () => {
    const held = heldBefore(10);
    const first = ask(FIRST, 1);
    const goOn = await held;
    const waiting = ask(peeredLab(), 1, { topologyId: OTHER_ID, topologyName: "lab2" });
    expect(await cancel(1, OTHER_ID)).toBe("stopping");
    goOn();
    expect(await ended(first)).toMatchObject({ deployment: { state: "in-place" } });
    expect(await ended(waiting)).toMatchObject({ failure: { code: "CANCELLED" }, deployment: { state: "stopped" } });
    expect(lab.kernel.log.filter(({ owner }) => owner.topologyId === OTHER_ID)).toEqual([]);
  });

  it("that has ended, is another's, or never came stays as it is, and is answered politely", async () => {
    await lab.apply(FIRST);
    const before = lab.deployment();
    expect(await cancel(1)).toBe("over");
    expect(await cancel(7)).toBe("over");
    expect(await cancel(1, OTHER_ID)).toBe("over");
    await lab.restart();
    expect(lab.deployment()).toEqual(before);
  });

  it("whose last step was done by then is in place, and no stop is left of it", async () => {
    const { kernel } = lab;
    const observe = kernel.observe.bind(kernel);
    let goOn = (): void => undefined;
    const looksAgain = new Promise<void>((reached) => {
      kernel.observe = async (names) => {
        if (writes() > 0) await new Promise<void>((resolve) => ((goOn = resolve), reached()));
        return observe(names);
      };
    });
    const jobId = ask(FIRST, 1);
    await looksAgain;
    kernel.observe = observe;
    expect(await cancel(1)).toBe("stopping");
    goOn();
    const done = await ended(jobId);
    expect(done.deployment.state).toBe("in-place");
    expect(done).not.toHaveProperty("failure");
    expect(await new JobStore(lab.home.stateDir).readStop(TOPOLOGY_ID)).toBeNull();
    await lab.restart();
    expect(lab.deployment()).toMatchObject({ state: "in-place" });
  });

  it("is as cancelled when it is sent again, because its answer was lost", async () => {
    await cancelled(40);
    const before = writes();
    const again = ask(FIRST, 1);
    expect(await ended(again)).toMatchObject({ failure: { code: "CANCELLED" }, deployment: { state: "stopped" } });
    expect(writes()).toBe(before);
  });

  it("is a removal: what is gone is gone, the rest stays until somebody asks again", async () => {
    await lab.apply(FIRST);
    const held = heldBefore(2);
    const jobId = ask(null, 2);
    const goOn = await held;
    expect(await cancel(2)).toBe("stopping");
    goOn();
    expect(await ended(jobId)).toMatchObject({ failure: { code: "CANCELLED" }, deployment: { state: "stopped" } });
    lab.nowMs += 3_600_000;
    await lab.look();
    await lab.restart();
    await lab.look();
    expect(lab.kernel.names().length).toBeGreaterThan(0);
    await ended(ask(null, 3));
    expect(lab.kernel.names()).toEqual([]);
    expect(lab.deployment()).toBeUndefined();
  });

  it("is refused when the disk does not take it, and the apply goes on", async () => {
    const held = heldBefore(10);
    const jobId = ask(FIRST, 1);
    const goOn = await held;
    const write = JobStore.prototype.writeStop;
    JobStore.prototype.writeStop = () => Promise.reject(new Error("ENOSPC"));
    try {
      const { v, actor } = applyJob();
      lab.server.sendJob((common) => ({ v, actor, kind: "cancel", jobId: "full", topologyId: TOPOLOGY_ID, generation: 1, ...common }));
      await lab.server.until(() => lab.server.ofType("job-refused").some((message) => message.jobId === "full"));
    } finally {
      JobStore.prototype.writeStop = write;
    }
    goOn();
    expect(await ended(jobId)).toMatchObject({ deployment: { state: "in-place" } });
  });

  it("names the objects that the kernel refused apart from those that were not begun", async () => {
    lab.kernel.sabotage = (step) => (step.action === "bridge-add" && step.namespace === "vpc1" ? "Operation not supported" : null);
    const done = await cancelled(100);
    const states = Object.values(done.deployment.objects).map(({ state }) => state);
    expect(states).toContain("failed");
    expect(states).toContain("pending");
    expect(done).toMatchObject({ failure: { code: "CANCELLED" }, deployment: { state: "stopped" } });
  });

  it("on trial still goes back when its server is not heard, and is whole then", async () => {
    await lab.apply(FIRST, { revision: 1 });
    lab.server.acknowledges = false;
    const held = heldBefore(4);
    ask({ ...FIRST, vpcs: FIRST.vpcs.map((vpc) => ({ ...vpc, name: `new-${vpc.name}` })) }, 2, { confirmWithinMs: 300 });
    const goOn = await held;
    expect(await cancel(2)).toBe("stopping");
    goOn();
    await lab.server.until(() => lab.deployment()?.returned !== undefined && lab.deployment()?.state === "in-place");
    expect(lab.deployment()).toMatchObject({ state: "in-place", revision: 1, generation: 2, returned: { from: 2 } });
    await lab.restart();
    expect(lab.deployment()).toMatchObject({ state: "in-place", revision: 1, returned: { from: 2 } });
  });
});
