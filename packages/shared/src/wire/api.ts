import { z } from "zod";
import { PROBE_KINDS, ProbeEndSchema } from "../analysis/probe";
import { TEMPLATE_NAMES } from "../templates/template-catalog";
import { EditCommandSchema } from "../topology/edit-command";
import type { Layout } from "../topology/layout";
import { LayoutPatchSchema } from "../topology/layout";
import type { Topology } from "../topology/topology";
import type { HostChecks, HostLoad, HostTopology } from "./host-report";
import { CONFIRM_MS_MAX, FlowsRequestSchema } from "./job";
import type { Deployment, HostInfo } from "./live";

/** Inputs and answers of the server's procedures; the page, the command line and the tests speak through these. */
const topologyId = z.uuid();
/** Topology names reach the kernel as a prefix of namespace names: grammar of `NAME_PATTERN`, checked by the service. */
const name = z.string().max(128);

export const TopologyIdInput = z.strictObject({ id: topologyId });
export const CreateTopologyInput = z.strictObject({ name, template: z.enum(TEMPLATE_NAMES) });
/** `document` is a topology as exported; it is validated like any edit. */
export const ImportTopologyInput = z.strictObject({ name, document: z.unknown(), layout: z.unknown().optional() });
export const RenameTopologyInput = z.strictObject({ id: topologyId, name });
export const DuplicateTopologyInput = z.strictObject({ id: topologyId, name });
export const SaveTopologyInput = z.strictObject({
  id: topologyId,
  baseRevision: z.int().min(0),
  commands: z.array(EditCommandSchema).min(1).max(500),
  /** Names the tab, so that it does not take its own save for somebody else's. */
  clientId: z.string().max(64),
});
export const SaveLayoutInput = z.strictObject({ id: topologyId, patch: LayoutPatchSchema, clientId: z.string().max(64) });
export const REVISIONS_PAGE_MAX = 200;
/** Newest first. `before`: the lowest revision that the caller has. */
export const RevisionsInput = z.strictObject({
  id: topologyId, before: z.int().min(1).max(2_147_483_647).nullish(), limit: z.int().min(1).max(REVISIONS_PAGE_MAX).optional(),
});
export const RevisionInput = z.strictObject({ id: topologyId, revision: z.int().min(0).max(2_147_483_647) });
export const RuleHitsInput = z.strictObject({ id: topologyId, objectId: z.string().min(1).max(64) });
export const ProbeInput = z.strictObject({
  id: topologyId,
  source: ProbeEndSchema,
  destination: ProbeEndSchema,
  kind: z.enum(PROBE_KINDS),
  port: z.int().min(1).max(65535).nullable(),
});
/** Many pairs at once; the call counts as so many flows (server/services/call-limits.ts). */
export const MeasureInput = z.strictObject({ id: topologyId, ...FlowsRequestSchema.shape });
/** What the kernel holds of one object; any id of the drawing. */
export const InspectInput = z.strictObject({ id: topologyId, objectId: z.string().min(1).max(64) });
/** Which VPCs of other topologies can be peered with `vpcId`. */
export const PeeringCandidatesInput = z.strictObject({ id: topologyId, vpcId: z.string().max(64) });
/** Asks the owner of another topology to peer one of its VPCs with one of ours. */
export const RequestPeeringInput = z.strictObject({
  id: topologyId, vpcId: z.string().max(64), peerTopologyId: topologyId, peerVpcId: z.string().max(64),
});
/** The accepter's answer; `id` is the accepter's topology. */
export const AnswerPeeringInput = z.strictObject({ id: topologyId, peeringId: z.string().max(64), accept: z.boolean() });
/** What bringing the host to `desired` would do (null: removing the topology); `name` need not exist yet. Nothing is written. */
export const PreviewInput = z.strictObject({ name, desired: z.unknown() });
export const ACTIVITY_FILTERS = ["everything", "changes", "trouble"] as const;
export type ActivityFilter = (typeof ACTIVITY_FILTERS)[number];
/**
 * Newest first. `topology`: id of one; null: of all that the caller may see, and of their host. `before`: id of the last entry that
 * the caller has. `only`: what failed or was refused; all but tests.
 */
