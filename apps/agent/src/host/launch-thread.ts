import { randomBytes } from "node:crypto";
import { readSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { LaunchAnswer, LaunchOrder, LaunchSetting } from "./launch-order";
import { CLONE_NEWNET, O_RDONLY, O_WRONLY, close, keepDescriptorsToOurselves, openAt, setns, unshare } from "./libc";
import { beRootAgain, beUser, dropBoundingSet, enterSeccomp, leaveAllGroups, setNoNewPrivileges, setnsWithKey, spawnProgram, unshareWithKey } from "./process-calls";
import type { SystemCallNumbers } from "./system-call-numbers";
import { systemCallNumbers } from "./system-call-numbers";
import { enterWorkloadRoot } from "./workload-root";

/**
 * The thread of the agent that starts programs in instances, and nothing else. Namespaces, root, user, capabilities and system
 * call filter belong to a thread, and what it starts inherits them: so the thread itself gives up what no program may have, and
 * no program with rights is ever born inside an instance. Bundled to a file of its own; orders come as messages.
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

/** What the thread keeps of the machine: its /proc, and where it comes back to. */
interface Launcher {
  readonly numbers: SystemCallNumbers;
  readonly key: bigint;
  readonly proc: number;
  readonly home: { readonly net: number; readonly pid: number };
  /** Each program gets a PID namespace of its own. */
  readonly ownPids: boolean;
}

/** After this the thread has a root without the agent's files, and can give no program a capability, or itself a new right. */
function prepare({ shown }: LaunchSetting): Launcher {
  const numbers = systemCallNumbers();
  if (!numbers) throw new Error(`programs in instances are not supported on ${process.arch}`);
  const open = (path: string): number => openAt(AT_FDCWD, path, O_RDONLY);
  const home = { net: open("/proc/thread-self/ns/net"), pid: open("/proc/thread-self/ns/pid") };
  const launcher = { numbers, key: randomBytes(8).readBigUInt64LE(), proc: open("/proc"), home, ownPids: mayReturnTo(home.pid) };
  unshare(CLONE_NEWNS);
  enterWorkloadRoot(numbers, shown);
  dropBoundingSet();
  setNoNewPrivileges();
  enterSeccomp(numbers, launcher.key);
  return launcher;
}

/** Whoever is root in a user namespace only, in the PID namespace of others, may leave that one and not come back (pid_namespaces(7)). */
function mayReturnTo(pidNamespace: number): boolean {
  try {
    setns(pidNamespace, CLONE_NEWPID);
    return true;
  } catch {
    return false;
  }
}

/** Every program has namespaces of its own; the copied mounts are those of the small root. */
function launch(launcher: Launcher, order: LaunchOrder): LaunchAnswer {
  const { numbers, key, home, ownPids } = launcher;
  try {
    setnsWithKey(numbers, order.netns, CLONE_NEWNET, key);
    unshareWithKey(numbers, CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | (ownPids ? CLONE_NEWPID : 0), key);
    // Libraries' own: Node opens everything so that no program inherits it.
    keepDescriptorsToOurselves();
    return { pid: asUser(numbers, order.user, () => start(launcher, order)) };
  } finally {
    if (ownPids) setnsWithKey(numbers, home.pid, CLONE_NEWPID, key);
    // A thread that stayed would keep a deleted instance alive.
    setnsWithKey(numbers, home.net, CLONE_NEWNET, key);
  }
}

function asUser<T>(numbers: SystemCallNumbers, user: number | null, work: () => T): T {
  if (user === null) return work();
  leaveAllGroups(numbers);
  beUser(numbers, user);
  try {
    return work();
  } finally {
    beRootAgain(numbers);
  }
}

function start({ proc }: Launcher, { argv, environment, stdio }: LaunchOrder): number {
  const pid = spawnProgram(argv, environment, stdio);
  killFirst(proc, pid);
  return pid;
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

function answer(launcher: Launcher, order: LaunchOrder): LaunchAnswer {
  try {
    return launch(launcher, order);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), missing: (error as { code?: string }).code === "ENOENT" };
  }
}

const launcher = prepare(workerData as LaunchSetting);
parentPort?.on("message", (order: LaunchOrder) => parentPort?.postMessage(answer(launcher, order)));
