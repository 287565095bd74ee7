import type { CommandRunner } from "../host/command-runner";
import type { IdMaps } from "../host/id-maps";
import type { HostNetns } from "./place";
import type { Scratch } from "./scratch";
import type { WorkloadPort } from "./workload-port";

export interface KernelOptions {
  readonly runner: CommandRunner;
  /** `vpclab.host` in a sandbox, null where the agent's own namespace is the host. */
  readonly hostNetns: HostNetns;
  /** Host interface towards the internet. */
  readonly uplink: string;
  readonly idMaps: IdMaps;
  readonly workloads: WorkloadPort;
  readonly scratch: Scratch;
}
