import { describe, expect, it } from "vitest";
import type { ObjectStatus } from "@vpclab/shared/wire/live";
import { AgentMessageSchema, FRAME_BYTES_MAX } from "@vpclab/shared/wire/messages";
import { framesOf } from "./fit-frame";
import type { OutgoingMessage } from "./outgoing-message";

const objects = (count: number, status: ObjectStatus): Record<string, ObjectStatus> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`i-${i.toString(16).padStart(12, "0")}`, status]));
const broken = (count: number) => ({ state: "failed" as const, revision: 1, generation: 1, publicAddresses: {}, objects: objects(count, { state: "failed", reason: "x".repeat(300) }) });
const counter = { rxBytes: 1e15 / 3, txBytes: 1e15 / 3, rxPackets: 1e15 / 3, txPackets: 1e15 / 3, rxBytesPerSecond: 1 / 3, txBytesPerSecond: 1 / 3, rxPacketsPerSecond: 1 / 3, txPacketsPerSecond: 1 / 3 };

const LARGE: Record<string, OutgoingMessage> = {
  deployment: { type: "deployment", topologyId: "t", deployment: broken(10_000) },
  "job-done": { type: "job-done", jobId: "j", topologyId: "t", deployment: broken(10_000), failure: { code: "KERNEL_REFUSED", message: "m" } },
  objects: { type: "objects", topologyId: "t", objects: broken(10_000).objects },
  inventory: { type: "inventory", topologies: Array.from({ length: 12 }, (_, i) => ({ topologyId: `t${i}`, contentHash: "", deployment: broken(1000) })) },
  counters: { type: "counters", at: 1, topologies: { a: Object.fromEntries(Object.keys(objects(4000, { state: "absent" })).map((id) => [id, counter])), b: { "i-1": counter } } },
  plan: {
    type: "plan-done", jobId: "j",
    plan: { steps: 9, basis: "observed", changes: Array.from({ length: 300 }, (_, i) => ({ objectId: `o${i}`, kind: "create" as const, name: "n", sentence: "s", commands: ["c".repeat(25_000), "d"] })) },
  },
};

describe("frames", () => {
  it("carry a message that fits as it is", () => {
    const message: OutgoingMessage = { type: "job-accepted", jobId: "j" };
    expect(framesOf(message)).toEqual([JSON.stringify(message)]);
  });

  it.each(Object.entries(LARGE))("never exceed what the server reads: %s", (_name, message) => {
    const frames = framesOf(message);
    for (const frame of frames) {
      expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES_MAX);
      expect(AgentMessageSchema.safeParse(JSON.parse(frame)).success).toBe(true);
    }
    expect(frames.length).toBeGreaterThan(0);
  });

  it("lose no state, no counter and no change", () => {
    const parsed = (name: string) => framesOf(LARGE[name]!).map((frame) => AgentMessageSchema.parse(JSON.parse(frame)));
    const states = new Set(parsed("deployment").flatMap((message) => (message.type === "deployment" ? Object.values(message.deployment.objects).map(({ state }) => state) : [])));
    expect(states).toEqual(new Set(["failed"]));
    const told = parsed("inventory").flatMap((message) => message.type === "inventory" ? message.topologies.map(({ deployment }) => deployment) : message.type === "deployment" ? [message.deployment] : []);
    expect(told.filter((deployment) => Object.keys(deployment.objects).length === 1000)).toHaveLength(12);
    const counted = parsed("counters").flatMap((message) => (message.type === "counters" ? Object.values(message.topologies).flatMap((of) => Object.keys(of)) : []));
    expect(counted).toHaveLength(4001);
    const [plan] = parsed("plan");
    expect(plan).toMatchObject({ plan: { changes: { length: 300 } } });
  });
});
