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
import { failureOf, objectStatuses } from "./object-status";
import { ProgressReport } from "./progress-report";
import type { Outcome } from "./reconcile";
import { reconcile } from "./reconcile";

export interface BringAboutOptions {
  readonly topologies: HeldTopologies;
  readonly log: AgentLog;
  /** Tells whoever decides about the topology that the message is about. */
  readonly send: (message: OutgoingMessage, to: Authority) => void;
  /** Writes down what was done. */
  readonly record: (action: Action) => void;
  /** What has to be there before anything is applied (a sandbox); answers with the steps that it took. */
  readonly prepare: (() => Promise<readonly Step[]>) | null;
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
  held.applied = appliedBy(job);
  held.deployment = { ...held.deployment, state: "applying", revision: job.revision, generation: job.generation };
  held.pauses.reset();
  const prepared: Step[] = [];
  let outcome: Outcome;
  try {
    if (options.prepare && job.desired !== null) prepared.push(...(await options.prepare()));
    outcome = await reconcileAndTell(work, options);
  } catch (error) {
    const failure = broken(work, error, options.log);
    options.record(actionOf({ ...about, failure, steps: prepared }));
    return { failure, steps: 0 };
  }
  const failure = settle(work, outcome, options);
  if (kind !== "rebuild" || outcome.steps > 0) options.record(actionOf({ ...about, failure, steps: [...prepared, ...outcome.done] }));
  if (job.desired === null && !failure) await options.forget(held, job);
  return { failure, steps: outcome.steps };
}

async function reconcileAndTell({ held, job, document }: Work, { topologies: { site }, send }: BringAboutOptions): Promise<Outcome> {
  const { topologyId } = job;
  const progress = new ProgressReport(document, held.deployment.objects, (objects) => send({ type: "objects", topologyId, objects }, job.authority));
  try {
    const outcome = await reconcile(job, site, progress);
    if (countsAnew(outcome.done)) held.recountedAt = Date.now();
    return outcome;
  } finally {
    progress.flush();
  }
}

/** What the kernel holds now, object by object, and in one line of the log. */
function settle({ held, job, document, startedAt }: Work, { steps, left }: Outcome, { topologies, log }: BringAboutOptions): JobFailure | null {
  const objects = objectStatuses(document, left, () => "failed");
  const failure = failureOf(objects, left) ?? null;
  held.pauses.tried(differingOwners(left));
  held.deployment = deploymentOf(job, objects, topologies.addressesOf(held));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
  const result = `${job.topologyName} revision ${job.revision}: ${steps} steps in ${seconds} s, ${held.deployment.state}`;
  log[failure ? "error" : "info"](failure ? `${result}; ${failure.message}` : result, { topologyId: job.topologyId });
  return failure;
}

/** The reconcile itself broke (not a step of it): nothing is known about the objects. */
function broken({ held, job, document }: Work, error: unknown, log: AgentLog): JobFailure {
  const { code, publicMessage: message } = toWireError(error);
  log.error(`${job.topologyName}: ${message}`, { topologyId: job.topologyId, error });
  held.deployment = { ...deploymentOf(job, allFailed(document, message), held.deployment.publicAddresses), state: "failed" };
  return { code, message };
}
