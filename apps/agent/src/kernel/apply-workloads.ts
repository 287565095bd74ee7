import type { StepFailure } from "@vpclab/shared/plan/kernel";
import type { Step } from "@vpclab/shared/plan/step";
import { PROCESSES_AT_ONCE, limit } from "../host/limit";
import type { KernelOptions } from "./kernel-options";
import { inodeOf, netnsNameOf } from "./place";

/** Starts and stops programs: in order within a namespace, a few namespaces at a time. */
export async function applyWorkloads(options: KernelOptions, steps: readonly Step[]): Promise<StepFailure[]> {
  const byNamespace = new Map<string, Step[]>();
  for (const step of steps) byNamespace.set(step.namespace, [...(byNamespace.get(step.namespace) ?? []), step]);
  const limited = limit(PROCESSES_AT_ONCE);
  const failures = await Promise.all([...byNamespace.values()].map((own) => limited(() => inOrder(options, own))));
  return failures.flatMap((failure) => failure ?? []);
}

async function inOrder(options: KernelOptions, steps: readonly Step[]): Promise<StepFailure | null> {
  for (const step of steps) {
    try {
      await runStep(options, step);
    } catch (error) {
      return { step, reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return null;
}

async function runStep({ hostNetns, workloads }: KernelOptions, step: Step): Promise<void> {
  const inode = inodeOf(step.namespace, hostNetns);
  const name = netnsNameOf(step.namespace, hostNetns);
  if (inode === null || name === null) throw new Error(`namespace ${step.namespace} is not there`);
  if (step.action === "workload-start") await workloads.start({ name, inode }, step.workload);
  else if (step.action === "workload-stop") await workloads.stop({ name, inode }, step);
  else throw new Error(`${step.action} is not about a workload`);
}
