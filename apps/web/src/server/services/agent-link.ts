import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { ApplyJob, CancelJob, ChecksJob, InspectJob, MeasureJob, PlanJob, ProbeJob, RuleHitsJob } from "@vpclab/shared/wire/job";
import type { Inspection, MeasuredFlows, ProbeResult, RuleHits } from "@vpclab/shared/wire/live";
import type { HostChecks } from "@vpclab/shared/wire/host-report";

/** A job without what only the connection knows: for whom, on which session, by which key, in which order, until when. */
type Draft<Job> = Omit<Job, "v" | "aud" | "session" | "seq" | "issuedAt" | "notAfter" | "auditHead" | "epoch">;
export type ApplyDraft = Draft<ApplyJob>;
export type CancelDraft = Draft<CancelJob>;
/** What the agent makes of a cancel. */
export type Cancelled = "stopping" | "over";
export type PlanDraft = Draft<PlanJob>;
export type ProbeDraft = Draft<ProbeJob>;
export type MeasureDraft = Draft<MeasureJob>;
export type InspectDraft = Draft<InspectJob>;
export type RuleHitsDraft = Draft<RuleHitsJob>;
export type ChecksDraft = Draft<ChecksJob>;

/** The way to the hosts' agents; the other direction is `HostReports`. */
export interface AgentLink {
  isOnline(hostId: string): boolean;
  /** Ends the host's connection: it comes again, tells what it holds, and is sent what it should hold. */
  disconnect(hostId: string, reason: string): void;
  /** Ends all connections; agents come again by themselves. */
  disconnectAll(reason: string): void;
  /** Signs and sends. False when the host is away. */
  sendApply(hostId: string, job: ApplyDraft): boolean;
  /** Throws like `plan`. */
  cancel(hostId: string, job: CancelDraft): Promise<Cancelled>;
  /** Throws HOST_OFFLINE, AGENT_TIMEOUT, or what the agent refused it with. */
  plan(hostId: string, job: PlanDraft): Promise<PlanPreview>;
  /** Throws like `plan`. */
  probe(hostId: string, job: ProbeDraft): Promise<ProbeResult>;
  /** Throws like `plan`. */
  measure(hostId: string, job: MeasureDraft): Promise<MeasuredFlows>;
  /** Throws like `plan`. */
  inspect(hostId: string, job: InspectDraft): Promise<Inspection>;
  /** Throws like `plan`. */
  ruleHits(hostId: string, job: RuleHitsDraft): Promise<RuleHits>;
  /** What the agent needs of its system and finds now. Throws like `plan`. */
  checks(hostId: string, job: ChecksDraft): Promise<HostChecks>;
}
