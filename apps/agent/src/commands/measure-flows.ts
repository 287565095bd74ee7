import type { MeasuredFlows } from "@vpclab/shared/wire/live";
import type { VerifiedMeasure } from "../link/verify-job";
import { sendFlows } from "../probes/send-flows";
import type { Deployments } from "../reconcile/deployments";
import type { MeasureSite } from "../reconcile/measure-job";
import { measureJob } from "../reconcile/measure-job";
import { takenByOthers } from "../reconcile/taken-by-others";

/** Measures what stands of a topology on this machine. Throws AppError. */
export const measureFlows = (job: VerifiedMeasure, deployments: Deployments, host: Pick<MeasureSite, "publicPool" | "internet">): Promise<MeasuredFlows> =>
  measureJob(job, { ...host, takenByOthers: takenByOthers(deployments, job.topologyId), applied: deployments.applied(job.topologyId), generation: deployments.jobOf(job.topologyId)?.generation ?? 0, send: sendFlows });
