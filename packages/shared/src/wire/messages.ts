import { z } from "zod";
import { PROBE_KINDS } from "../analysis/probe";
import { EXPLANATION_CODES } from "../analysis/verdict";
import { ERROR_CODES } from "../errors/error-code";
import type { Issue } from "../errors/issue";
import { ADOPTIONS_MAX } from "../plan/find-adoptions";
import type { PlanPreview } from "../plan/step";
import { ROUTE_TARGET_KINDS } from "../topology/topology";
import { ActivityEntrySchema } from "./activity";
import { AUDIT_HEADS_MAX, AuditHeadSchema } from "./audit";
import { CONFIRM_MS_MAX, EnvelopeSchema, FLOWS_MAX } from "./job";
import type { Deployment, Inspection, MeasuredFlows, ProbeResult, RuleHits } from "./live";
import { HOST_CHECKS_MAX, HostCheckSchema, HostLoadSchema } from "./host-report";

/**
 * Frames between server and agent: JSON text, one message a frame. The agent dials out to `/agent`.
 *
 *   S→A challenge        A→S hello (signed: agent's key)      S→A key-set for each that the agent has missed, welcome (signed: server's job key)
 *   S→A job (envelope)   A→S job-accepted | job-refused, then objects…, then job-done | cancel-done | plan-done | probe-done | measure-done | inspect-done | rule-hits-done | checks
 *   A→S inventory right after welcome: says that the number of this connection is kept, so that jobs may come;
 *       counters each second, deployment when something changed by itself, log, activity
 *   S→A ack: how far the agent's events were heard (agent-events.ts)
 */
export const PROTOCOL_VERSION = 1;
export const FRAME_BYTES_MAX = 1024 * 1024;
export const NONCE_PATTERN = /^[A-Za-z0-9_-]{22,64}$/;

const nonce = z.string().regex(NONCE_PATTERN);
const id = z.string().min(1).max(64);
const line = z.string().max(2000);
/** Fits the database's integers. */
const joinSeq = z.int().min(0).max(2_000_000_000);

/** Body of the signed agent hello. */
export const AgentHelloSchema = z.strictObject({
  v: z.literal(PROTOCOL_VERSION),
  agentId: id,
  serverNonce: nonce,
  agentNonce: nonce,
  /** The last number that the agent has kept (join-sequence.ts); 0: it never was connected. */
  joinSeq,
  /** Version of the server's key set that the agent holds. */
  keySet: z.int().min(1),
  /**
   * Key that is to take the place of the agent's own: raw Ed25519, base64url. Such a hello has two signatures, by the key before and by
   * this one, and is said until a welcome answers it: that welcome says that the server knows the agent by this key alone from now on.
   */
  nextKey: z.string().max(64).optional(),
  mode: z.enum(["sandbox", "host", "rootless"]),
  kernel: z.string().max(128),
  version: z.string().max(32),
  publicPool: z.boolean(),
});
/** Body of the signed server hello. */
export const ServerHelloSchema = z.strictObject({
  v: z.literal(PROTOCOL_VERSION), agentId: id, serverNonce: nonce, agentNonce: nonce,
  /** The number that the agent is to keep before it says anything more. */
  joinSeq,
});

/** Reasons in the close frame (1008) of a hello that proved who it is and is not let in. Not signed: words for a log, no more. */
export const NOT_LET_IN = ["pending", "locked", "revoked"] as const;
export type NotLetIn = (typeof NOT_LET_IN)[number];

export const ServerMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("challenge"), v: z.literal(PROTOCOL_VERSION), serverNonce: nonce }),
  z.strictObject({ type: z.literal("key-set"), envelope: EnvelopeSchema }),
  z.strictObject({ type: z.literal("welcome"), hello: EnvelopeSchema }),
  z.strictObject({ type: z.literal("job"), envelope: EnvelopeSchema }),
  z.strictObject({ type: z.literal("ack"), stream: z.string().max(32), seq: z.int().min(0) }),
]);
export type ServerMessage = z.infer<typeof ServerMessageSchema>;

