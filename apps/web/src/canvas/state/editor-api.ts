import type { MeasuredKind, ProbeEnd, ProbeKind } from "@vpclab/shared/analysis/probe";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Layout, LayoutPatch } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import type { ActivityFilter, ApplyAnswer, CancelAnswer, PeeringCandidate, RevisionSummary, SafeApply, SaveAnswer, TopologySnapshot } from "@vpclab/shared/wire/api";
import type { HostInfo, Inspection, LiveEvent, MeasuredFlows, ProbeResult, RuleHits } from "@vpclab/shared/wire/live";
import type { PresenceEvent, PresencePatch } from "@vpclab/shared/wire/presence";

/** A failed call as the editor tells it: `offline` when nobody answered, otherwise the server's own sentence. */
export interface CallFailure {
  readonly offline: boolean;
  readonly message: string;
  /** Refused for a limit: after so many seconds it is worth another try. */
  readonly retryAfterS?: number;
}

export interface ProbeQuestion {
  readonly source: ProbeEnd;
  readonly destination: ProbeEnd;
  readonly kind: ProbeKind;
  readonly port: number | null;
}

/** One pair of a measurement. */
export interface PairQuestion extends ProbeQuestion {
  readonly kind: MeasuredKind;
}

export interface PeeringRequest {
  readonly vpcId: string;
  readonly peerTopologyId: string;
  readonly peerVpcId: string;
}

/** What the editor of one topology asks of the server. Calls reject with anything; `failureOf` turns that into words. */
export interface EditorApi {
  get(): Promise<TopologySnapshot>;
  /** Newest first; `before`: the lowest that is known already. */
  revisions(before: number | null): Promise<readonly RevisionSummary[]>;
  revision(revision: number): Promise<TopologySnapshot>;
  save(baseRevision: number, commands: readonly EditCommand[], clientId: string): Promise<SaveAnswer>;
  saveLayout(patch: LayoutPatch, clientId: string): Promise<unknown>;
  /** Stores a document as a topology of its own; answers its id. */
  importCopy(name: string, document: Topology, layout: Layout): Promise<{ readonly id: string }>;
  rename(name: string): Promise<unknown>;
  /** Machines that it can be made real on. */
  hosts(): Promise<readonly HostInfo[]>;
  /** Only while nothing of it stands. */
  chooseHost(hostId: string): Promise<unknown>;
  plan(): Promise<PlanPreview>;
  /** `confirmSeconds`: see ApplyInput. */
  apply(confirmSeconds?: number): Promise<ApplyAnswer>;
  /** How long the host waits for the server after the next apply. */
  safeApply(): Promise<SafeApply>;
  teardown(): Promise<ApplyAnswer>;
  /** No further step of what is under way. */
  cancel(): Promise<CancelAnswer>;
  /** How often the rules of a group, an ACL or a subnet's firewall have decided. */
  ruleHits(objectId: string): Promise<RuleHits>;
  probe(question: ProbeQuestion): Promise<ProbeResult>;
  /** Many pairs at once, all of one kind and port; answers in their order. */
  measure(questions: readonly PairQuestion[]): Promise<MeasuredFlows>;
  /** What the host's kernel holds of one object now. */
  inspect(objectId: string): Promise<Inspection>;
  /** VPCs of other topologies that this one can be peered with. */
  peeringCandidates(vpcId: string): Promise<readonly PeeringCandidate[]>;
  /** Both change the document on the server, on this side and the other; the change arrives like anybody else's save. */
  requestPeering(request: PeeringRequest): Promise<unknown>;
  answerPeering(peeringId: string, accept: boolean): Promise<unknown>;
  /** What was done, newest first; `before`: id of the last entry that is known already. */
  activity(before: string | null, only: ActivityFilter): Promise<readonly ActivitySummary[]>;
  /** One entry with the Linux commands behind it. */
  activityEntry(entryId: string): Promise<ActivityEntry>;
  /** Hears everything that happens to the topology until the answer is called; resumes by itself after a cut. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** Hears who else is here. `say` tells the others where this tab is, until `stop`; nothing of it is kept. */
  presence(listener: (event: PresenceEvent) => void): { readonly say: (patch: PresencePatch) => void; readonly stop: () => void };
  failureOf(thrown: unknown): CallFailure;
}
