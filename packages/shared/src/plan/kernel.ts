import type { ErrorCode } from "../errors/error-code";
import type { SeenKernel } from "./kernel-state";
import type { Step } from "./step";

export interface StepFailure {
  readonly step: Step;
  /** The kernel's or the tool's own words, one line. */
  readonly reason: string;
  /** Where it says more than that the kernel refused: STEP_TIMEOUT. */
  readonly code?: ErrorCode;
}

/** Reason of a step that was not begun. */
export const NOT_BEGUN = "not begun, because the apply was cancelled";

/** One network that the host knows: by a route, or by an address of a link of its own. */
export interface HostNetwork {
  /** `10.0.0.0/16`. */
  readonly destination: string;
  /** Name of the link; null where a route has none (blackhole). */
  readonly dev: string | null;
  /** Who made the route (rtnetlink's number); 2, the kernel itself, for an address. */
  readonly protocol: number;
}

/** The port through which the reconciler acts: Linux in the agent, an in-memory model in tests. One contract table for both. */
export interface Kernel {
  /** The given namespaces as they are now; absent ones are left out. Never writes. */
  observe(namespaces: readonly string[]): Promise<SeenKernel>;
  /** IPv4 networks of the host in all its tables, without default routes; read only where somebody asks, there may be many. */
  hostNetworks(): Promise<readonly HostNetwork[]>;
  /**
   * Runs the steps in order (independent namespaces side by side). After a failure the later steps of the same namespace
   * are not run; other namespaces go on. `onStart` is called when work for an object begins. `isStopped` is asked between
   * steps: once it says so no further one begins, and the first of each namespace that was not begun fails with NOT_BEGUN.
   */
  apply(steps: readonly Step[], onStart?: (objectId: string) => void, isStopped?: () => boolean): Promise<readonly StepFailure[]>;
}