const objectStatus = z.strictObject({
  state: z.enum(["absent", "pending", "applying", "in-place", "failed", "drifted"]),
  reason: line.optional(),
});
const objects = z.record(id, objectStatus);
const count = z.number().min(0);
const counter = z.strictObject({
  rxBytes: count, txBytes: count, rxPackets: count, txPackets: count,
  rxBytesPerSecond: count, txBytesPerSecond: count, rxPacketsPerSecond: count, txPacketsPerSecond: count,
});
const deployment = z.strictObject({
  state: z.enum(["empty", "applying", "in-place", "failed", "drifted", "stopped", "unknown"]),
  revision: z.int().min(0),
  generation: z.int().min(0),
  objects,
  publicAddresses: z.record(id, z.string().max(15)),
  returned: z.strictObject({ from: z.int().min(0), afterMs: z.int().min(0).max(CONFIRM_MS_MAX) }).optional(),
});
const issue = z.strictObject({
  severity: z.enum(["error", "warning"]), code: z.enum(ERROR_CODES), path: z.array(z.union([z.string(), z.int()])),
  message: line, objectId: id.optional(),
});
const failure = z.strictObject({ code: z.enum(ERROR_CODES), message: line, issues: z.array(issue).max(200).optional() });
const plannedChange = z.strictObject({
  objectId: id, kind: z.enum(["create", "change", "remove"]), name: z.string().max(256), sentence: line,
  commands: z.array(z.string().max(20_000)).max(5000),
});
const ofAdoption = { objectId: id, shownOn: z.array(id).max(1000) };
const adoption = z.discriminatedUnion("kind", [
  z.strictObject({ ...ofAdoption, kind: z.literal("route-removed"), destination: z.string().max(32) }),
  z.strictObject({ ...ofAdoption, kind: z.literal("route-added"), destination: z.string().max(32), target: z.strictObject({ kind: z.enum(ROUTE_TARGET_KINDS), id }) }),
  z.strictObject({ ...ofAdoption, kind: z.literal("rule-removed"), rule: z.string().max(128) }),
]);
const planPreview = z.strictObject({
  changes: z.array(plannedChange).max(5000), steps: z.int().min(0), basis: z.enum(["observed", "last-applied"]),
  adoptions: z.array(adoption).max(ADOPTIONS_MAX).optional(),
});
const hop = z.strictObject({
  objectId: id.nullable(), label: z.string().max(300), by: id.nullable(), note: z.string().max(300), verdict: z.enum(["pass", "stop"]),
});
const hops = z.array(hop).max(64);
const verdict = z.strictObject({
  reachable: z.boolean(), why: line, there: hops, back: hops,
  decision: z.strictObject({ code: z.enum(EXPLANATION_CODES), objectId: id.nullable(), rule: z.string().max(64).nullable() }),
});
const probeResult = z.strictObject({
  probeId: id, kind: z.enum(PROBE_KINDS), outcome: z.enum(["reached", "refused", "timeout"]), sentence: line,
  roundTripMs: z.number().nullable(), body: z.string().max(1000).nullable(), source: z.string().max(300), destination: z.string().max(300),
  expected: verdict,
});

const measuredFlows = z.strictObject({
  generation: z.int().min(0),
  flows: z.array(z.strictObject({ outcome: z.enum(["reached", "refused", "timeout"]).nullable(), expected: z.boolean() })).max(FLOWS_MAX),
});

const inspection = z.strictObject({
  readAt: z.int(), leftOut: z.int().min(0),
  parts: z.array(z.strictObject({ command: z.string().max(300), text: z.string().max(24_000), cut: z.boolean() })).max(24),
  counters: z.record(z.string().max(64), z.strictObject({ packets: count, bytes: count })),
});

const ruleHits = z.strictObject({
  since: z.int().nullable(), rules: z.record(z.string().max(128), z.strictObject({ packets: count, bytes: count })), read: z.int().min(0), places: z.int().min(0),
});

/** Body of a signed refusal: what this agent says of one job, on one connection (`session`: the agent's own nonce of it). */
export const JobResultSchema = z.strictObject({ v: z.literal(PROTOCOL_VERSION), agentId: id, session: nonce, jobId: id.nullable(), failure });

