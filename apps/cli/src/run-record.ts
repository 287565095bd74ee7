import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** What `npm run up` has written about itself (scripts/lib/run-record.mjs), as far as it matters here. */
export interface RunningLab {
  readonly url: string;
  /** The server's socket for its own machine: no sign-in is needed there, file permissions decide. */
  readonly controlSocket: string;
}

/** The lab that runs with this data folder; null: none, or what is noted is not alive any more. Never throws. */
export function findRunningLab(dataDir: string): RunningLab | null {
  const record = readRecord(join(dataDir, "run.json"));
  if (record === null || typeof record.url !== "string" || !isAlive(record.server)) return null;
  return { url: record.url, controlSocket: join(resolve(dataDir), "server", "run", "control.sock") };
}

function readRecord(path: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Pids are used again, so a process is named by pid, start time and boot (scripts/lib/process-identity.mjs). */
function isAlive(identity: unknown): boolean {
  if (typeof identity !== "object" || identity === null) return false;
  const { pid, startTime, bootId } = identity as Record<string, unknown>;
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${Number(pid)}/stat`, "latin1");
    // The name in field 2 may hold spaces and brackets; fields are counted behind its last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return boot === bootId && fields[0] !== "Z" && fields[19] === startTime;
  } catch {
    return false;
  }
}
