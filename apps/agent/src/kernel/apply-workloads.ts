import { AppError } from "@vpclab/shared/errors/app-error";
import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { NOT_BEGUN } from "@vpclab/shared/plan/kernel";
import type { Step } from "@vpclab/shared/plan/step";
import { PROCESSES_AT_ONCE, limit } from "../host/limit";
import { listNetnsNames, lookUpNetns, ownNetnsInode } from "../host/netns";
import { within } from "../host/within";
import type { KernelOptions } from "./kernel-options";
import { stepTimeoutOf } from "./kernel-options";
import { inodeOf, netnsNameOf } from "./place";

/** Starts and stops programs: in order within a namespace, a few namespaces at a time. */
export async function applyWorkloads(options: KernelOptions, steps: readonly Step[], isStopped: () => boolean): Promise<StepFailure[]> {
  const byNamespace = new Map<string, Step[]>();
  for (const step of steps) byNamespace.set(step.namespace, [...(byNamespace.get(step.namespace) ?? []), step]);
  const limited = limit(PROCESSES_AT_ONCE);
  const failures = await Promise.all([...byNamespace.values()].map((own) => limited(() => inOrder(options, own, isStopped))));
  return failures.flatMap((failure) => failure ?? []);
}

async function inOrder(options: KernelOptions, steps: readonly Step[], isStopped: () => boolean): Promise<StepFailure | null> {
  for (const step of steps) {
    if (isStopped()) return { step, reason: NOT_BEGUN };
    try {
      await within(stepTimeoutOf(options), wordsOf(step), () => runStep(options, step));
    } catch (error) {
      return failureOfStep(step, error);
    }
  }
  return null;
}

const wordsOf = (step: Step): string =>
  step.action === "workload-start" ? `Starting the program of ${step.workload.label} in ${step.namespace}` : `Ending a program in ${step.namespace}`;

/** With the code that says more than the kernel's own words. */
export const failureOfStep = (step: Step, error: unknown): StepFailure =>
  ({ step, reason: error instanceof Error ? error.message : String(error), ...(error instanceof AppError && error.code === "STEP_TIMEOUT" ? { code: error.code } : {}) });

async function runStep({ hostNetns, workloads }: KernelOptions, step: Step): Promise<void> {
  const inode = inodeOf(step.namespace, hostNetns);
  const name = netnsNameOf(step.namespace, hostNetns);
  if (inode === null || name === null) throw new Error(`namespace ${step.namespace} is not there`);
  if (step.action === "workload-start") await workloads.start({ name, inode }, step.workload);
  else if (step.action === "workload-stop") await workloads.stop({ name, inode }, step);
  else throw new Error(`${step.action} is not about a workload`);
}

/** Topologies by their UUID. Sandboxes have a fixed word: another agent's may be at work on this machine. */
const TOPOLOGY_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** After namespaces came or went: programs of the same topologies in namespaces without a name are ended. */
export async function endStrays({ workloads }: KernelOptions, steps: readonly Step[]): Promise<void> {
  const turned = steps.filter(({ action }) => action === "netns-add" || action === "netns-delete");
  const topologyIds = new Set(turned.map(({ owner }) => owner.topologyId).filter((id) => TOPOLOGY_ID.test(id)));
  if (topologyIds.size === 0) return;
  const named = new Set([ownNetnsInode(), ...listNetnsNames().map(lookUpNetns).filter((found) => typeof found === "number")]);
  await workloads.endStrays(topologyIds, named);
}