export const AgentMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("hello"), hello: EnvelopeSchema }),
  z.strictObject({
    type: z.literal("inventory"),
    topologies: z.array(z.strictObject({ topologyId: id, deployment, contentHash: z.string().max(64) })).max(1000),
    /** Ends of the server's audit log that its jobs have shown, oldest first. */
    auditHeads: z.array(AuditHeadSchema).max(AUDIT_HEADS_MAX).optional(),
  }),
  z.strictObject({ type: z.literal("job-accepted"), jobId: id }),
  /** `result`: the same, signed with the agent's key (JobResultSchema). Without it only where both ends are on this host. */
  z.strictObject({ type: z.literal("job-refused"), jobId: id.nullable(), failure, result: EnvelopeSchema.optional() }),
  /** Progress of an apply: only the objects whose state changed. */
  z.strictObject({ type: z.literal("objects"), topologyId: id, objects }),
  z.strictObject({ type: z.literal("job-done"), jobId: id, topologyId: id, deployment, failure: failure.optional() }),
  /** `over`: that apply had ended already, or was none of this host's; nothing was stopped. */
  z.strictObject({ type: z.literal("cancel-done"), jobId: id, outcome: z.enum(["stopping", "over"]) }),
  z.strictObject({ type: z.literal("plan-done"), jobId: id, plan: planPreview }),
  z.strictObject({ type: z.literal("probe-done"), jobId: id, result: probeResult }),
  z.strictObject({ type: z.literal("measure-done"), jobId: id, result: measuredFlows }),
  z.strictObject({ type: z.literal("inspect-done"), jobId: id, inspection }),
  z.strictObject({ type: z.literal("rule-hits-done"), jobId: id, hits: ruleHits }),
  /** The agent saw a change by itself (drift found, repaired after a restart). */
  z.strictObject({ type: z.literal("deployment"), topologyId: id, deployment }),
  z.strictObject({ type: z.literal("counters"), at: z.int(), topologies: z.record(id, z.record(id, counter)) }),
  z.strictObject({
    type: z.literal("log"), topologyId: id.nullable(),
    line: z.strictObject({ at: z.int(), level: z.enum(["info", "warn", "error"]), text: line, objectId: id.optional() }),
  }),
  /** How busy the host is: after each welcome and every ten seconds. */
  z.strictObject({ type: z.literal("load"), load: HostLoadSchema }),
  /** What `doctor` found: after each welcome, and as the answer to a job. */
  z.strictObject({ type: z.literal("checks"), jobId: id.optional(), at: z.int(), checks: z.array(HostCheckSchema).max(HOST_CHECKS_MAX) }),
  /** One action on this host is over. Fewer commands than the agent's own log has, where all would not fit a frame. */
  z.strictObject({ type: z.literal("activity"), entry: ActivityEntrySchema }),
]);
export type AgentMessage = z.infer<typeof AgentMessageSchema>;

// The schemas above and the types that the pages use describe the same things; the compiler holds them together.
type Same<A, B> = [A] extends [B] ? true : never;
export const WIRE_TYPES_AGREE: readonly [
  Same<z.infer<typeof deployment>, Deployment>, Same<z.infer<typeof planPreview>, PlanPreview>,
  Same<z.infer<typeof probeResult>, ProbeResult>, Same<z.infer<typeof issue>, Issue>, Same<z.infer<typeof measuredFlows>, MeasuredFlows>,
  Same<z.infer<typeof inspection>, Inspection>, Same<z.infer<typeof ruleHits>, RuleHits>,
] = [true, true, true, true, true, true, true];

/** POST /agent/v1/enrol. `hello` is signed with the new agent key: proof that the sender holds it. */
export const EnrolRequestSchema = z.strictObject({ tokenId: z.string().max(64), secret: z.string().max(128), hello: EnvelopeSchema });
/** Body of the signed enrolment: what the agent says of itself. `publicKey` is raw Ed25519, base64url. */
export const EnrolBodySchema = z.strictObject({
  v: z.literal(PROTOCOL_VERSION), tokenId: z.string().max(64), publicKey: z.string().max(64), hostName: z.string().max(64),
  mode: z.enum(["sandbox", "host", "rootless"]),
});
/** GET /agent/v1/keys. Raw Ed25519, base64url; and the newest key set, which is of that key. */
export const ServerKeysSchema = z.strictObject({ v: z.literal(PROTOCOL_VERSION), jobKey: z.string().max(64), keySet: EnvelopeSchema });
export const EnrolResponseSchema = z.strictObject({ agentId: id, jobKey: z.string().max(64), state: z.enum(["pending", "approved"]) });
