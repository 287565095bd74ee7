import type { SeenWorkload, WorkloadProcess } from "@vpclab/shared/plan/kernel-state";
import { endProcesses } from "../host/processes";
import type { Place, WorkloadPort } from "../kernel/workload-port";
import { findWorkloads, processesOfWorkload, straysOf } from "./find-workloads";
import type { WorkloadOptions } from "./start-workload";
import { startWorkload } from "./start-workload";

/** Programs of the drawing as processes, found by what /proc says and never by stored pids. */
export class LinuxWorkloads implements WorkloadPort {
  constructor(private readonly options: WorkloadOptions) {}

  find(inodes: ReadonlySet<number>): ReadonlyMap<number, readonly SeenWorkload[]> {
    this.options.confinement.reap();
    return findWorkloads(inodes);
  }

  start(place: Place, workload: WorkloadProcess): Promise<void> {
    return startWorkload(this.options, place, workload);
  }

  /** By what it is, not by a pid that may belong to somebody else by now. */
  stop(place: Place, workload: { readonly kind: string; readonly port: number }): Promise<void> {
    return endProcesses(processesOfWorkload(place.inode, workload));
  }

  endStrays(topologyIds: ReadonlySet<string>, named: ReadonlySet<number>): Promise<void> {
    return endProcesses(straysOf(topologyIds, named));
  }

  forget(namespaces: readonly string[]): Promise<void> {
    return this.options.confinement.forget(namespaces);
  }
}
