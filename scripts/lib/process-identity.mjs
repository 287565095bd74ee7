import { readFileSync } from "node:fs";

/**
 * A process is named by its pid *and* its start time: pids are used again, and we must never end a stranger.
 * Start time is field 22 of /proc/<pid>/stat, in clock ticks since boot (proc(5)); the boot id makes it unique for ever.
 */
export const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

/** Start time as text, or null when there is no such process (a zombie counts as gone). */
export function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in field 2 may hold spaces and brackets; fields are counted behind its last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : fields[19];
  } catch {
    return null;
  }
}

export const identify = (pid) => ({ pid, startTime: startTimeOf(pid), bootId: bootId() });

export const isAlive = (identity) =>
  identity.bootId === bootId() && identity.startTime !== null && startTimeOf(identity.pid) === identity.startTime;

/** Pids of direct children, empty when the process is gone. */
export function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal to exactly this process; false when it is gone. Throws EPERM when it is another user's. */
export function signalProcess(identity, signal) {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if (error.code === "ESRCH") return false;
    throw error;
  }
}

/** Waits until the process is gone; false when it is still there after `timeoutMs`. */
export async function waitUntilGone(identity, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
