import { setTimeout as delay } from "node:timers/promises";
import type { WorkloadProcess } from "@vpclab/shared/plan/kernel-state";
import { configurationHash } from "@vpclab/shared/plan/resolver-configuration";
import { AppError } from "@vpclab/shared/errors/app-error";
import { CommandError } from "../host/command-error";
import type { ConfinedChild } from "../host/confined-child";
import type { Confinement } from "../host/confinement";
import type { Place } from "../kernel/workload-port";
import { endProcesses } from "../host/processes";
import { findWorkloads, processesOfWorkload } from "./find-workloads";
import { isListenedOn, listensOn } from "./listening";
import type { LaunchOptions, WorkloadLaunch } from "./workload-launch";
import { workloadLaunch } from "./workload-launch";

const START_TIMEOUT_MS = 15_000;
const NOT_IN_TIME = `it does not listen after ${START_TIMEOUT_MS / 1000} s`;
const POLL_MS = 10;

export interface WorkloadOptions extends Pick<LaunchOptions, "programs"> {
  readonly confinement: Confinement;
}

/**
 * Starts a program of the drawing in a namespace, confined, so that it outlives a restart of the agent. Done when its port
 * listens; nothing to do when it does already.
 */
export async function startWorkload(options: WorkloadOptions, namespace: Place, workload: WorkloadProcess): Promise<void> {
  if (isListenedOn(namespace.name, workload.port) && isServing(namespace.inode, workload)) return;
  const { called, exitMeaning, ...command } = workloadLaunch({ ...options, nodePath: options.confinement.nodePath }, workload);
  const problem = (reason: string): AppError =>
    new AppError(reason === NOT_IN_TIME ? "STEP_TIMEOUT" : "COMMAND_FAILED", `The ${called} of ${workload.label} did not start on port ${workload.port}: ${reason}.`);
  const child = await options.confinement.start({ ...command, netns: namespace.name }).catch((error: unknown) => {
    throw error instanceof CommandError ? problem(error.reason) : error;
  });
  const reason = await waitUntilListening(child, exitMeaning, workload.port);
  if (reason === null) return;
  child.kill();
  await endProcesses(processesOfWorkload(namespace.inode, workload));
  throw problem(reason);
}

const isServing = (inode: number, workload: WorkloadProcess): boolean =>
  (findWorkloads(new Set([inode])).get(inode) ?? []).some((seen) => seen.kind === workload.kind && seen.port === workload.port &&
    seen.configurationHash === configurationHash(workload) && listensOn(seen.pid, workload.port));

/** Null when it listens, else why it does not. */
async function waitUntilListening(child: ConfinedChild, exitMeaning: WorkloadLaunch["exitMeaning"], port: number): Promise<string | null> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exit !== undefined) return exitMeaning[child.exit ?? -1] ?? `the program ended with ${child.exit === null ? "a signal" : `exit code ${child.exit}`}`;
    if (listensOn(child.pid, port)) return null;
    await delay(POLL_MS);
  }
  return NOT_IN_TIME;
}
