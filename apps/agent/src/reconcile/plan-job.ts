import { AppError } from "@vpclab/shared/errors/app-error";
import { describePlan } from "@vpclab/shared/plan/describe";
import type { HostNaming } from "@vpclab/shared/plan/render";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { VerifiedPlan } from "../link/verify-job";
import type { Deployments } from "./deployments";
import { survey } from "./survey";

/** What an apply would do to the kernel as it is now. Writes nothing. */
export function planJob(job: VerifiedPlan, deployments: Deployments, naming: HostNaming): Promise<PlanPreview> {
  return deployments.inTurn(async () => {
    const { steps, blocked } = await survey(job, deployments.site, job.desired ?? EMPTY_TOPOLOGY);
    const taken = [...blocked.values()].find(({ code }) => code === "HOST_NAME_TAKEN");
    if (taken) throw new AppError(taken.code, taken.reason);
    const before = deployments.applied(job.topologyId)?.document ?? null;
    return describePlan(steps, { topologyName: job.topologyName, before, after: job.desired }, "observed", naming);
  });
}
