import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { AgentMessageSchema } from "@vpclab/shared/wire/messages";
import { inspectObject } from "../../src/commands/inspect-object";
import { fingerprint } from "./fingerprint";
import { AgentLab } from "../link/agent-lab";
import { applyJob } from "../link/job-fixture";
import { mixedLab } from "./mixed-lab";
import { SANDBOX_HOST_NETNS } from "../../src/sandbox/sandbox-state";
import { Lab } from "./lab";

type Answer = Extract<AgentMessage, { type: "inspect-done" } | { type: "job-refused" }>;

describe("what the kernel holds of an object, read by the agent", () => {
  const lab = new Lab();
  const drawn = mixedLab();
  let agent: AgentLab<Lab["kernel"]>;
  let asked = 0;
  beforeAll(async () => {
    await lab.sandbox.ensure();
    agent = await AgentLab.on(lab.kernel, { inspect: (job, deployments) => inspectObject(job, deployments, { runner: lab.runner, hostNetns: SANDBOX_HOST_NETNS }) });
    expect(await agent.apply(drawn)).toMatchObject({ deployment: { state: "in-place" } });
  });
  afterAll(async () => {
    await agent.agent.deployments.takeDown();
    await agent.close();
    await lab.sandbox.remove();
  });

  async function ask(objectId: string): Promise<Answer> {
    const { revision: _r, epoch: _e, generation: _g, topologyName: _n, desired: _d, ...common } = applyJob();
    const jobId = `inspect-${++asked}`;
    agent.server.sendJob((signed) => ({ ...common, ...signed, kind: "inspect", jobId, objectId }));
    const answer = (): Answer | undefined => [...agent.server.ofType("inspect-done"), ...agent.server.ofType("job-refused")].find((done) => done.jobId === jobId);
    await agent.server.until(() => answer() !== undefined, 30_000);
    return answer()!;
  }
  async function inspected(objectId: string) {
    const answer = await ask(objectId);
    if (answer.type !== "inspect-done") throw new Error(JSON.stringify(answer.failure));
    return answer.inspection;
  }
  const web = drawn.instances.find(({ webServer }) => webServer)!;
  const isDrawnOnly = (id: string): boolean => drawn.securityGroups.some((group) => group.id === id) && !drawn.instances.some(({ securityGroupIds }) => securityGroupIds.includes(id));

  it("every drawn object shows something that the kernel really said, within the bounds of a message", async () => {
    for (const { object } of objectsOf(drawn)) {
      if (isDrawnOnly(object.id)) continue;
      const answer = await ask(object.id);
      expect(answer.type, `${object.id} ${JSON.stringify(answer)}`).toBe("inspect-done");
      AgentMessageSchema.parse(answer);
      const { parts } = await inspected(object.id);
      expect(parts.length).toBeGreaterThan(0);
      for (const { command, text } of parts) expect(text, command).not.toMatch(/Error|not there|does not exist|Cannot find/);
    }
  });

  it("an instance: its address, its route, its table with counters that rise by its packets", async () => {
    const before = await inspected(web.id);
    const text = before.parts.map((part) => part.text).join("");
    expect(text).toContain(`inet ${web.address}/24`);
    expect(text).toContain("default via");
    expect(text).toContain("table inet vpclab");
    const sum = (counters: (typeof before)["counters"]): number => Object.values(counters).reduce((total, { packets }) => total + packets, 0);
    const namespace = before.parts[0]!.command.split(" ")[2]!;
    await lab.pings(namespace, "203.0.113.10");
    expect(sum((await inspected(web.id)).counters)).toBeGreaterThan(sum(before.counters));
  });

  it("the host: this topology's links and table there, as a person would ask for them, and nothing of the machine", async () => {
    const { parts } = await inspected("host");
    expect(parts[0]).toMatchObject({ command: "ip netns exec vpclab.host nft list table inet vpclab" });
    expect(parts[0]!.text).toContain("chain incoming");
    const links = parts.slice(1).filter(({ command }) => command.includes("addr show"));
    expect(links.length).toBeGreaterThan(0);
    for (const { command, text } of parts) {
      expect(command).toMatch(/^ip (?:netns exec|-n) vpclab\.host /);
      expect(text, command).not.toMatch(/Error|not there|does not exist|Cannot find/);
      expect(text, command).not.toContain("198.51.100.1/");
    }
    expect(links.every(({ text }) => text.includes("inet 169.254."))).toBe(true);
  });

  it("changes nothing, and reads no namespace that is not the object's", async () => {
    const before = await fingerprint(lab);
    const { parts } = await inspected(drawn.vpcs[0]!.id);
    expect(await fingerprint(lab)).toEqual(before);
    expect(new Set(parts.map(({ command }) => /^ip (?:-n|netns exec) (\S+) /.exec(command)?.[1]))).toEqual(new Set([parts[0]!.command.split(" ")[2]]));
  });

  it.each(["vpc-00000000", "; id", "../../etc", "-", "vpclab.host", "vpc1"])("refuses what is not in the applied drawing: %s", async (objectId) => {
    expect(await ask(objectId)).toMatchObject({ type: "job-refused", failure: { code: "NOT_APPLIED" } });
  });
});
