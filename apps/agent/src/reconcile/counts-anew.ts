import type { Step } from "@vpclab/shared/plan/step";

/** Whether steps made counters that begin at zero. */
export const countsAnew = (steps: readonly Step[]): boolean => steps.some((step) =>
  step.action === "nft-replace" || step.action === "netns-add" || (step.action === "nft-change" && step.changes.some(({ change }) => change === "add-counter")));
