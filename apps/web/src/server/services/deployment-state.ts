import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Job } from "@vpclab/shared/wire/job";
import type { Deployment, JobFailure, ObjectStatus } from "@vpclab/shared/wire/live";
import { fromJson } from "../store/json";
import { OPEN_STATES } from "../store/job-store";
import type { JobRow } from "../store/job-store";

/** How a deployment looks from the moment it is asked for until its host says more: what is not in place is pending. */
export function askedFor({ returned: _, ...current }: Deployment, desired: Topology | null): Deployment {
  const objects: Record<string, ObjectStatus> = {};
  for (const [id, status] of Object.entries(current.objects)) if (status.state !== "absent") objects[id] = status;
  if (desired === null) {
    for (const id of Object.keys(objects)) objects[id] = { state: "pending" };
  } else {
    for (const { object } of objectsOf(desired)) if (objects[object.id]?.state !== "in-place") objects[object.id] = { state: "pending" };
  }
  return { ...current, state: "applying", objects };
}

/** How a deployment looks after its host has refused the newest job: as it was, and each object that was the reason says so. */
export function refusedFor(current: Deployment, { issues = [] }: JobFailure): Deployment {
  const objects: Record<string, ObjectStatus> = { ...current.objects };
  const named = new Set<string>();
  for (const { objectId, message } of issues) {
    if (objectId === undefined || named.has(objectId)) continue;
    named.add(objectId);
    objects[objectId] = { state: "failed", reason: message };
  }
  return { ...current, state: "failed", objects };
}

/**
 * Whether the host must be sent the newest job (again): it has not reached that generation, or what it reports is not
 * what was asked for. Sending once too often does no harm, because applying twice does nothing the second time.
 */
export function mustSend(newest: Pick<JobRow, "generation" | "kind" | "state" | "cancelledBy">, seen: Deployment): boolean {
  if (newest.cancelledBy !== null) return false;
  // Never back to something older than the host has: a person has to ask for that anew.
  if (seen.generation > newest.generation) return false;
  // It was cancelled, or carried out and has cut its host off: a person has to ask anew.
  if (seen.state === "stopped" && seen.generation === newest.generation) return false;
  if (seen.returned && seen.generation === newest.generation) return false;
  if (seen.generation < newest.generation) return !(newest.kind === "teardown" && newest.state === "applied" && seen.state === "empty");
  if (newest.kind === "teardown") return seen.state !== "empty";
  return seen.state !== "in-place" && seen.state !== "drifted";
}

/** How a job ended that is not sent again, by what its host holds; null: the host is at it, and is told (again) that it is cancelled. */
export function endBySight({ generation, kind, cancelledBy }: JobRow, seen: Deployment): { readonly state: "applied" | "failed"; readonly failure: JobFailure | null } | null {
  const { name } = fromJson<Job["actor"] | null>(cancelledBy) ?? { name: "somebody" };
  const isBegun = seen.generation === generation;
  if (isBegun && seen.state === "stopped") return { state: "failed", failure: stoppedBy(name) };
  if (cancelledBy === null) return { state: "applied", failure: null };
  if (isBegun && seen.state === "applying") return null;
  if (isBegun && seen.state !== "failed" && seen.state !== "unknown") return { state: "applied", failure: null };
  const isGone = kind === "teardown" && seen.state === "empty";
  return isGone ? { state: "applied", failure: null } : { state: "failed", failure: isBegun ? stoppedBy(name) : withdrawnBy(name) };
}

const stoppedBy = (name: string): JobFailure =>
  ({ code: "CANCELLED", message: `Cancelled by ${name}. What is done stays, and nothing more is done before the next apply.` });
export const withdrawnBy = (name: string): JobFailure =>
  ({ code: "CANCELLED", message: `Cancelled by ${name} before the host has begun; nothing was changed there.` });

export const isOpen = (job: Pick<JobRow, "state">): boolean => OPEN_STATES.includes(job.state);
