import type { StepFailure } from "@vpclab/shared/plan/kernel";
import type { Step } from "@vpclab/shared/plan/step";
import { applyInside } from "./apply-inside";
import { addNamespaces, deleteNamespaces } from "./apply-namespaces";
import { applyWorkloads } from "./apply-workloads";
import type { KernelOptions } from "./kernel-options";
import type { Segment, WorkKind } from "./rounds";
import { rounds } from "./rounds";

/**
 * Runs a plan round by round. After a failure the rest of that namespace's steps is not run, other namespaces go on; what
 * was done before stays, so the caller observes again. `onStart` hears each object once, when work for it begins.
 */
export async function apply(
  options: KernelOptions, steps: readonly Step[], onStart: (objectId: string) => void = () => {},
): Promise<readonly StepFailure[]> {
  const failures: StepFailure[] = [];
  const started = new Set<string>();
  for (const round of rounds(steps)) {
    const stopped = new Set(failures.map((failure) => failure.step.namespace));
    const segments = round.filter((segment) => !stopped.has(segment.namespace));
    announce(segments, started, onStart);
    failures.push(...(await runRound(options, segments)));
  }
  return failures;
}

async function runRound(options: KernelOptions, segments: readonly Segment[]): Promise<StepFailure[]> {
  const of = (...kinds: WorkKind[]) => segments.filter((segment) => kinds.includes(segment.kind));
  const stepsOf = (kind: WorkKind) => of(kind).flatMap((segment) => segment.steps);
  const done = await Promise.all([
    addNamespaces(options, stepsOf("netns-add")),
    applyInside(options, of("ip", "sysctl", "nft")),
    deleteNamespaces(options, stepsOf("netns-delete")),
    applyWorkloads(options, of("workload")),
  ]);
  return done.flat();
}

function announce(segments: readonly Segment[], started: Set<string>, onStart: (objectId: string) => void): void {
  for (const { owner } of segments.flatMap((segment) => segment.steps)) {
    if (started.has(owner.objectId)) continue;
    started.add(owner.objectId);
    onStart(owner.objectId);
  }
}
