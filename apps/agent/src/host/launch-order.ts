import type { ShownFile } from "./workload-root";

/** What the launching thread is given once. */
export interface LaunchSetting {
  /** Files of the machine that every program finds in its root, beside programs and libraries. */
  readonly shown: readonly ShownFile[];
}

/** What the launching thread is told: everything about one program in one instance. */
export interface LaunchOrder {
  /** Open descriptor of the network namespace. */
  readonly netns: number;
  /** User and group; null: there is no other one here, and the thread's own stays (a user namespace that maps one id). */
  readonly user: number | null;
  /** `argv[0]` is an absolute path as the program's own root has it. */
  readonly argv: readonly [string, ...string[]];
  readonly environment: readonly string[];
  /** Open descriptors that become 0, 1 and 2; a fourth, 3, is that of a gate (`StartGate`). */
  readonly stdio: readonly [number, number, number, number?];
}

export type LaunchAnswer =
  | { readonly pid: number }
  /** `missing`: the program is not there. */
  | { readonly problem: string; readonly missing: boolean };
