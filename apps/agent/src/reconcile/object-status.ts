import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import type { StepFailure } from "@vpclab/shared/plan/kernel";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { DeploymentState, JobFailure, ObjectStatus } from "@vpclab/shared/wire/live";
import { differencesLine } from "./what-differs";

const REASON_CHARS_MAX = 300;

/** What stands between the document and the kernel, after an observation. */
export interface Remainder {
  /** Steps that a plan would still do. */
  readonly steps: readonly Step[];
  readonly failures: readonly StepFailure[];
  /** Objects that were left out because their names are taken, with the reason. */
  readonly blocked: ReadonlyMap<string, string>;
}

export type Objects = Readonly<Record<string, ObjectStatus>>;

/** Steps by the object that shows them: what concerns the host's own table shows on the gateways. */
export function stepsByObject(document: Topology, steps: readonly Step[]): ReadonlyMap<string, Step[]> {
  const byObject = new Map<string, Step[]>();
  const gateways = document.internetGateways.map((gateway) => gateway.id);
  for (const step of steps) {
    const shownOn = step.owner.objectId === HOST_OBJECT_ID && gateways.length > 0 ? gateways : [step.owner.objectId];
    for (const objectId of shownOn) byObject.set(objectId, [...(byObject.get(objectId) ?? []), step]);
  }
  return byObject;
}

/** Status of every object of the document, and of what should be gone but is not. `unsettled` names what a left step means. */
export function objectStatuses(document: Topology, left: Remainder, unsettled: "failed" | "drifted"): Objects {
  const byObject = stepsByObject(document, left.steps);
  const ids = new Set([...[...objectsOf(document)].map(({ object }) => object.id), ...byObject.keys()]);
  return Object.fromEntries([...ids].map((id): [string, ObjectStatus] => {
    const blocked = left.blocked.get(id);
    if (blocked !== undefined) return [id, { state: "failed", reason: cut(blocked) }];
    const steps = byObject.get(id);
    if (!steps) return [id, { state: "in-place" }];
    return [id, { state: unsettled, reason: cut(reasonOf(id, steps, left.failures)) }];
  }));
}

function reasonOf(id: string, steps: readonly Step[], failures: readonly StepFailure[]): string {
  const own = failures.find(({ step }) => step.owner.objectId === id);
  if (own) return own.reason;
  const before = failures.find(({ step }) => steps.some((mine) => mine.namespace === step.namespace));
  return before ? `not done, because a step before it failed: ${before.reason}` : differencesLine(steps);
}

export function deploymentState(objects: Objects): DeploymentState {
  const states = new Set(Object.values(objects).map((object) => object.state));
  if (states.size === 0) return "empty";
  if (states.has("failed")) return "failed";
  if (states.has("drifted")) return "drifted";
  return "in-place";
}

/** One line about a deployment that did not get there; undefined when it did. */
export function failureOf(objects: Objects, left: Remainder): JobFailure | undefined {
  const failed = Object.values(objects).filter((object) => object.state === "failed");
  const [first] = failed;
  if (!first) return undefined;
  const code = left.blocked.size > 0 ? "HOST_NAME_TAKEN" : "KERNEL_REFUSED";
  const total = Object.keys(objects).length;
  return { code, message: `${failed.length} of ${total} objects ${failed.length === 1 ? "is" : "are"} not in place: ${first.reason ?? "unknown reason"}` };
}

const cut = (reason: string): string => (reason.length > REASON_CHARS_MAX ? `${reason.slice(0, REASON_CHARS_MAX)}…` : reason);
