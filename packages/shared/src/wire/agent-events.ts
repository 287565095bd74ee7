import { z } from "zod";
import type { AgentMessage } from "./messages";
import { AgentMessageSchema } from "./messages";

/**
 * What an agent tells and the server must not miss. Each is numbered in a stream (one per start of the agent: 1, 2, 3 …), kept by
 * the agent until the server acknowledges its number, and sent again after a reconnect. Everything else is either asked for
 * (answers to jobs), or only its newest value counts (counters).
 */
export const AGENT_EVENT_TYPES = ["inventory", "job-done", "deployment", "objects", "log", "activity"] as const;
export type AgentEvent = Extract<AgentMessage, { type: (typeof AGENT_EVENT_TYPES)[number] }>;

const TYPES: ReadonlySet<string> = new Set(AGENT_EVENT_TYPES);
export const isAgentEvent = <M extends { readonly type: string }>(message: M): message is Extract<M, { type: AgentEvent["type"] }> => TYPES.has(message.type);

const place = {
  stream: z.string().min(1).max(32),
  /** Everything up to this number was acknowledged, or given up. A server that does not know the stream begins after it. */
  acked: z.int().min(0),
};

/** A frame of the agent: a message as it is, an event in its place, or where events are gone because too many waited. */
export const AgentFrameSchema = z.discriminatedUnion("type", [
  AgentMessageSchema,
  z.strictObject({ type: z.literal("event"), ...place, seq: z.int().min(1), event: AgentMessageSchema }),
  z.strictObject({ type: z.literal("gap"), ...place, from: z.int().min(1), to: z.int().min(1) }),
]);
export type AgentFrame = z.infer<typeof AgentFrameSchema>;
export type EventFrame = Extract<AgentFrame, { type: "event" }>;
export type GapFrame = Extract<AgentFrame, { type: "gap" }>;
