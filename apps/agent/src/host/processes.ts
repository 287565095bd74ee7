import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { AppError } from "@vpclab/shared/errors/app-error";

const GONE_POLL_MS = 5;
const GONE_TIMEOUT_MS = 5_000;

/**
 * Processes by the inode of their network namespace, from one walk over /proc. Only namespaces in `inodes` are kept.
 * Processes that end meanwhile, zombies, and those we may not look at are left out.
 */
export const processesByNetns = (inodes: ReadonlySet<number>): Map<number, number[]> => groupByNetns((inode) => inodes.has(inode));

/** Processes in any network namespace but the given ones. */
export const processesOutside = (inodes: ReadonlySet<number>): number[] => [...groupByNetns((inode) => !inodes.has(inode)).values()].flat();

function groupByNetns(isWanted: (inode: number) => boolean): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const inode = netnsInodeOf(Number(entry));
    if (inode === null || !isWanted(inode)) continue;
    found.set(inode, [...(found.get(inode) ?? []), Number(entry)]);
  }
  return found;
}

/** Inode of a process's network namespace; null when it has ended or is not ours to look at. */
export function netnsInodeOf(pid: number): number | null {
  try {
    // net:[4026532248]
    return Number(readlinkSync(`/proc/${pid}/ns/net`).slice(5, -1));
  } catch {
    return null;
  }
}

/** Argument vector of a process; empty when it has ended. */
export function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** Whether any process of the given ones is still in the namespace. */
const remaining = (inodes: ReadonlySet<number>): number[] => [...processesByNetns(inodes).values()].flat();

/**
 * Ends every process in the namespaces with SIGKILL and waits until none is left. New ones that appear meanwhile are ended
 * too. Throws when some do not go: deleting the name of a namespace with processes in it would only hide them.
 */
export async function endProcessesInNetns(inodes: ReadonlySet<number>): Promise<void> {
  const deadline = performance.now() + GONE_TIMEOUT_MS;
  for (;;) {
    const pids = remaining(inodes).filter((pid) => pid !== process.pid);
    if (pids.length === 0) return;
    if (performance.now() > deadline) {
      throw new AppError("KERNEL_REFUSED", `Processes ${pids.slice(0, 5).join(", ")} do not end although they were killed`);
    }
    for (const pid of pids) killQuietly(pid);
    await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS));
  }
}

/** SIGKILL to the given processes, then waits until they have left their network namespace. */
export async function endProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) killQuietly(pid);
  const deadline = performance.now() + GONE_TIMEOUT_MS;
  while (pids.some((pid) => netnsInodeOf(pid) !== null)) {
    if (performance.now() > deadline) throw new AppError("KERNEL_REFUSED", `A process of ${pids.join(", ")} does not end`);
    await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS));
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
