import { AppError } from "@vpclab/shared/errors/app-error";
import { findAdoptions } from "@vpclab/shared/plan/find-adoptions";
import { editBetween } from "@vpclab/shared/topology/edit-between";
import { describePlan } from "@vpclab/shared/plan/describe";
import type { HostNaming } from "@vpclab/shared/plan/render";
import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import type { PlannedChange, PlanPreview } from "@vpclab/shared/plan/step";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { VerifiedPlan } from "../link/verify-job";
import type { Deployments } from "./deployments";
import type { FirewallDifference } from "./site";
import { survey } from "./survey";

const otherFirewall = (differences: readonly FirewallDifference[]): PlannedChange => ({
  objectId: HOST_OBJECT_ID, kind: "change", name: "host", commands: differences.map(({ command }) => command),
  sentence: "Keeps one marked rule in the host's other firewall, which drops what is forwarded: it lets through what vpclab forwards, and nothing else.",
});

/** What an apply would do to the kernel as it is now. Writes nothing. */
export function planJob(job: VerifiedPlan, deployments: Deployments, naming: HostNaming): Promise<PlanPreview> {
  return deployments.inTurn(async () => {
    const { steps, blocked, firewall, wanted, seen } = await survey(job, deployments.site, job.desired ?? EMPTY_TOPOLOGY);
    const taken = [...blocked.values()].find(({ code }) => code === "HOST_NAME_TAKEN");
    if (taken) throw new AppError(taken.code, taken.reason);
    const before = deployments.applied(job.topologyId)?.document ?? null;
    const described = describePlan(steps, { topologyName: job.topologyName, before, after: job.desired }, "observed", naming);
    // Of a document that is not applied, differences are edits, and nobody could tell them from what was done by hand.
    const adoptions = job.desired && before && editBetween(before, job.desired) === null ? findAdoptions(job.desired, wanted, seen) : [];
    const plan = adoptions.length === 0 ? described : { ...described, adoptions };
    return firewall.length === 0 ? plan : { ...plan, steps: plan.steps + firewall.length, changes: [...plan.changes, otherFirewall(firewall)] };
  });
}
