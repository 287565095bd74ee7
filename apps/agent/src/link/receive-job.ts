import { AppError, toWireError } from "@vpclab/shared/errors/app-error";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { Inspection, JobFailure, MeasuredFlows, ProbeResult, RuleHits } from "@vpclab/shared/wire/live";
import type { HostChecks } from "@vpclab/shared/wire/host-report";
import type { Policy } from "../policy/policy";
import type { AgentLog } from "../report/agent-log";
import type { TrustedKey } from "./ed25519";
import { fitPlan } from "./fit-frame";
import type { OutgoingMessage } from "./outgoing-message";
import type { Authority, Deployed, FenceEntry, Refusal, VerifiedApply, VerifiedCancel, VerifiedChecks, VerifiedInspect, VerifiedJob, VerifiedMeasure, VerifiedPlan, VerifiedProbe, VerifiedRuleHits } from "./verify-job";
import { verifyJob } from "./verify-job";

/** What a job may lead to. Everything takes verified jobs only. */
export interface JobHandlers {
  /** Makes the job durable; a rejection refuses it. */
  accept(job: VerifiedApply, envelope: Envelope): Promise<void>;
  /** Starts the work on an accepted job; its end is reported by itself. */
  run(job: VerifiedApply): Promise<unknown>;
  /** Durable when it answers. */
  cancel(job: VerifiedCancel): Promise<"stopping" | "over">;
  plan(job: VerifiedPlan): Promise<PlanPreview>;
  probe(job: VerifiedProbe): Promise<ProbeResult>;
  measure(job: VerifiedMeasure): Promise<MeasuredFlows>;
  inspect(job: VerifiedInspect): Promise<Inspection>;
  ruleHits(job: VerifiedRuleHits): Promise<RuleHits>;
  checks(job: VerifiedChecks): Promise<HostChecks>;
}

export interface Reception {
  readonly agentId: string;
  /** Whose jobs come this way, and the key that shows it. */
  readonly authority: Authority;
  readonly key: TrustedKey;
  readonly epoch: number | null;
  readonly policy: Policy;
  readonly fenceOf: (topologyId: string) => FenceEntry | null;
  readonly deployed: () => readonly Deployed[];
  readonly handlers: JobHandlers;
  readonly send: (message: OutgoingMessage) => void;
  readonly log: AgentLog;
  /** For the records: somebody asked and did not get it. */
  readonly refused?: (refusal: Refusal) => void;
  readonly nowMs: () => number;
  readonly portsInUse?: () => ReadonlySet<string>;
  /** See VerifyContext. */
  readonly recentProbes?: number;
  readonly recentFlows?: number;
}

/** Signs of somebody else at work, not of a mistake: shouted, not mentioned. */
const ALARMING: ReadonlySet<JobFailure["code"]> = new Set(["SIG_COUNT", "SIG_INVALID", "TYPE", "KEY_UNKNOWN", "B64", "AUD", "SESSION", "EPOCH", "EQUIVOCATION"]);

/** An envelope from the wire to its answer. Returns the sequence number that the connection has reached. */
export async function receiveJob(envelope: Envelope, session: string, lastSeq: number, reception: Reception): Promise<number> {
  const { agentId, authority, key, epoch, policy, fenceOf, deployed, nowMs, portsInUse, recentProbes, recentFlows } = reception;
  const verdict = verifyJob(envelope, {
    authority, key, epoch, agentId, session, lastSeq, nowMs: nowMs(), fenceOf, deployed: deployed(), policy,
    ...(portsInUse ? { portsInUse } : {}), ...(recentProbes === undefined ? {} : { recentProbes }), ...(recentFlows === undefined ? {} : { recentFlows }),
  });
  if (!verdict.ok) {
    refuse(verdict.error, reception);
    return verdict.error.seq ?? lastSeq;
  }
  await begin(verdict.value, envelope, reception);
  return verdict.value.seq;
}

function refuse(refusal: Refusal, { send, log, refused }: Reception): void {
  const { jobId, code, message, issues } = refusal;
  refused?.(refusal);
  const text = `job ${jobId ?? "without an id"} refused, ${code}: ${message}`;
  if (ALARMING.has(code)) log.error(`SECURITY ${text}`);
  else log.warn(text);
  send({ type: "job-refused", jobId, failure: { code, message: message.slice(0, 2000), ...(issues ? { issues } : {}) } });
}

/** Durable before accepted; accepted before it runs. What takes long does not hold up the next frame. */
async function begin(job: VerifiedJob, envelope: Envelope, reception: Reception): Promise<void> {
  const { handlers, send } = reception;
  const failed = (error: unknown): void => refuseBroken(job.jobId, error, reception);
  if (job.kind === "apply") {
    try {
      await handlers.accept(job, envelope);
    } catch (error) {
      const { code, publicMessage: message } = toWireError(error);
      reception.refused?.({ code, message, jobId: job.jobId, seq: job.seq, job });
      return failed(error);
    }
  }
  send({ type: "job-accepted", jobId: job.jobId });
  if (job.kind === "apply") void handlers.run(job).catch(failed);
  else void answerTo(job, handlers).then(send).catch(failed);
}

/** Of jobs that ask for something and get it in one message. */
async function answerTo(job: Exclude<VerifiedJob, VerifiedApply>, handlers: JobHandlers): Promise<OutgoingMessage> {
  const { jobId } = job;
  switch (job.kind) {
    case "cancel": return { type: "cancel-done", jobId, outcome: await handlers.cancel(job) };
    case "plan": return { type: "plan-done", jobId, plan: fitPlan(await handlers.plan(job)) };
    case "probe": return { type: "probe-done", jobId, result: await handlers.probe(job) };
    case "measure": return { type: "measure-done", jobId, result: await handlers.measure(job) };
    case "inspect": return { type: "inspect-done", jobId, inspection: await handlers.inspect(job) };
    case "rule-hits": return { type: "rule-hits-done", jobId, hits: await handlers.ruleHits(job) };
    case "checks": return { type: "checks", jobId, ...await handlers.checks(job) };
  }
}

function refuseBroken(jobId: string, error: unknown, { send, log }: Reception): void {
  const { code, publicMessage } = toWireError(error);
  const expected = error instanceof AppError && error.code !== "INTERNAL";
  if (expected) log.warn(`job ${jobId}: ${publicMessage}`);
  else log.error(`job ${jobId} broke: ${publicMessage}`, { error });
  send({ type: "job-refused", jobId, failure: { code, message: publicMessage } });
}
