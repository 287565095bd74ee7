import type { SeenWorkload, WorkloadProcess } from "@vpclab/shared/plan/kernel-state";

/** A named namespace: the name enters it, the inode is its identity. */
export interface Place {
  readonly name: string;
  readonly inode: number;
}

/** What the kernel needs of workloads; `workloads/` has the real ones. */
export interface WorkloadPort {
  /** Running workloads by inode of their namespace. */
  find(inodes: ReadonlySet<number>): ReadonlyMap<number, readonly SeenWorkload[]>;
  /** Done when it serves; throws AppError with the reason when it does not. */
  start(place: Place, workload: WorkloadProcess): Promise<void>;
  /** Done when it is gone; nothing to stop is fine. */
  stop(place: Place, workload: { readonly kind: string; readonly port: number }): Promise<void>;
  /**
   * Ends programs of these topologies that run in none of the given namespaces: their own lost its name, by somebody's hand,
   * and nothing else would ever find them.
   */
  endStrays(topologyIds: ReadonlySet<string>, named: ReadonlySet<number>): Promise<void>;
  /** Removes what is kept for programs of namespaces that are gone; throws AppError when something is still in there. */
  forget(namespaces: readonly string[]): Promise<void>;
}
