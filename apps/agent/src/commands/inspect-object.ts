import type { Inspection } from "@vpclab/shared/wire/live";
import { readCounters, readNamespace } from "../kernel/read-namespace";
import type { VerifiedInspect } from "../link/verify-job";
import type { Deployments } from "../reconcile/deployments";
import { inspectJob } from "../reconcile/inspect-job";
import type { Machine } from "./machine";

/** Reads what the kernel holds of one object, or of the topology on the host. Throws AppError. */
export const inspectObject = (job: VerifiedInspect, deployments: Deployments, { runner, hostNetns }: Pick<Machine, "runner" | "hostNetns">): Promise<Inspection> =>
  inspectJob(job, deployments.appliedState(job.topologyId), { text: (look) => readNamespace(look, runner, hostNetns), counters: readCounters, hostNetns });
