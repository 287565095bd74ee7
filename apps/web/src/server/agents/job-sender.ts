import { AppError } from "@vpclab/shared/errors/app-error";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { AuditHead } from "@vpclab/shared/wire/audit";
import type { Job } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { Inspection, JobFailure, MeasuredFlows, ProbeResult, RuleHits } from "@vpclab/shared/wire/live";
import type { ServerMessage } from "@vpclab/shared/wire/messages";
import { FRAME_BYTES_MAX } from "@vpclab/shared/wire/messages";
import type { ApplyDraft, CancelDraft, Cancelled, ChecksDraft, InspectDraft, MeasureDraft, PlanDraft, ProbeDraft, RuleHitsDraft } from "../services/agent-link";
import type { HostChecks } from "@vpclab/shared/wire/host-report";
import type { JobKey } from "../signing/job-key";
import { sealEnvelope } from "../signing/envelope";

/** A belt: what makes a job worthless elsewhere is the agent's nonce inside it. */
const JOB_VALID_MS = 5 * 60_000;

/** What somebody waits for, by the kind of its job. */
interface Answers {
  readonly cancel: Cancelled;
  readonly plan: PlanPreview;
  readonly probe: ProbeResult;
  readonly measure: MeasuredFlows;
  readonly inspect: Inspection;
  readonly "rule-hits": RuleHits;
  readonly checks: HostChecks;
}
type Asked = CancelDraft | PlanDraft | ProbeDraft | MeasureDraft | InspectDraft | RuleHitsDraft | ChecksDraft;

interface Waiting {
  readonly kind: keyof Answers;
  readonly resolve: (value: Answers[keyof Answers]) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
}

export interface JobTimes {
  readonly planMs: number;
  readonly probeMs: number;
}
export const JOB_TIMES: JobTimes = { planMs: 30_000, probeMs: 30_000 };

/** Signs the jobs of one connection, in sequence, and matches the answers to those that somebody waits for. */
export class JobSender {
  #seq = 0;
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    private readonly agentId: string,
    private readonly session: string,
    private readonly signer: JobKey,
    private readonly send: (frame: string) => void,
    private readonly times: JobTimes,
    /** Newest committed entry of the audit log: the agent keeps it as a witness. */
    private readonly auditHead: () => AuditHead,
  ) {}

  apply(draft: ApplyDraft): void {
    this.#send(draft);
  }

  cancel(draft: CancelDraft): Promise<Cancelled> {
    return this.#ask(draft, this.times.planMs);
  }

  plan(draft: PlanDraft): Promise<PlanPreview> {
    return this.#ask(draft, this.times.planMs);
  }

  probe(draft: ProbeDraft): Promise<ProbeResult> {
    return this.#ask(draft, this.times.probeMs);
  }

  measure(draft: MeasureDraft): Promise<MeasuredFlows> {
    return this.#ask(draft, this.times.probeMs);
  }

  inspect(draft: InspectDraft): Promise<Inspection> {
    return this.#ask(draft, this.times.planMs);
  }

  ruleHits(draft: RuleHitsDraft): Promise<RuleHits> {
    return this.#ask(draft, this.times.planMs);
  }

  checks(draft: ChecksDraft): Promise<HostChecks> {
    return this.#ask(draft, this.times.probeMs);
  }

  /** An answer to a job of this connection; false: nobody waits for it, so it is dropped. */
  answer<Kind extends keyof Answers>(kind: Kind, jobId: string, value: Answers[Kind]): boolean {
    const waiting = this.#waiting.get(jobId);
    if (waiting?.kind !== kind) return false;
    this.#forget(jobId);
    waiting.resolve(value);
    return true;
  }

  /** True when the refused job was one that somebody waits for. */
  refuse(jobId: string, failure: JobFailure): boolean {
    const waiting = this.#waiting.get(jobId);
    if (!waiting) return false;
    this.#forget(jobId);
    waiting.reject(new AppError(failure.code, failure.message, { issues: failure.issues }));
    return true;
  }

  close(): void {
    for (const [jobId, waiting] of this.#waiting) {
      this.#forget(jobId);
      waiting.reject(new AppError("HOST_OFFLINE", "The connection to the host was lost before it answered. Try again when it is back."));
    }
  }

  #ask<Draft extends Asked>(draft: Draft, timeoutMs: number): Promise<Answers[Draft["kind"]]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#forget(draft.jobId);
        reject(new AppError("AGENT_TIMEOUT", `The host has not answered within ${Math.round(timeoutMs / 1000)} seconds. Try again.`));
      }, timeoutMs);
      this.#waiting.set(draft.jobId, { kind: draft.kind, resolve: resolve as Waiting["resolve"], reject, timer });
      try {
        this.#send(draft);
      } catch (error) {
        this.#forget(draft.jobId);
        reject(error as AppError);
      }
    });
  }

  #send(draft: ApplyDraft | Asked): void {
    const issuedAt = Date.now();
    const job = {
      ...draft, ...(draft.kind === "apply" ? { epoch: this.signer.version } : {}),
      v: 1, aud: this.agentId, session: this.session, seq: this.#seq + 1, issuedAt, notAfter: issuedAt + JOB_VALID_MS, auditHead: this.auditHead(),
    } as Job;
    const message: ServerMessage = { type: "job", envelope: sealEnvelope(PAYLOAD_TYPE.job, job, this.signer.key) };
    const frame = JSON.stringify(message);
    if (Buffer.byteLength(frame) > FRAME_BYTES_MAX) throw new AppError("TOO_LARGE", "The job is larger than the host accepts.");
    this.#seq += 1;
    this.send(frame);
  }

  #forget(jobId: string): void {
    clearTimeout(this.#waiting.get(jobId)?.timer);
    this.#waiting.delete(jobId);
  }
}
