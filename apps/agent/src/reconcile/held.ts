import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { Deployment, ObjectState } from "@vpclab/shared/wire/live";
import type { VerifiedApply } from "../link/verify-job";
import type { Objects } from "./object-status";
import { deploymentState } from "./object-status";
import type { AppliedTopology } from "./remote-peerings";
import type { RepairPauses } from "./repair-pauses";

/** One topology on this host: what was accepted last, what the kernel was last brought towards, and how that went. */
export interface Held {
  job: VerifiedApply;
  /** What the kernel holds or is being brought towards; null before the first reconcile and after a removal. */
  applied: AppliedTopology | null;
  deployment: Deployment;
  /** The apply of `job` was cancelled and has left something undone: nothing of it is written any more. */
  stopped: boolean;
  readonly pauses: RepairPauses;
  /** Unix milliseconds: when counters were last made anew; absent: not since this agent started. */
  recountedAt?: number;
}

export const NOTHING_KNOWN: Deployment = { state: "unknown", revision: 0, generation: 0, objects: {}, publicAddresses: {} };

export const documentOf = ({ job }: Held): Topology => job.desired ?? EMPTY_TOPOLOGY;

/** A job as what the kernel holds once it was brought about. */
export const appliedBy = ({ topologyId, topologyName, desired }: VerifiedApply): AppliedTopology | null =>
  desired && { topologyId, name: topologyName, document: desired };

export const deploymentOf = ({ job, stopped }: Pick<Held, "job" | "stopped">, objects: Objects, publicAddresses: Deployment["publicAddresses"]): Deployment => ({
  state: stopped ? "stopped" : deploymentState(objects), revision: job.revision, generation: job.generation, objects, publicAddresses, ...(job.returned ? { returned: job.returned } : {}),
});

/** The job that was accepted last was brought about, well or badly: what is seen now was not there by then. */
export const isSettled = ({ job, deployment }: Held): boolean => deployment.state !== "applying" && deployment.generation === job.generation;

const WAS_THERE: ReadonlySet<ObjectState | undefined> = new Set<ObjectState>(["in-place", "drifted", "failed"]);

/** What it means that an object differs which nobody works on: what a cancelled apply has not come to is no drift. */
export const stateOfDifference = ({ stopped, deployment: { objects } }: Held) => (id: string): "drifted" | "pending" =>
  stopped && !WAS_THERE.has(objects[id]?.state) ? "pending" : "drifted";

/** The whole reconcile broke (not a step of it), so nothing is known of any object. */
export const allFailed = (document: Topology, reason: string): Objects =>
  Object.fromEntries([...objectsOf(document)].map(({ object }) => [object.id, { state: "failed", reason }]));

/** What failed and still is not there keeps the kernel's words; it did not drift. */
export const keepFailures = (before: Objects, now: Objects): Objects =>
  Object.fromEntries(Object.entries(now).map(([id, status]) => {
    const was = before[id];
    return [id, status.state === "drifted" && was?.state === "failed" ? was : status];
  }));
