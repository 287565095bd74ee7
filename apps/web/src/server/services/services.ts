import type { HostInfo, Inspection, LiveEvent, MeasuredFlows, ProbeResult, RuleHits } from "@vpclab/shared/wire/live";
import type { PresenceEvent, PresencePatch } from "@vpclab/shared/wire/presence";
import type { OnceTold } from "@vpclab/shared/wire/people";
import type { PresenterEvent, StageEvent, StageLinkInfo } from "@vpclab/shared/wire/stage";
import type { HostChecks } from "@vpclab/shared/wire/host-report";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { LayoutPatch } from "@vpclab/shared/topology/layout";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import type { TemplateName } from "@vpclab/shared/templates/template-catalog";
import type {
  ActivityListInput, AnswerPeeringInput, ApplyAnswer, CancelAnswer, SafeApply, HostsOverview, MintedJoinToken, PeeringCandidate, PeeringCandidatesInput, PeeringWritten, ProbeInput,
  InspectInput, MeasureInput, RequestPeeringInput, RevisionsInput, RevisionSummary, RuleHitsInput, SaveAnswer, TopologySnapshot, TopologySummary,
} from "@vpclab/shared/wire/api";
import type { z } from "zod";
import type { AuditExportInput, AuditListAnswer, AuditListInput, AuditPage, AuditVerdict } from "@vpclab/shared/wire/audit-api";
import type { Actor } from "./actor";
import type { AuditLog } from "./audit-log";
import type { CallLimits } from "./call-limits";
import type { AccountService, ClassService, InvitationService, SessionService, UserService } from "./people";

export type { Actor };

/** A topology as a file: what `import` takes. */
export interface TopologyExport {
  readonly name: string;
  readonly document: TopologySnapshot["document"];
  readonly layout: TopologySnapshot["layout"];
}

export interface TopologyService {
  list(actor: Actor): Promise<readonly TopologySummary[]>;
  get(actor: Actor, id: string): Promise<TopologySnapshot>;
  create(actor: Actor, input: { name: string; template: TemplateName }): Promise<TopologySnapshot>;
  import(actor: Actor, input: { name: string; document?: unknown; layout?: unknown }): Promise<TopologySnapshot>;
  export(actor: Actor, id: string): Promise<TopologyExport>;
  rename(actor: Actor, input: { id: string; name: string }): Promise<{ id: string; name: string }>;
  duplicate(actor: Actor, input: { id: string; name: string }): Promise<TopologySnapshot>;
  remove(actor: Actor, id: string): Promise<{ id: string }>;
  save(
    actor: Actor,
    input: { id: string; baseRevision: number; commands: readonly EditCommand[]; clientId: string },
  ): Promise<SaveAnswer>;
  saveLayout(actor: Actor, input: { id: string; patch: LayoutPatch; clientId: string }): Promise<{ id: string }>;
  /** Newest first, a page of them. */
  revisions(actor: Actor, input: z.infer<typeof RevisionsInput>): Promise<readonly RevisionSummary[]>;
  /** An earlier revision's document, its boxes where they stood then. */
  revision(actor: Actor, input: { id: string; revision: number }): Promise<TopologySnapshot>;
}

export interface PlanService {
  plan(actor: Actor, topologyId: string): Promise<PlanPreview>;
  /** What bringing the host to `desired` would do (null: removing it), for a document that is not saved and a name that may be new. */
  preview(actor: Actor, input: { name: string; desired?: unknown }): Promise<PlanPreview>;
  /** What the host's kernel holds of one object now. */
  inspect(actor: Actor, input: z.infer<typeof InspectInput>): Promise<Inspection>;
}

export interface DeploymentService {
  /** `confirmSeconds`: see ApplyInput. */
  apply(actor: Actor, topologyId: string, confirmSeconds?: number): Promise<ApplyAnswer>;
  safeApply(actor: Actor, topologyId: string): Promise<SafeApply>;
  teardown(actor: Actor, topologyId: string): Promise<ApplyAnswer>;
  /** No further step of the apply or teardown that is under way, or waits. */
  cancel(actor: Actor, topologyId: string): Promise<CancelAnswer>;
}

export interface ActivityService {
  /** Newest first. */
  list(actor: Actor, input: z.infer<typeof ActivityListInput>): Promise<readonly ActivitySummary[]>;
  /** With the commands behind it. */
  get(actor: Actor, entryId: string): Promise<ActivityEntry>;
}

/** The audit log, for those who may read it. */
export interface AuditService {
  list(actor: Actor, input: z.infer<typeof AuditListInput>): Promise<AuditListAnswer>;
  verify(actor: Actor): Promise<AuditVerdict>;
  export(actor: Actor, input: z.infer<typeof AuditExportInput>): Promise<AuditPage>;
}

export interface ProbeService {
  run(actor: Actor, input: z.infer<typeof ProbeInput>): Promise<ProbeResult>;
  /** Many pairs at once; answers in their order. */
  measure(actor: Actor, input: z.infer<typeof MeasureInput>): Promise<MeasuredFlows>;
}

