import type { Issue } from "@vpclab/shared/errors/issue";
import { isError } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import type { Topology } from "@vpclab/shared/topology/topology";
import { validateTopology } from "@vpclab/shared/topology/validate";
import { validateTopologyName } from "@vpclab/shared/topology/validate-names";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { ApplyJob, CancelJob, ChecksJob, Envelope, InspectJob, Job, MeasureJob, PlanJob, ProbeJob, RuleHitsJob } from "@vpclab/shared/wire/job";
import { JobSchema, PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { JobFailure, Returned } from "@vpclab/shared/wire/live";
import { decodeStrictJson, PAYLOAD_LIMITS } from "@vpclab/shared/wire/strict-json";
import { z } from "zod";
import type { Policy } from "../policy/policy";
import { checkFlowPolicy, checkJobBytes, checkPolicy, checkProbePolicy } from "../policy/check-policy";
import type { TrustedKey } from "./ed25519";
import { openEnvelope } from "./envelope";

declare const verified: unique symbol;
/** Only this file can make one: whatever takes a `Verified<…>` cannot be reached by bytes that were not checked. */
type Verified<J extends Job> = J & { readonly authority: Authority; readonly [verified]: true };
/** `returned`: what is in place instead of the job, because its server was not heard after it. */
export type VerifiedApply = Verified<ApplyJob> & { readonly returned?: Returned };
export type VerifiedCancel = Verified<CancelJob>;
export type VerifiedPlan = Verified<PlanJob>;
export type VerifiedProbe = Verified<ProbeJob>;
export type VerifiedMeasure = Verified<MeasureJob>;
export type VerifiedInspect = Verified<InspectJob>;
export type VerifiedRuleHits = Verified<RuleHitsJob>;
export type VerifiedChecks = Verified<ChecksJob>;
export type VerifiedJob = VerifiedApply | VerifiedCancel | VerifiedPlan | VerifiedProbe | VerifiedMeasure | VerifiedInspect | VerifiedRuleHits | VerifiedChecks;

/** Who decides about a topology: a server, or root on this host without one. Each has its key, and the jobs of both go the same way. */
export type Authority = "server" | "local";

/** What the agent accepted last for a topology; kept after the topology is gone. */
export interface FenceEntry {
  readonly epoch: number;
  readonly generation: number;
  readonly contentHash: string;
  /** The last accepted job removed the topology. */
  readonly tombstone: boolean;
}

/** What this host holds already: other topologies count for the policy and for names. */
export interface Deployed {
  readonly topologyId: string;
  readonly name: string;
  /** Null: it is to be gone, and is not yet. */
  readonly document: Topology | null;
  readonly authority: Authority;
}

export interface VerifyContext {
  /** Whose job this has to be, and the key that shows it. */
  readonly authority: Authority;
  readonly key: TrustedKey;
  /** Version of the server's key set, which its applies carry as their epoch; null: the host's own, whose key stays. */
  readonly epoch: number | null;
  readonly agentId: string;
  /** The agent's own nonce of this connection. */
  readonly session: string;
  readonly lastSeq: number;
  readonly nowMs: number;
  readonly fenceOf: (topologyId: string) => FenceEntry | null;
  readonly deployed: readonly Deployed[];
  readonly policy: Policy;
  /** What the host's own programs wait on, e.g. `tcp 22`; asked when a drawing publishes ports. */
  readonly portsInUse?: () => ReadonlySet<string>;
  /** What this authority asked for in the last minute and is counted: tests, and flows of measurements; 0 where none are. */
  readonly recentProbes?: number;
  readonly recentFlows?: number;
}

export interface Refusal extends JobFailure {
  /** Known once the signature holds. */
  readonly jobId: string | null;
  /** The job's sequence number is used up: it was really sent by the server on this connection. */
  readonly seq: number | null;
  /** The job itself, once it is known to be one: for the records. */
  readonly job: Job | null;
}

const CLOCK_SLACK_MS = 5 * 60_000;
const LIFETIME_MAX_MS = 24 * 60 * 60_000;

/** The fields that are checked before the rest of the payload is looked at. */
const HeaderSchema = z.object({
  kind: z.string().max(64), aud: z.string().max(64), session: z.string().max(64), seq: z.int().min(1), jobId: z.string().min(1).max(64), notAfter: z.int(),
});
const KINDS: ReadonlySet<string> = new Set(["apply", "cancel", "plan", "probe", "measure", "inspect", "rule-hits", "checks"] satisfies Job["kind"][]);

/** An envelope from the wire to a job that may be acted on, or the first rule it breaks. Order of checks: SECURITY 2.2. */
export function verifyJob(envelope: Envelope, context: VerifyContext): Result<VerifiedJob, Refusal> {
  const payload = openPayload(envelope, context.key);
  if (!payload.ok) return err({ ...payload.error, jobId: null, seq: null, job: null });
  const header = HeaderSchema.safeParse(payload.value);
  if (!header.success) return err({ ...schemaFailure(header.error), jobId: null, seq: null, job: null });
  const { jobId, seq } = header.data;
  const stray = checkPlace(header.data, context);
  if (stray) return err({ ...stray, jobId, seq: null, job: null });
  const refuse = (failure: JobFailure, refused: Job | null): Result<never, Refusal> => err({ ...failure, jobId, seq, job: refused });
  // By its number this is the job that was due, so that the next one is judged by itself once the clocks agree again.
  const late = checkTime(header.data, context);
  if (late) return refuse(late, null);
  const job = parseJob(payload.value);
  if (!job.ok) return refuse(job.error, null);
  const failure = checkAuthority(job.value, context) ?? checkEpoch(job.value, context) ?? checkFence(job.value, context) ?? checkSize(envelope, context) ?? checkMeaning(job.value, context);
  return failure ? refuse(failure, job.value) : ok({ ...withinLimits(job.value, context.policy), authority: context.authority } as VerifiedJob);
}

/**
 * An apply that this agent accepted before and kept on its disk. Connection, sequence and time were checked then; what it
 * means is checked again, because the policy may have changed since.
 */
export function verifyStoredApply(envelope: Envelope, context: Pick<VerifyContext, "authority" | "key" | "agentId" | "deployed" | "policy">): Result<VerifiedApply, JobFailure> {
  const payload = openPayload(envelope, context.key);
  if (!payload.ok) return payload;
  const job = parseJob(payload.value);
  if (!job.ok) return job;
  if (job.value.kind !== "apply") return err({ code: "KIND", message: `a stored job must be an apply, this is a ${job.value.kind}` });
  if (job.value.aud !== context.agentId) return err({ code: "AUD", message: "stored for another agent" });
  const failure = checkMeaning(job.value, context);
  return failure ? err(failure) : ok({ ...withinLimits(job.value, context.policy), authority: context.authority } as VerifiedApply);
}

/** What a host goes back to when `job` has cut it off: what was accepted before (null: nothing), in the place that `job` has in the order. */
export function returnedTo(before: VerifiedApply | null, job: VerifiedApply): VerifiedApply {
  const { topologyName, desired } = before ?? { ...job, desired: null };
  return { ...job, topologyName, desired, revision: before && desired ? before.revision : 0, returned: { from: job.revision, afterMs: job.confirmWithinMs ?? 0 } } as VerifiedApply;
}

function openPayload(envelope: Envelope, key: TrustedKey): Result<Record<string, unknown>, JobFailure> {
  const bytes = openEnvelope(envelope, PAYLOAD_TYPE.job, key);
  return bytes.ok ? decodeStrictJson(bytes.value, PAYLOAD_LIMITS) : bytes;
}

function checkPlace(header: z.infer<typeof HeaderSchema>, context: VerifyContext): JobFailure | null {
  if (header.aud !== context.agentId) return { code: "AUD", message: "signed for another agent" };
  if (header.session !== context.session) return { code: "SESSION", message: "signed for another connection" };
  if (header.seq !== context.lastSeq + 1) return { code: "SEQ", message: `sequence number ${header.seq}, ${context.lastSeq + 1} was due` };
  return null;
}

function checkTime(header: z.infer<typeof HeaderSchema>, context: VerifyContext): JobFailure | null {
  const lateMs = context.nowMs - header.notAfter;
  if (lateMs > CLOCK_SLACK_MS) return { code: "EXPIRED", message: `expired ${Math.round(lateMs / 1000)} s ago by this host's clock` };
  if (-lateMs > LIFETIME_MAX_MS + CLOCK_SLACK_MS) return { code: "EXPIRED", message: "valid for longer than a day; compare the clocks of server and host" };
  return null;
}

function parseJob(payload: Record<string, unknown>): Result<Job, JobFailure> {
  if (!KINDS.has(String(payload["kind"]))) return err({ code: "KIND", message: "no job of this kind exists" });
  const job = JobSchema.safeParse(payload);
  return job.success ? ok(job.data) : err(schemaFailure(job.error));
}

function checkEpoch(job: Job, { epoch }: VerifyContext): JobFailure | null {
  if (job.kind !== "apply" || epoch === null || job.epoch === epoch) return null;
  return { code: "EPOCH", message: `of epoch ${job.epoch}, and this host obeys key set ${epoch}` };
}

function checkFence(job: Job, context: VerifyContext): JobFailure | null {
  if (job.kind !== "apply") return null;
  const fence = context.fenceOf(job.topologyId);
  if (!fence) return null;
  const order = job.epoch - fence.epoch || job.generation - fence.generation;
  if (order < 0) {
    const gone = fence.tombstone ? "; it was removed since" : "";
    return { code: "STALE", message: `generation ${job.epoch}.${job.generation} is older than ${fence.epoch}.${fence.generation}, which this host has${gone}` };
  }
  if (order === 0 && contentHashOf(job.topologyName, job.desired) !== fence.contentHash) {
    return { code: "EQUIVOCATION", message: `generation ${job.epoch}.${job.generation} was signed before with another content` };
  }
  return null;
}

const LOOKING: ReadonlySet<Job["kind"]> = new Set(["probe", "measure", "inspect", "rule-hits"]);

/** A topology belongs to the authority that made it, until it is removed. Looking into one by a test changes nothing of it: root may. */
function checkAuthority(job: Job, { deployed, authority }: Pick<VerifyContext, "deployed" | "authority">): JobFailure | null {
  if (job.kind === "checks") return null;
  const here = deployed.find(({ topologyId }) => topologyId === job.topologyId);
  if (!here || here.authority === authority || (LOOKING.has(job.kind) && authority === "local")) return null;
  const message = here.authority === "server"
    ? `Topology “${here.name}” belongs to the server that this host is enrolled with; use vpcctl without --local, or the page.`
    : `Topology “${here.name}” was made on the host itself and belongs to it; change it there, with vpcctl --local.`;
  return { code: "FORBIDDEN", message };
}

const checkSize = ({ payload }: Envelope, { policy }: VerifyContext): JobFailure | null => failureOf(checkJobBytes(policy, Buffer.byteLength(payload, "base64")));

/** The host's own limit on how long it waits counts, whatever was signed. */
function withinLimits(job: Job, { rules: { max } }: Policy): Job {
  return job.kind === "apply" && job.confirmWithinMs ? { ...job, confirmWithinMs: Math.min(job.confirmWithinMs, max.confirmSeconds * 1000) } : job;
}

type Meaning = Pick<VerifyContext, "deployed" | "policy" | "portsInUse" | "recentProbes" | "recentFlows">;

function checkMeaning(job: Job, { deployed, policy, portsInUse, recentProbes, recentFlows }: Meaning): JobFailure | null {
  if (job.kind === "probe") return failureOf(checkProbePolicy(policy, recentProbes));
  if (job.kind === "measure") return failureOf(checkFlowPolicy(policy, job.request.flows.length, recentFlows));
  if (job.kind === "inspect" || job.kind === "rule-hits" || job.kind === "checks" || job.kind === "cancel") return null; // brings nothing about
  if (job.desired === null) return null; // taking down is always allowed
  const others = deployed.flatMap(({ topologyId, name, document }) => (topologyId === job.topologyId || document === null ? [] : [{ name, document }]));
  return failureOf(validateTopologyName(job.topologyName, ["topologyName"]))
    ?? failureOf(nameTaken(job.topologyName, others))
    ?? failureOf(validateTopology(job.desired))
    ?? failureOf(remotePeerings(job.topologyId, job.desired))
    ?? failureOf(checkPolicy(policy, job.desired, others.map(({ document }) => document), publishesPorts(job.desired) ? portsInUse?.() : undefined));
}

const publishesPorts = (doc: Topology): boolean => doc.instances.some(({ publishedPorts }) => publishedPorts.length > 0);

const nameTaken = (name: string, others: readonly Pick<Deployed, "name">[]): Issue[] =>
  others.some((other) => other.name === name)
    ? [{ severity: "error", code: "NAME_TAKEN", path: ["topologyName"], message: `Another topology on this host is called “${name}”; rename one of the two.` }]
    : [];

/**
 * What a peering says of its other end must be able to be true; whether it is, only the other topology's own document can
 * tell, and that is asked each time before a link is made (reconcile/remote-peerings.ts).
 */
function remotePeerings(topologyId: string, doc: Topology): Issue[] {
  return doc.peerings.flatMap((peering, i): Issue[] => {
    if (peering.remote?.topologyId !== topologyId) return [];
    return [{
      severity: "error", code: "PEER_SELF", path: ["peerings", i, "remote", "topologyId"], objectId: peering.id,
      message: `Peering ${peering.name} names this very topology as the other one; draw it between two of its VPCs instead.`,
    }];
  });
}

function failureOf(issues: readonly Issue[]): JobFailure | null {
  const errors = issues.filter(isError);
  const [first] = errors;
  if (!first) return null;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return { code: first.code, message: first.message + more, issues: errors.slice(0, 200) };
}

function schemaFailure(error: z.ZodError): JobFailure {
  const [first] = error.issues;
  const where = first && first.path.length > 0 ? `${first.path.join(".")}: ` : "";
  return { code: "SCHEMA", message: `${where}${first?.message ?? "not a job"}`.slice(0, 500) };
}
