import type { FlowChanges } from "@vpclab/shared/analysis/flow-changes";
import { flowChangeSteps } from "@vpclab/shared/analysis/flow-changes";
import type { HostFacts } from "@vpclab/shared/analysis/verdict";
import type { Topology } from "@vpclab/shared/topology/topology";

/** A frame has room for this and for what else moves in it. */
const SLICE_MS = 6;

/** Compares two documents between the frames. Answers a function that gives up. `before` and `after` must be valid. */
export function startFlowWork(before: Topology, after: Topology, host: HostFacts, done: (changes: FlowChanges) => void): () => void {
  const steps = flowChangeSteps(before, after, host);
  let timer = setTimeout(goOn, 0);
  function goOn(): void {
    const until = performance.now() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done) return done(step.value);
    } while (performance.now() < until);
    timer = setTimeout(goOn, 0);
  }
  return () => clearTimeout(timer);
}
