import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { FileLock } from "../host/lock-file";
import { lockFile } from "../host/lock-file";

/** Two agents on one state directory would undo each other's work. */
export async function lockStateDir(stateDir: string): Promise<FileLock> {
  const lock = await lockFile(join(stateDir, "lock"));
  if (!lock) throw new AppError("CONFLICT", `Another vpclab agent runs with ${stateDir}; stop it first.`);
  return lock;
}
