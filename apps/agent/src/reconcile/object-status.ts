import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import { reachableVpcs } from "@vpclab/shared/plan/host-access";
import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { NOT_BEGUN } from "@vpclab/shared/plan/kernel";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import type { DeploymentState, JobFailure, ObjectStatus } from "@vpclab/shared/wire/live";
import type { BlockedObjects } from "./blocked";
import type { FirewallDifference } from "./site";
import { differencesLine, whatDiffers } from "./what-differs";

const REASON_CHARS_MAX = 300;
/** Said of what a cancelled apply has left undone. */
const NOT_FINISHED = "not finished, because the apply was cancelled";

/** What stands between the document and the kernel, after an observation. */
export interface Remainder {
  /** Steps that a plan would still do. */
  readonly steps: readonly Step[];
  readonly failures: readonly StepFailure[];
  /** Objects that cannot be what they were drawn as, whatever the kernel does. */
  readonly blocked: BlockedObjects;
  /** What differs at the host's other firewall. */
  readonly firewall: readonly FirewallDifference[];
  /** What a person should know of objects that are in place. */
  readonly remarks?: ReadonlyMap<string, string>;
}

export type Objects = Readonly<Record<string, ObjectStatus>>;

/** Where an owner of steps is shown: what concerns the host as a whole shows on what leads there, because it is no drawn object. */
export function shownOn(document: Topology, objectId: string): readonly string[] {
  if (objectId !== HOST_OBJECT_ID) return [objectId];
  const leading = [...document.internetGateways, ...reachableVpcs(document)];
  return leading.length === 0 ? [objectId] : leading.map(({ id }) => id);
}

/** Steps by the object that shows them. */
export function stepsByObject(document: Topology, steps: readonly Step[]): ReadonlyMap<string, Step[]> {
  const byObject = new Map<string, Step[]>();
  for (const step of steps) {
    for (const objectId of shownOn(document, step.owner.objectId)) {
      const group = byObject.get(objectId);
      if (group) group.push(step);
      else byObject.set(objectId, [step]);
    }
  }
  return byObject;
}

/** Status of every object of the document, and of what should be gone but is not. `unsettled` says what a left step means. */
export function objectStatuses(document: Topology, left: Remainder, unsettled: (id: string) => "failed" | "drifted" | "pending"): Objects {
  const byObject = stepsByObject(document, left.steps);
  const onGateways = new Set(left.firewall.length > 0 ? shownOn(document, HOST_OBJECT_ID) : []);
  const ids = new Set([...[...objectsOf(document)].map(({ object }) => object.id), ...byObject.keys(), ...onGateways]);
  return Object.fromEntries([...ids].map((id): [string, ObjectStatus] => {
    const blocked = left.blocked.get(id);
    if (blocked) return [id, { state: blocked.state, reason: cut(blocked.reason) }];
    const steps = byObject.get(id) ?? [];
    const firewall = onGateways.has(id) ? left.firewall : [];
    const remark = left.remarks?.get(id);
    if (steps.length + firewall.length === 0) return [id, { state: "in-place", ...(remark === undefined ? {} : { reason: cut(remark) }) }];
    const state = unsettled(id);
    if (state === "pending") return [id, { state, reason: NOT_FINISHED }];
    return [id, { state, reason: cut(failureOfObject(id, steps, left.failures) ?? differencesLine([...steps.map(whatDiffers), ...firewall.map(({ words }) => words)])) }];
  }));
}

function failureOfObject(id: string, steps: readonly Step[], failures: readonly StepFailure[]): string | undefined {
  const own = failures.find(({ step }) => step.owner.objectId === id);
  if (own) return explained(own);
  const before = failures.find(({ step }) => steps.some((mine) => mine.namespace === step.namespace));
  return before && `not done, because a step before it failed: ${explained(before)}`;
}

/** Objects that the kernel refused something of, themselves or in their namespace; what was only not begun does not count. */
export function refusedObjects(document: Topology, { steps, failures }: Pick<Remainder, "steps" | "failures">): ReadonlySet<string> {
  const refused = new Set(failures.filter(({ reason }) => reason !== NOT_BEGUN).map(({ step }) => step.namespace));
  return new Set(steps.filter(({ namespace }) => refused.has(namespace)).flatMap(({ owner }) => shownOn(document, owner.objectId)));
}

/** The kernel's words, except where they say less than is known. On the host only links with our mark are seen, so a name can be taken unseen. */
function explained({ step, reason }: StepFailure): string {
  if (step.action !== "veth-add" || !/exists/i.test(reason)) return reason;
  return `A link called ${step.name} exists on this host already and was not made by vpclab; it was not touched. Remove or rename it.`;
}

/** What only waits for another topology's part does not count: nothing of this one is missing. */
export function deploymentState(objects: Objects): DeploymentState {
  const states = new Set(Object.values(objects).map((object) => object.state));
  if (states.size === 0) return "empty";
  if (states.has("failed")) return "failed";
  if (states.has("drifted")) return "drifted";
  return "in-place";
}

/** One line about a deployment that did not get there; undefined when it did. */
export function failureOf(objects: Objects, left: Remainder): JobFailure | undefined {
  const failed = Object.entries(objects).filter(([, object]) => object.state === "failed");
  const [first] = failed;
  if (!first) return undefined;
  const code = left.blocked.get(first[0])?.code ?? left.failures.find(({ step }) => step.owner.objectId === first[0])?.code ?? "KERNEL_REFUSED";
  const total = Object.keys(objects).length;
  return { code, message: `${failed.length} of ${total} objects ${failed.length === 1 ? "is" : "are"} not in place: ${first[1].reason ?? "unknown reason"}` };
}

const cut = (reason: string): string => (reason.length > REASON_CHARS_MAX ? `${reason.slice(0, REASON_CHARS_MAX)}…` : reason);
