import { readSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { LaunchAnswer, LaunchOrder } from "./launch-order";
import { CLONE_NEWNET, O_RDONLY, O_WRONLY, close, keepDescriptorsToOurselves, openAt, setns, unshare } from "./libc";
import { becomeUser, dropBoundingSet, enterSeccomp, limitProcess, setCapabilities, setNoNewPrivileges, spawnProgram } from "./process-calls";
import type { SystemCallNumbers } from "./system-call-numbers";
import { systemCallNumbers } from "./system-call-numbers";
import { enterWorkloadRoot } from "./workload-root";

/**
 * A thread that starts one program in one instance and ends. Namespaces, root, user, capabilities and system call filter belong
 * to a thread, and what it starts inherits them: so the thread itself gives everything up, and no program with rights is ever
 * born inside an instance. Bundled to a file of its own; a worker thread gets its order as `workerData`.
 */
const AT_FDCWD = -100;
const CLONE_NEWNS = 0x20000;
const CLONE_NEWCGROUP = 0x2000000;
const CLONE_NEWUTS = 0x4000000;
const CLONE_NEWIPC = 0x8000000;
const CLONE_NEWPID = 0x20000000;

/** Of a killer that has to choose, first what runs in instances (proc(5), oom_score_adj). */
const KILLED_FIRST = "500";
const STAT_BYTES = 1024;
const OWNED_AFTER_MS_MAX = 2_000;

function launch(order: LaunchOrder): LaunchAnswer {
  const numbers = systemCallNumbers();
  if (!numbers) return { problem: `programs in instances are not supported on ${process.arch}`, missing: false };
  setns(order.netns, CLONE_NEWNET);
  unshare(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID);
  const proc = openAt(AT_FDCWD, "/proc", O_RDONLY);
  try {
    enterWorkloadRoot(numbers, order.shown);
    // Libraries' own: Node opens everything so that no program inherits it.
    keepDescriptorsToOurselves();
    giveUpRights(numbers, order.user);
    const pid = spawnProgram(order.argv, order.environment, order.stdio);
    limit(numbers, pid, order);
    killFirst(proc, pid);
    return { pid };
  } finally {
    close(proc);
  }
}

/** After this the thread is what its program will be. */
function giveUpRights(numbers: SystemCallNumbers, user: number | null): void {
  dropBoundingSet();
  if (user !== null) becomeUser(numbers, user);
  setCapabilities(numbers);
  setNoNewPrivileges();
  enterSeccomp(numbers);
}

function limit(numbers: SystemCallNumbers, pid: number, { limits }: LaunchOrder): void {
  limitProcess(numbers, pid, "core", 0);
  limitProcess(numbers, pid, "fileSize", limits.fileBytes);
  limitProcess(numbers, pid, "openFiles", limits.openFiles);
  limitProcess(numbers, pid, "data", limits.dataBytes);
  if (limits.processes !== null) limitProcess(numbers, pid, "processes", limits.processes);
}

/** `proc`: the machine's, because the program has none. */
function killFirst(proc: number, pid: number): void {
  const deadline = performance.now() + OWNED_AFTER_MS_MAX;
  for (;;) {
    try {
      const file = openAt(proc, `${pid}/oom_score_adj`, O_WRONLY);
      writeSync(file, KILLED_FIRST);
      return close(file);
    } catch (error) {
      if (hasEnded(proc, pid)) return;
      // A program's files in /proc are root's for the first instant of its life (fs/exec.c sets dumpable after it gave up the old memory).
      if ((error as { code?: string }).code !== "EACCES" || performance.now() > deadline) throw error;
    }
  }
}

/** Gone, or a zombie: the state stands behind the name in brackets (proc(5), stat). */
function hasEnded(proc: number, pid: number): boolean {
  const text = Buffer.alloc(STAT_BYTES);
  try {
    const file = openAt(proc, `${pid}/stat`, O_RDONLY);
    const length = readSync(file, text);
    close(file);
    return text.toString("latin1", 0, length).split(") ").at(-1)?.startsWith("Z") ?? true;
  } catch {
    return true;
  }
}

function answer(order: LaunchOrder): LaunchAnswer {
  try {
    return launch(order);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), missing: (error as { code?: string }).code === "ENOENT" };
  }
}

parentPort?.postMessage(answer(workerData as LaunchOrder));