export interface RuleHitsService {
  /** How often the rules of a group, an ACL or a subnet's firewall have decided. Throws NOT_FOUND, HOST_OFFLINE, AGENT_TIMEOUT. */
  of(actor: Actor, input: z.infer<typeof RuleHitsInput>): Promise<RuleHits>;
}

/** Peerings between topologies: each of the two documents holds the same peering, seen from its side. */
export interface PeeringService {
  candidates(actor: Actor, input: z.infer<typeof PeeringCandidatesInput>): Promise<readonly PeeringCandidate[]>;
  request(actor: Actor, input: z.infer<typeof RequestPeeringInput>): Promise<PeeringWritten>;
  answer(actor: Actor, input: z.infer<typeof AnswerPeeringInput>): Promise<PeeringWritten>;
}

export interface HostService {
  list(actor: Actor): Promise<readonly HostInfo[]>;
}

/** For administrators. What does not fit a host's state throws CONFLICT. */
export interface HostAdministrationService {
  overview(actor: Actor): Promise<HostsOverview>;
  mintJoinToken(actor: Actor, name: string): Promise<MintedJoinToken>;
  /** Pending: its fingerprint was compared. */
  approve(actor: Actor, id: string): Promise<{ id: string }>;
  reject(actor: Actor, id: string): Promise<{ id: string }>;
  /** Its key is worth nothing any more; a connection ends at once. */
  revoke(actor: Actor, id: string): Promise<{ id: string }>;
  /** Locked: whichever agent comes first goes on. */
  unlock(actor: Actor, id: string): Promise<{ id: string }>;
  /** Has a host's agent look anew at what it needs of its system. */
  check(actor: Actor, id: string): Promise<HostChecks>;
  /** Replaces the key that signs jobs; hosts follow by the key before. */
  rotateKey(actor: Actor): Promise<{ version: number }>;
  /** Revoked, and nothing is on it: forgotten, and its name is free. */
  remove(actor: Actor, id: string): Promise<{ id: string }>;
}

/** On which host a topology is. */
export interface HostChoiceService {
  choose(actor: Actor, input: { id: string; hostId: string }): Promise<{ id: string }>;
}

/** One subscriber's connection, as far as the event feed must know it. */
export interface BrowserConnection {
  /** Bytes accepted by the socket but not yet sent: how far this browser lags behind. */
  bufferedBytes(): number;
  /** Counts one more subscription on this connection, or throws RATE_LIMITED. The answer ends it. */
  openSubscription(): () => void;
}

export interface LiveOptions {
  readonly signal: AbortSignal;
  readonly connection: BrowserConnection | null;
  /**
   * The session read anew, null when it has ended. Never the actor of the call: between him and the moment from which changes are heard,
   * he may have lost what he had.
   */
  readonly actorNow: () => Promise<Actor | null>;
}

export interface LiveService {
  /** Events of one topology, each with the id after which a later subscription goes on. Ends when `signal` aborts. */
  subscribe(input: { id: string; lastEventId?: string | null }, options: LiveOptions): AsyncIterable<{ id: string; event: LiveEvent }>;
}

/** Who is where on a canvas; in memory only. */
export interface PresenceService {
  follow(id: string, options: LiveOptions): AsyncIterable<PresenceEvent>;
  /** By the seat that this connection's `follow` has. Throws NOT_FOUND without one, RATE_LIMITED. */
  say(connection: BrowserConnection | null, id: string, patch: PresencePatch): void;
}

export interface StageOptions {
  readonly signal: AbortSignal;
  readonly ip: string | null;
  readonly bufferedBytes: () => number;
}

/** Links for an audience. The last two are for whoever has one; they throw UNAUTHENTICATED, also later, when it is revoked or expires. */
export interface StageService {
  list(actor: Actor, id: string): Promise<readonly StageLinkInfo[]>;
  create(actor: Actor, input: { id: string; hours: number }): Promise<OnceTold>;
  revoke(actor: Actor, input: { id: string; linkId: string }): Promise<{ id: string }>;
  drawing(token: string, options: StageOptions): AsyncIterable<StageEvent>;
  presenter(token: string, options: StageOptions): AsyncIterable<PresenterEvent>;
}

export interface Services {
  readonly limits: CallLimits;
  readonly accounts: AccountService;
  readonly users: UserService;
  readonly classes: ClassService;
  readonly invitations: InvitationService;
  readonly sessions: SessionService;
  readonly topologies: TopologyService;
  readonly deployments: DeploymentService;
  readonly plans: PlanService;
  readonly peerings: PeeringService;
  readonly probes: ProbeService;
  readonly ruleHits: RuleHitsService;
  readonly hosts: HostService;
  readonly hostAdministration: HostAdministrationService;
  readonly hostChoice: HostChoiceService;
  readonly live: LiveService;
  readonly presence: PresenceService;
  readonly stages: StageService;
  readonly activities: ActivityService;
  readonly auditLog: AuditLog;
  readonly audits: AuditService;
}
