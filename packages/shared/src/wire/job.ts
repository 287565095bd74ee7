import { z } from "zod";
import { MEASURED_KINDS, PROBE_KINDS, ProbeEndSchema } from "../analysis/probe";
import { TopologySchema } from "../topology/topology";
import { AuditHeadSchema } from "./audit";

/** DSSE payload types: one per meaning, so that a signature made for one thing is never accepted for another. */
export const PAYLOAD_TYPE = {
  job: "application/vnd.vpclab.job.v1+json",
  agentHello: "application/vnd.vpclab.agent-hello.v1+json",
  serverHello: "application/vnd.vpclab.server-hello.v1+json",
  enrol: "application/vnd.vpclab.enrol.v1+json",
  result: "application/vnd.vpclab.result.v1+json",
  keySet: "application/vnd.vpclab.keyset.v1+json",
} as const;
export type PayloadType = (typeof PAYLOAD_TYPE)[keyof typeof PAYLOAD_TYPE];

/**
 * DSSE's pre-authentication encoding (github.com/secure-systems-lab/dsse protocol.md): the bytes that are signed.
 * `DSSEv1 <len type> <type> <len body> <body>`, lengths in bytes, decimal, no leading zero.
 */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const encoder = new TextEncoder();
  const type = encoder.encode(payloadType);
  const head = encoder.encode(`DSSEv1 ${type.length} `);
  const middle = encoder.encode(` ${body.length} `);
  const out = new Uint8Array(head.length + type.length + middle.length + body.length);
  out.set(head, 0);
  out.set(type, head.length);
  out.set(middle, head.length + type.length);
  out.set(body, head.length + type.length + middle.length);
  return out;
}

export const EnvelopeSchema = z.strictObject({
  payloadType: z.string().max(128),
  /** Base64 (standard alphabet, padded, canonical) of the exact bytes that were signed. */
  payload: z.string().max(2_000_000),
  signatures: z.array(z.strictObject({ keyid: z.string().max(128), sig: z.string().max(128) })),
});
export type Envelope = z.infer<typeof EnvelopeSchema>;

export const ProbeRequestSchema = z.strictObject({
  probeId: z.string().min(1).max(64),
  source: ProbeEndSchema,
  destination: ProbeEndSchema,
  kind: z.enum(PROBE_KINDS),
  /** For tcp, udp and http; null for ping. */
  port: z.int().min(1).max(65535).nullable(),
});
export type ProbeRequest = z.infer<typeof ProbeRequestSchema>;

/** Of one job; a longer list of flows is several jobs. */
export const FLOWS_MAX = 256;
const FlowEndsSchema = z.strictObject({ source: ProbeEndSchema, destination: ProbeEndSchema });
export type FlowEnds = z.infer<typeof FlowEndsSchema>;
/** One question about many pairs: a packet each, all of one kind and port. */
export const FlowsRequestSchema = z.strictObject({
  kind: z.enum(MEASURED_KINDS),
  /** For tcp and udp; null for ping. */
  port: z.int().min(1).max(65535).nullable(),
  flows: z.array(FlowEndsSchema).min(1).max(FLOWS_MAX),
});
export type FlowsRequest = z.infer<typeof FlowsRequestSchema>;
/** Nobody waits longer than this for a host that is cut off. */
export const CONFIRM_MS_MAX = 3_600_000;

/** As servers write it: a second spelling of one id would be a second topology, and a mark that nobody else would write. */
export const TopologyIdSchema = z.uuid().lowercase();

const common = {
  v: z.literal(1),
  /** Agent id this job is for. */
  aud: z.string().max(64),
  /** The agent's own nonce of this connection: a signature is worth nothing on any other. */
  session: z.string().max(64),
  /** 1, 2, 3 … on this connection. */
  seq: z.int().min(1),
  jobId: z.string().min(1).max(64),
  topologyId: TopologyIdSchema,
  issuedAt: z.int(),
  /** Unix milliseconds. */
  notAfter: z.int(),
  /** Who asked: a user of the server; the name stands in the activity log of the host. */
  actor: z.strictObject({ userId: z.string().max(64), name: z.string().min(1).max(64), role: z.string().max(32) }),
  /** End of the server's audit log when the job was signed: the agent keeps it as a witness. A host's own jobs have none. */
  auditHead: AuditHeadSchema.optional(),
};

/** What a topology should be on this host: the whole of it, or gone (`desired: null`). Ordered by (epoch, generation). */
export const ApplyJobSchema = z.strictObject({
  ...common,
  kind: z.literal("apply"),
  topologyName: z.string().max(64),
  revision: z.int().min(0),
  epoch: z.int().min(1),
  generation: z.int().min(1),
  desired: TopologySchema.nullable(),
  /**
   * Safe apply: unless the server acknowledges the end of the job within this many milliseconds after it, the agent goes back to what it
   * had before. Left out or 0: whatever comes of it stays. An agent that does not know it refuses the job.
   */
  confirmWithinMs: z.int().min(0).max(CONFIRM_MS_MAX).optional(),
});
/** What an apply would do; changes nothing. */
export const PlanJobSchema = z.strictObject({
  ...common,
  kind: z.literal("plan"),
  topologyName: z.string().max(64),
  desired: TopologySchema.nullable(),
});
export const ProbeJobSchema = z.strictObject({ ...common, kind: z.literal("probe"), probe: ProbeRequestSchema });
/** Many tests at once, worked off together. */
export const MeasureJobSchema = z.strictObject({ ...common, kind: z.literal("measure"), request: FlowsRequestSchema });
/** What the kernel holds of one drawn object, as text; changes nothing. The agent derives the names from the id. */
export const InspectJobSchema = z.strictObject({ ...common, kind: z.literal("inspect"), objectId: z.string().min(1).max(64) });

const { topologyId: _, ...aboutHost } = common;
/** What the agent needs of its system, looked at anew (`doctor`); changes nothing, and is about no topology. */
export const ChecksJobSchema = z.strictObject({ ...aboutHost, kind: z.literal("checks") });

/** How often the rules of a security group, a network ACL or a subnet's firewall have decided; changes nothing. */
export const RuleHitsJobSchema = z.strictObject({ ...common, kind: z.literal("rule-hits"), objectId: z.string().min(1).max(64) });

/**
 * No further step of an apply is begun, if it is of this generation and not over. What is done stays, what is not begun stays undone until
 * something newer is applied.
 */
export const CancelJobSchema = z.strictObject({ ...common, kind: z.literal("cancel"), generation: z.int().min(1) });

export const JobSchema = z.discriminatedUnion("kind", [ApplyJobSchema, CancelJobSchema, PlanJobSchema, ProbeJobSchema, MeasureJobSchema, InspectJobSchema, RuleHitsJobSchema, ChecksJobSchema]);
export type Job = z.infer<typeof JobSchema>;
export type ApplyJob = z.infer<typeof ApplyJobSchema>;
export type CancelJob = z.infer<typeof CancelJobSchema>;
export type PlanJob = z.infer<typeof PlanJobSchema>;
export type ProbeJob = z.infer<typeof ProbeJobSchema>;
export type MeasureJob = z.infer<typeof MeasureJobSchema>;
export type InspectJob = z.infer<typeof InspectJobSchema>;
export type RuleHitsJob = z.infer<typeof RuleHitsJobSchema>;
export type ChecksJob = z.infer<typeof ChecksJobSchema>;
