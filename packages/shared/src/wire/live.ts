import type { ProbeKind, ProbeOutcome } from "../analysis/probe";
import type { Verdict } from "../analysis/verdict";
import type { ErrorCode } from "../errors/error-code";
import type { Issue } from "../errors/issue";
import type { ActivitySummary } from "./activity";

/** State of one drawn object on its host. `in-place` means: observed in the kernel. */
export type ObjectState = "absent" | "pending" | "applying" | "in-place" | "failed" | "drifted";

export interface ObjectStatus {
  readonly state: ObjectState;
  /** One line: for `failed` the kernel's words, for `drifted` what differs, for `pending` what it waits for, if for another topology or a person, for `in-place` what a person should know. */
  readonly reason?: string;
}

/** A topology on its host as a whole. `empty`: nothing of it is there. `stopped`: its apply was cancelled, and some of it is not as drawn. */
export type DeploymentState = "empty" | "applying" | "in-place" | "failed" | "drifted" | "stopped" | "unknown";

export interface Deployment {
  readonly state: DeploymentState;
  /** Revision and generation applied last, 0 when never. */
  readonly revision: number;
  readonly generation: number;
  /** By object id; objects not named are `absent`. */
  readonly objects: Readonly<Record<string, ObjectStatus>>;
  /** Public address by object id: Elastic IPs, and instances that got one by themselves. */
  readonly publicAddresses: Readonly<Record<string, string>>;
  /** The host went back to `revision` (0: nothing) by itself, because it could not reach its server after a newer one was applied. */
  readonly returned?: Returned;
}

export interface Returned {
  /** The revision that was left again, and how many milliseconds the host has waited for its server. */
  readonly from: number;
  readonly afterMs: number;
}

/** Traffic of one object, seen from the object itself (an instance's `tx` is what it sent; a gateway's `tx` goes to the internet). */
export interface Counter {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxPackets: number;
  readonly txPackets: number;
  /** Rates over the last interval, per second. */
  readonly rxBytesPerSecond: number;
  readonly txBytesPerSecond: number;
  readonly rxPacketsPerSecond: number;
  readonly txPacketsPerSecond: number;
}
/** By object id: instances, internet and NAT gateways, peerings (rx/tx seen from the requester's VPC). */
export type Counters = Readonly<Record<string, Counter>>;

/** How often a rule has decided: packets that met it. Of stateful rules only the first packet of a connection meets them. */
export interface RuleHit {
  readonly packets: number;
  readonly bytes: number;
}
/** Of one object's rules, summed over all places where they stand. */
export interface RuleHits {
  /** Unix milliseconds: the counters have counted at least since then. null: nothing of the object is applied. */
  readonly since: number | null;
  /** By the names of plan/rule-names.ts; a rule that is not applied is not named. */
  readonly rules: Readonly<Record<string, RuleHit>>;
  /** Places that were read, of all. */
  readonly read: number;
  readonly places: number;
}

export interface ProbeResult {
  readonly probeId: string;
  readonly kind: ProbeKind;
  readonly outcome: ProbeOutcome;
  /** One sentence for a person, e.g. `3 of 3 packets came back, 0.08 ms on average`. */
  readonly sentence: string;
  readonly roundTripMs: number | null;
  /** First 200 characters of an HTTP answer's body, printable characters only. */
  readonly body: string | null;
  readonly source: string;
  readonly destination: string;
  /** What the analysis of the drawing promised, beside what was measured. */
  readonly expected: Verdict;
}

/** One pair of a measurement, beside what was promised for it by the drawing that is applied. */
export interface MeasuredFlow {
  /** null: it cannot be measured on this host, e.g. from the real internet. */
  readonly outcome: ProbeOutcome | null;
  readonly expected: boolean;
}

/** Answers in the order of the flows. */
export interface MeasuredFlows {
  /** Generation of the topology that was measured. */
  readonly generation: number;
  readonly flows: readonly MeasuredFlow[];
}

/** One command and what it printed. */
export interface InspectedPart {
  readonly command: string;
  readonly text: string;
  /** There was more than a message takes. */
  readonly cut: boolean;
}

/** What the kernel held of one drawn object when it was asked. */
export interface Inspection {
  /** Unix milliseconds of the host's clock. */
  readonly readAt: number;
  readonly parts: readonly InspectedPart[];
  /** Namespaces that concern the object, too, or links of the host, that were not read. */
  readonly leftOut: number;
  /** Of the rules that it is about, by the name of their nft counter (plan/rule-match.ts). */
  readonly counters: Readonly<Record<string, { readonly packets: number; readonly bytes: number }>>;
}

export interface LogLine {
  readonly at: number;
  readonly level: "info" | "warn" | "error";
  readonly text: string;
  readonly objectId?: string;
}

/** `pending`: not approved yet. `locked`: two agents with its state were seen. Jobs go to `approved` hosts only. */
export type HostState = "pending" | "approved" | "locked" | "revoked";

export interface HostInfo {
  readonly id: string;
  readonly name: string;
  readonly state: HostState;
  readonly online: boolean;
  readonly mode: "sandbox" | "host" | "rootless";
  readonly kernel: string;
  /** Of its agent; empty: it never was connected. */
  readonly version: string;
  /** It has public addresses to give; without, internet gateways share the host's own address. */
  readonly publicPool: boolean;
  readonly lastSeenAt: number | null;
}

export interface JobFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly issues?: readonly Issue[];
}

/**
 * What the browser hears about one topology. The first event after a connection without (or with an unknown) last id is
 * always `snapshot`; after that nothing is missed. `counters` events carry no id of their own in the history: only the
 * newest matters.
 */
export type LiveEvent =
  | { readonly type: "snapshot"; readonly deployment: Deployment; readonly revision: number; readonly name: string; readonly host: HostInfo | null; readonly counters: Counters; readonly log: readonly LogLine[] }
  | { readonly type: "revision"; readonly revision: number; readonly author: string; readonly clientId: string | null }
  | { readonly type: "layout"; readonly clientId: string | null }
  | { readonly type: "objects"; readonly objects: Readonly<Record<string, ObjectStatus>> }
  | { readonly type: "deployment"; readonly deployment: Deployment; readonly failure?: JobFailure }
  | { readonly type: "host"; readonly host: HostInfo | null }
  | { readonly type: "counters"; readonly at: number; readonly counters: Counters }
  | { readonly type: "log"; readonly line: LogLine }
  | { readonly type: "activity"; readonly entry: ActivitySummary }
  | { readonly type: "removed" };
