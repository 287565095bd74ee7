import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { JobFailure } from "@vpclab/shared/wire/live";
import type { OutgoingMessage } from "../link/outgoing-message";
import type { Authority, VerifiedApply } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { Action, BroughtAbout } from "./action";
import { actionOf } from "./action";
import { countsAnew } from "./counts-anew";
import { differingOwners } from "./drift";
import type { Held } from "./held";
import { allFailed, appliedBy, deploymentOf, documentOf } from "./held";
import type { HeldTopologies } from "./held-topologies";
import type { Objects } from "./object-status";
import { failureOf, objectStatuses, refusedObjects } from "./object-status";
import { ProgressReport } from "./progress-report";
import type { Outcome } from "./reconcile";
import { reconcile } from "./reconcile";
import type { Stops } from "./stops";
import { survey } from "./survey";

export interface BringAboutOptions {
  readonly topologies: HeldTopologies;
  readonly log: AgentLog;
  /** Tells whoever decides about the topology that the message is about. */
  readonly send: (message: OutgoingMessage, to: Authority) => void;
  /** Writes down what was done. */
  readonly record: (action: Action) => void;
  /** What has to be there before anything is applied (a sandbox); answers with the steps that it took. */
  readonly prepare: (() => Promise<readonly Step[]>) | null;
  readonly stops: Stops;
  /** A removal was carried through. */
  readonly forget: (held: Held, job: VerifiedApply) => Promise<void>;
}

export interface Brought {
  readonly failure: JobFailure | null;
  /** How many steps were due. */
  readonly steps: number;
}

/** What is being brought about; a newer job may be accepted for the same topology meanwhile. */
interface Work {
  readonly held: Held;
  readonly job: VerifiedApply;
  readonly document: Topology;
  /** By `performance.now()`. */
  readonly startedAt: number;
}

/** Brings the kernel to the job that is held, and keeps how that went: in `held`, in the log and in the records. */
export async function bringAbout(held: Held, kind: BroughtAbout["kind"], options: BringAboutOptions): Promise<Brought> {
  const { job } = held;
  const work: Work = { held, job, document: documentOf(held), startedAt: performance.now() };
  const about = { job, kind, before: held.applied?.document ?? EMPTY_TOPOLOGY, startedAt: work.startedAt };
  held.pauses.reset();
  const prepared: Step[] = [];
  let outcome: Outcome;
  try {
    outcome = options.stops.byWhom(job) === null ? await begin(work, prepared, options) : await leaveAsItIs(work, options);
  } catch (error) {
    const failure = broken(work, error, options);
    options.record(actionOf({ ...about, failure, steps: prepared }));
    return { failure, steps: 0 };
  }
  const failure = await settle(work, outcome, options);
  if (kind !== "rebuild" || outcome.steps > 0) options.record(actionOf({ ...about, failure, steps: [...prepared, ...outcome.done] }));
  if (job.desired === null && !failure) await options.forget(held, job);
  return { failure, steps: outcome.steps };
}

/** `prepared` gets the steps that came before the topology's own. */
async function begin(work: Work, prepared: Step[], options: BringAboutOptions): Promise<Outcome> {
  const { held, job } = work;
  held.applied = appliedBy(job);
  held.stopped = false;
  held.deployment = { ...held.deployment, state: "applying", revision: job.revision, generation: job.generation };
  if (options.prepare && job.desired !== null) prepared.push(...(await options.prepare()));
  return reconcileAndTell(work, options);
}

/** It was cancelled before it began, or before this agent started. Writes nothing. */
async function leaveAsItIs({ job, document }: Work, { topologies: { site } }: BringAboutOptions): Promise<Outcome> {
  return { steps: 0, done: [], left: { ...(await survey(job, site, document)), failures: [] } };
}

async function reconcileAndTell({ held, job, document }: Work, { topologies: { site }, send, stops }: BringAboutOptions): Promise<Outcome> {
  const { topologyId } = job;
  const progress = new ProgressReport(document, held.deployment.objects, (objects) => send({ type: "objects", topologyId, objects }, job.authority));
  try {
    const outcome = await reconcile(job, site, progress, { isStopped: () => stops.byWhom(job) !== null });
    if (countsAnew(outcome.done)) held.recountedAt = Date.now();
    return outcome;
  } finally {
    progress.flush();
  }
}

/** What the kernel holds now, object by object, and in one line of the log. */
async function settle({ held, job, document, startedAt }: Work, { steps, left }: Outcome, { topologies, log, stops }: BringAboutOptions): Promise<JobFailure | null> {
  const by = stops.byWhom(job);
  const differing = differingOwners(left);
  const stopped = by !== null && differing.size > 0;
  const refused = refusedObjects(document, left);
  const objects = objectStatuses(document, left, (id) => (stopped && !refused.has(id) ? "pending" : "failed"));
  const failure = (stopped ? cancelledBy(by, objects) : failureOf(objects, left)) ?? null;
  held.stopped = stopped;
  held.applied = stopped ? held.applied ?? appliedBy(job) : appliedBy(job);
  if (!stopped) held.pauses.tried(differing);
  held.deployment = deploymentOf({ job, stopped }, objects, topologies.addressesOf(held));
  // Everything was done by then.
  if (by !== null && !stopped) await stops.forget(job.topologyId);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
  const result = `${job.topologyName} revision ${job.revision}: ${steps} steps in ${seconds} s, ${held.deployment.state.replace("-", " ")}`;
  log[failure ? "error" : "info"](failure ? `${result}; ${failure.message}` : result, { topologyId: job.topologyId });
  return failure;
}

function cancelledBy(by: string, objects: Objects): JobFailure {
  const states = Object.values(objects).map(({ state }) => state);
  const undone = states.filter((state) => state !== "in-place").length;
  return {
    code: "CANCELLED",
    message: `Cancelled by ${by}: ${undone} of ${states.length} objects ${undone === 1 ? "is" : "are"} not as drawn. What is done stays, and nothing more is done before the next apply.`,
  };
}

/** The reconcile itself broke (not a step of it): nothing is known about the objects. */
function broken({ held, job, document }: Work, error: unknown, { log, stops }: BringAboutOptions): JobFailure {
  const { code, publicMessage: message } = toWireError(error);
  log.error(`${job.topologyName}: ${message}`, { topologyId: job.topologyId, error });
  held.stopped = stops.byWhom(job) !== null;
  held.deployment = deploymentOf({ job, stopped: held.stopped }, allFailed(document, message), held.deployment.publicAddresses);
  if (!held.stopped) held.deployment = { ...held.deployment, state: "failed" };
  return { code, message };
}
