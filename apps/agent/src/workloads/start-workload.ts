import { setTimeout as delay } from "node:timers/promises";
import type { WorkloadProcess } from "@vpclab/shared/plan/kernel-state";
import { configurationHash } from "@vpclab/shared/plan/resolver-configuration";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { CommandRunner, LongChild } from "../host/command-runner";
import type { IdMaps } from "../host/id-maps";
import { netnsPath } from "../host/netns";
import type { Place } from "../kernel/workload-port";
import { endProcesses } from "../host/processes";
import { unprivilegedArgs } from "../host/unprivileged";
import { findWorkloads, processesOfWorkload } from "./find-workloads";
import { listensOn } from "./listening";
import { privateProcessArgs } from "./private-process-args";
import type { LaunchOptions, WorkloadLaunch } from "./workload-launch";
import { workloadLaunch } from "./workload-launch";

const START_TIMEOUT_MS = 15_000;
const POLL_MS = 10;

export interface WorkloadOptions extends LaunchOptions {
  readonly runner: CommandRunner;
  readonly idMaps: IdMaps;
}

/**
 * Starts a program of the drawing in a namespace: without capabilities, as nobody, alone in its own PID and mount namespace
 * where the system allows it, and detached, so that it outlives a restart of the agent. Done when its port listens; nothing
 * to do when it does already.
 */
export async function startWorkload(
  options: WorkloadOptions, namespace: Place, workload: WorkloadProcess,
): Promise<void> {
  if (isServing(namespace.inode, workload)) return;
  const launch = workloadLaunch(options, workload);
  const child = await options.runner.start({
    file: "nsenter",
    args: [
      `--net=${netnsPath(namespace.name)}`, "--", ...(await privateProcessArgs(options.runner)),
      "setpriv", ...unprivilegedArgs(options.idMaps), ...launch.argv,
    ],
    ...launch.input,
    life: "detached",
  });
  const reason = await waitUntilListening(child, launch, namespace.inode, workload);
  if (reason === null) return;
  await endProcesses(processesOfWorkload(namespace.inode, workload));
  throw new AppError("COMMAND_FAILED", `The ${launch.called} of ${workload.label} did not start on port ${workload.port}: ${reason}.`);
}

const isServing = (inode: number, workload: WorkloadProcess): boolean =>
  (findWorkloads(new Set([inode])).get(inode) ?? []).some((seen) => seen.kind === workload.kind && seen.port === workload.port &&
    seen.configurationHash === configurationHash(workload) && listensOn(seen.pid, workload.port));

/** Null when it listens, else why it does not. */
async function waitUntilListening(child: LongChild, { exitMeaning }: WorkloadLaunch, inode: number, workload: WorkloadProcess): Promise<string | null> {
  let ended: { exitCode: number | null } | null = null;
  void child.exited.then((exitCode) => (ended = { exitCode }));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const exit = ended as { exitCode: number | null } | null;
    if (exit) return exitMeaning[exit.exitCode ?? -1] ?? `the program ended with ${exit.exitCode === null ? "a signal" : `exit code ${exit.exitCode}`}`;
    if (isServing(inode, workload)) return null;
    await delay(POLL_MS);
  }
  return `it does not listen after ${START_TIMEOUT_MS / 1000} s`;
}
