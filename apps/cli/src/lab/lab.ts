import type { AppError } from "@vpclab/shared/errors/app-error";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { CancelAnswer } from "@vpclab/shared/wire/api";
import type { FlowsRequest, ProbeRequest } from "@vpclab/shared/wire/job";
import type { Counters, Deployment, JobFailure, MeasuredFlows, ObjectStatus, ProbeResult } from "@vpclab/shared/wire/live";

/** Where a lab is, for messages and for what only works on the machine itself. */
export interface Place {
  readonly kind: "local" | "server";
  /** e.g. `this machine (sandbox)`, `http://127.0.0.1:3000`. */
  readonly label: string;
  readonly mode: "sandbox" | "host" | "rootless" | null;
  readonly publicPool: boolean;
  /** The instances' namespaces can be entered from here: same machine. */
  readonly sameMachine: boolean;
  /** Namespace that plays the host; null: the machine itself, or not known. */
  readonly hostNetns: string | null;
  /** Interface towards the internet, as far as known. */
  readonly uplink: string | null;
}

export interface LabTopology {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly state: Deployment["state"];
  readonly vpcs: number;
  readonly subnets: number;
  readonly instances: number;
}

/** One topology: the newest drawing, and what is known of it on its host. */
export interface LabSnapshot {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly document: Topology;
  readonly deployment: Deployment;
}

/** From the newest document to the edit that is wanted; null: nothing to change. Pure: it is called again when somebody else was faster. */
export type Edit = (document: Topology) => Result<EditCommand | null, readonly Issue[]>;

export interface ChangeResult {
  readonly before: Topology;
  readonly after: Topology;
  readonly revision: number;
  readonly deployment: Deployment;
  readonly failure: JobFailure | null;
}

export interface ChangeOptions {
  readonly create: boolean;
  readonly onProgress?: OnProgress;
  /** How long the host waits for the server after it before it goes back by itself; left out: as before. */
  readonly confirmSeconds?: number | undefined;
  /** Once it aborts nobody waits for the host any more, and `change` throws; what was asked for goes on. A lab that is the agent itself does not look at it. */
  readonly signal?: AbortSignal | undefined;
}

export type OnProgress = (objects: Readonly<Record<string, ObjectStatus>>) => void;

/** Something that vpcctl did not do, e.g. because its input is wrong. */
export interface Refusal {
  readonly topologyName: string;
  /** The command without what was given to it, e.g. `vpc create`. */
  readonly action: string;
  /** The whole command line. */
  readonly text: string;
  readonly error: AppError;
}

/** What vpcctl works on: the server's API, or the agent of this machine. Every method throws AppError. */
export interface Lab {
  readonly place: Place;
  list(): Promise<readonly LabTopology[]>;
  /** NOT_FOUND when there is no topology of this name. */
  read(name: string): Promise<LabSnapshot>;
  /**
   * Edits the newest document, saves it and waits until the host has it. A topology that is not there is created when `create`
   * is set (it begins empty). An edit that changes nothing still applies, so that drift is repaired.
   */
  change(name: string, edit: Edit, options: ChangeOptions): Promise<ChangeResult>;
  /** Begins no further step of the apply that is under way. */
  cancel(name: string): Promise<CancelAnswer["outcome"]>;
  /** What bringing the host from what it is to `desired` would do (null: removing the topology). Writes nothing. `name` need not exist. */
  plan(name: string, desired: Topology | null): Promise<PlanPreview>;
  /** Removes the topology's objects from its host. The drawing stays on a server; without one there is nothing to keep it in. */
  teardown(name: string, onProgress?: OnProgress): Promise<Pick<ChangeResult, "deployment" | "failure">>;
  /** Teardown, and the drawing goes too. */
  remove(name: string, onProgress?: OnProgress): Promise<void>;
  probe(name: string, probe: Omit<ProbeRequest, "probeId">): Promise<ProbeResult>;
  /** Many tests of one kind and port at once, at most FLOWS_MAX; answers in their order. */
  measure(name: string, request: FlowsRequest): Promise<MeasuredFlows>;
  /** A reading each second until `signal` aborts. */
  counters(name: string, signal: AbortSignal): AsyncIterable<{ readonly at: number; readonly counters: Counters }>;
  /** The newest entries, oldest first; of one topology, or of all. */
  activity(name: string | null, last: number): Promise<readonly ActivityEntry[]>;
  /** For the activity log, where the lab itself has not seen why nothing was done: what was typed and why it was refused. */
  noteRefusal(refusal: Refusal): Promise<void>;
  close(): Promise<void>;
}
