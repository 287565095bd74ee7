import type { SeenKernel } from "./kernel-state";
import type { Step } from "./step";

export interface StepFailure {
  readonly step: Step;
  /** The kernel's or the tool's own words, one line. */
  readonly reason: string;
}

/** The port through which the reconciler acts: Linux in the agent, an in-memory model in tests. One contract table for both. */
export interface Kernel {
  /** The given namespaces as they are now; absent ones are left out. Never writes. */
  observe(namespaces: readonly string[]): Promise<SeenKernel>;
  /**
   * Runs the steps in order (independent namespaces side by side). After a failure the later steps of the same namespace
   * are not run; other namespaces go on. `onStart` is called when work for an object begins.
   */
  apply(steps: readonly Step[], onStart?: (objectId: string) => void): Promise<readonly StepFailure[]>;
}
