import type { Step } from "@vpclab/shared/plan/step";
import { describeDifference, diffTopologies } from "@vpclab/shared/topology/diff";
import { namesOfObjects } from "@vpclab/shared/topology/object-names";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { Job } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import { returnedText } from "@vpclab/shared/wire/returned";
import type { VerifiedApply } from "../link/verify-job";

/** Something that was done on this host, or that was refused: an entry of the activity log whose steps are not rendered yet. */
export interface Action extends Pick<ActivityEntry, "actor" | "action" | "topologyId" | "topologyName" | "revision" | "text" | "outcome" | "reason" | "seconds"> {
  readonly steps: readonly Step[];
}

/** What the agent does by itself. */
export const BY_ITSELF = "agent";

/** Who asked, as people call them. */
export const actorOf = ({ actor }: Pick<Job, "actor">): string => actor.name || actor.userId;

export interface BroughtAbout {
  readonly job: VerifiedApply;
  /** `return`: the agent went back by itself, because the server was not heard after an apply. */
  readonly kind: "apply" | "rebuild" | "return";
  /** What was applied before. */
  readonly before: Topology;
  readonly failure: JobFailure | null;
  readonly steps: readonly Step[];
  /** By `performance.now()`. */
  readonly startedAt: number;
}

/** An apply (or removal) that was carried out, well or badly. */
export function actionOf({ job, kind, before, failure, steps, startedAt }: BroughtAbout): Action {
  return {
    actor: kind === "apply" ? actorOf(job) : BY_ITSELF, action: kind !== "apply" ? kind : job.desired === null ? "remove" : "apply",
    topologyId: job.topologyId, topologyName: job.topologyName, revision: job.revision, text: textOf({ job, kind, before }),
    outcome: failure ? "failed" : "done", reason: failure?.message ?? null, seconds: secondsSince(startedAt), steps,
  };
}

function textOf({ job, kind, before }: Pick<BroughtAbout, "job" | "kind" | "before">): string {
  if (kind === "rebuild") return "brought about again from this host's own disk";
  const difference = differenceText(before, job.desired ?? EMPTY_TOPOLOGY);
  return job.returned ? `${returnedText(job.revision, job.returned)} ${difference}` : difference;
}

/** How two documents differ in words; objects with their place, because every subnet's first instance is called alike. */
export function differenceText(before: Topology, after: Topology): string {
  const paths = new Map([...namesOfObjects(before), ...namesOfObjects(after)].map(({ object, path }) => [object.id, path]));
  const differences = diffTopologies(before, after).map((difference) => describeDifference({ ...difference, name: paths.get(difference.id) ?? difference.name }));
  return differences.length === 0 ? "nothing changed in the drawing" : differences.join(", ");
}

export const secondsSince = (startedAt: number): number => Math.round(performance.now() - startedAt) / 1000;
