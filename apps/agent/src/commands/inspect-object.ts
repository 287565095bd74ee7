import type { Inspection } from "@vpclab/shared/wire/live";
import type { CommandRunner } from "../host/command-runner";
import { readCounters, readNamespace } from "../kernel/read-namespace";
import type { VerifiedInspect } from "../link/verify-job";
import type { Deployments } from "../reconcile/deployments";
import { inspectJob } from "../reconcile/inspect-job";

/** Reads what the kernel holds of one object. Throws AppError. */
export const inspectObject = (job: VerifiedInspect, deployments: Deployments, runner: CommandRunner): Promise<Inspection> =>
  inspectJob(job, deployments.appliedState(job.topologyId), { text: (look) => readNamespace(look, runner), counters: readCounters });