export const ActivityListInput = z.strictObject({
  topology: topologyId.nullable(), before: z.uuid().nullish(), limit: z.int().min(1).max(200), only: z.enum(ACTIVITY_FILTERS).optional(),
});
export const ActivityEntryInput = z.strictObject({ entryId: z.uuid() });
const hostId = z.uuid();
export const HostIdInput = z.strictObject({ id: hostId });
/** A host that is to join: its name on the page, which the agent has to give, too. */
export const MintJoinTokenInput = z.strictObject({ name: z.string().max(128) });
/** Where a topology is made real; only while nothing of it stands. */
export const ChooseHostInput = z.strictObject({ id: topologyId, hostId });
export const LiveInput = z.strictObject({ id: topologyId, lastEventId: z.string().max(64).nullish() });

export interface TopologySummary {
  readonly id: string;
  readonly name: string;
  /** Name of the user whose topology it is. */
  readonly owner: string;
  readonly revision: number;
  readonly updatedAt: string;
  readonly vpcs: number;
  readonly subnets: number;
  readonly instances: number;
  readonly deployment: Pick<Deployment, "state" | "revision">;
}

/** VPCs of other topologies on the same server that a peering can be requested with. */
export interface PeeringCandidate {
  readonly topologyId: string;
  readonly topologyName: string;
  readonly vpcs: readonly { readonly id: string; readonly name: string; readonly cidr: string }[];
}

/** A request or an answer is written: `revision` is the new one of the caller's topology; the other topology has got one too. */
export interface PeeringWritten {
  readonly peeringId: string;
  readonly revision: number;
}

/** A topology as stored: the newest revision and where its boxes stand. */
export interface TopologySnapshot {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly document: Topology;
  readonly layout: Layout;
}

/** A save on a stale base is not an error but an answer: nothing was written, here is what is stored. */
export type SaveAnswer =
  | { readonly saved: true; readonly revision: number }
  | { readonly saved: false; readonly current: TopologySnapshot; readonly author: string };

export interface RevisionSummary {
  readonly revision: number;
  readonly author: string;
  readonly createdAt: string;
  /** What it changed, in one line; null: written before that was kept. */
  readonly summary: string | null;
  /** A host has brought it about. */
  readonly applied: boolean;
}

/** Of each topology the newest ones are kept, and those that the newest applies asked for. */
export const REVISIONS_KEPT = 500;

/** `confirmSeconds`: how long the host waits for the server after it before it goes back by itself; 0: not at all; left out: as at the apply before. */
export const ApplyInput = z.strictObject({ id: topologyId, confirmSeconds: z.int().min(0).max(CONFIRM_MS_MAX / 1000).optional() });

/** How long the host of a topology waits for the server after an apply, in seconds; 0: what is applied stays, whatever comes of it. */
export interface SafeApply {
  /** At the next apply, unless it says otherwise. */
  readonly seconds: number;
  /** As a host of this kind needs it. */
  readonly standard: number;
}

export interface ApplyAnswer {
  readonly jobId: string;
  readonly generation: number;
}

/**
 * `stopping`: the host begins nothing more. `withdrawn`: it had not begun, and will not. `waiting`: it is not connected and is told when it is.
 * `over`: there is nothing to cancel any more.
 */
export interface CancelAnswer {
  readonly outcome: "stopping" | "withdrawn" | "waiting" | "over";
}

/** A host as an administrator sees it. */
export interface HostDetails extends HostInfo {
  /** Of the agent's key, in eight groups; the agent prints the same one. */
  readonly fingerprint: string;
  /** It runs beside the server and joins by itself. */
  readonly local: boolean;
  readonly joinedAt: number;
  /** Why it is locked. */
  readonly lockReason: string | null;
  /** Names of the topologies that are or will be on it. */
  readonly topologies: readonly string[];
  /** The same, each with its state. */
  readonly deployments: readonly HostTopology[];
  /** How busy it is now; null: it is away, or has not said yet. */
  readonly load: HostLoad | null;
  /** What its agent needs and found; null: it has not said since this server was started. */
  readonly checks: HostChecks | null;
}

export interface HostsOverview {
  readonly hosts: readonly HostDetails[];
  /** Of the key that signs jobs: in eight groups, and the version of the key set that it is of. */
  readonly serverKey: { readonly fingerprint: string; readonly version: number };
  /** When this was so, by the server's clock, milliseconds. */
  readonly now: number;
}

/** Shown once: the server keeps a hash of it. */
export interface MintedJoinToken {
  readonly name: string;
  readonly token: string;
  /** Where agents reach this server. */
  readonly url: string;
  readonly expiresAt: number;
}

export const ROLES = ["admin", "instructor", "student", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export type { HostInfo };
