import type { IdMaps } from "../host/id-maps";
import type { NamespaceSockets } from "./namespace-sockets";
import type { HostNetns } from "./place";
import type { WorkloadPort } from "./workload-port";

export interface KernelOptions {
  /** `vpclab.host` in a sandbox, null where the agent's own namespace is the host. */
  readonly hostNetns: HostNetns;
  /** Host interface towards the internet. */
  readonly uplink: string;
  readonly idMaps: IdMaps;
  readonly workloads: WorkloadPort;
  /** Sockets that others keep open in namespaces: given up before a namespace is deleted, because they keep it alive. */
  readonly sockets: NamespaceSockets;
  /** How long one step that waits for programs may take; a minute unless told otherwise. Longer than all waits inside of it. */
  readonly stepTimeoutMs?: number;
}

/** The longest known wait of one step: three times until processes and their control groups are gone, or until a program listens. */
const STEP_TIMEOUT_MS = 60_000;
export const stepTimeoutOf = ({ stepTimeoutMs = STEP_TIMEOUT_MS }: KernelOptions): number => stepTimeoutMs;
