import { basename } from "node:path";
import type { SeenWorkload } from "@vpclab/shared/plan/kernel-state";
import { argumentsOf, processesByNetns, processesOutside } from "../host/processes";
import { readWorkloadArgs } from "./workload-args";

/** Workloads by inode of their namespace, from /proc: no stored pids, so they are found after a restart of the agent too. */
export function findWorkloads(inodes: ReadonlySet<number>): Map<number, SeenWorkload[]> {
  const found = new Map<number, SeenWorkload[]>();
  for (const [inode, pids] of processesByNetns(inodes)) {
    const workloads = pids.flatMap((pid): SeenWorkload[] => {
      const argv = argumentsOf(pid);
      const args = readWorkloadArgs(argv);
      // Its launcher carries the same arguments behind its own.
      if (args === null || isLauncher(argv)) return [];
      const { kind, port, objectId, configurationHash } = args;
      return [{ kind, port, objectId, pid, configurationHash }];
    });
    if (workloads.length > 0) found.set(inode, workloads);
  }
  return found;
}

/** Pids of a workload and of its launcher. */
export function processesOfWorkload(inode: number, wanted: { kind: string; port: number }): number[] {
  return (processesByNetns(new Set([inode])).get(inode) ?? []).filter((pid) => {
    const args = readWorkloadArgs(argumentsOf(pid));
    return args?.kind === wanted.kind && args.port === wanted.port;
  });
}

/** Pids of workloads of these topologies, with their launchers, in namespaces other than the given ones. */
export const straysOf = (topologyIds: ReadonlySet<string>, named: ReadonlySet<number>): number[] =>
  processesOutside(named).filter((pid) => topologyIds.has(readWorkloadArgs(argumentsOf(pid))?.topologyId ?? ""));

export const isLauncher = (argv: readonly string[]): boolean =>
  ["env", "nsenter", "prlimit", "setpriv", "sh"].includes(basename(argv[0] ?? ""));
