import { setTimeout as delay } from "node:timers/promises";
import type { WorkloadProcess } from "@vpclab/shared/plan/kernel-state";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { CommandRunner, LongChild } from "../host/command-runner";
import type { IdMaps } from "../host/id-maps";
import { netnsPath } from "../host/netns";
import type { Place } from "../kernel/workload-port";
import type { Programs } from "../host/node-program";
import { nodeLaunch } from "../host/node-program";
import { endProcesses } from "../host/processes";
import { unprivilegedArgs } from "../host/unprivileged";
import { findWorkloads, processesOfWorkload } from "./find-workloads";
import { listensOn } from "./listening";
import { privateProcessArgs } from "./private-process-args";
import { workloadArgs } from "./workload-args";
import { EXIT_MEANING } from "./web-server-exit";

const START_TIMEOUT_MS = 15_000;
const POLL_MS = 10;

export interface WorkloadOptions {
  readonly runner: CommandRunner;
  readonly idMaps: IdMaps;
  readonly programs: Pick<Programs, "webServer">;
  /** Node that runs it; the agent's own unless told otherwise. */
  readonly nodePath?: string;
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
  const { argv, extraFiles } = nodeLaunch(workloadArgs(workload), options.nodePath);
  const child = await options.runner.start({
    file: "nsenter",
    args: [
      `--net=${netnsPath(namespace.name)}`, "--", ...(await privateProcessArgs(options.runner)),
      "setpriv", ...unprivilegedArgs(options.idMaps), ...argv,
    ],
    stdinFile: options.programs.webServer,
    extraFiles,
    life: "detached",
  });
  const reason = await waitUntilListening(child, namespace.inode, workload);
  if (reason === null) return;
  await endProcesses(processesOfWorkload(namespace.inode, workload));
  throw new AppError("COMMAND_FAILED", `The web server of ${workload.label} did not start on port ${workload.port}: ${reason}.`);
}

const isServing = (inode: number, { kind, port }: WorkloadProcess): boolean =>
  (findWorkloads(new Set([inode])).get(inode) ?? []).some((seen) => seen.kind === kind && seen.port === port && listensOn(seen.pid, port));

/** Null when it listens, else why it does not. */
async function waitUntilListening(child: LongChild, inode: number, workload: WorkloadProcess): Promise<string | null> {
  let ended: { exitCode: number | null } | null = null;
  void child.exited.then((exitCode) => (ended = { exitCode }));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const exit = ended as { exitCode: number | null } | null;
    if (exit) return EXIT_MEANING[exit.exitCode ?? -1] ?? `the program ended with ${exit.exitCode === null ? "a signal" : `exit code ${exit.exitCode}`}`;
    if (isServing(inode, workload)) return null;
    await delay(POLL_MS);
  }
  return `it does not listen after ${START_TIMEOUT_MS / 1000} s`;
}
