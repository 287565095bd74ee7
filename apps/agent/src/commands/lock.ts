import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { FileLock } from "../host/lock-file";
import { lockFile, lockHolder } from "../host/lock-file";
import { diskError } from "../state/disk-error";

/** Two agents on one state directory would undo each other's work. */
export async function lockStateDir(stateDir: string): Promise<FileLock> {
  const lock = await tryLockStateDir(stateDir);
  if (!lock) throw new AppError("CONFLICT", `${holderOf(stateDir)} works with ${stateDir}; stop it first, or wait until it is done.`);
  return lock;
}

/** Null when somebody else has it. */
export const tryLockStateDir = (stateDir: string): Promise<FileLock | null> => lockFile(join(stateDir, "lock")).catch((error: unknown) => {
  throw diskError(`state directory ${stateDir}`, error);
});

export const holderOf = (stateDir: string): string => lockHolder(join(stateDir, "lock"));
