import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import { AppError } from "@vpclab/shared/errors/app-error";

/** By errno: what a person can do something about. */
const WHY: Partial<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ["KERNEL_REFUSED", "no space is left on its file system; make room, then do the same again"],
  EDQUOT: ["KERNEL_REFUSED", "the disk quota is used up; make room, then do the same again"],
  EIO: ["KERNEL_REFUSED", "the disk reports an error; name a directory on another one"],
  EROFS: ["PRIVILEGE", "its file system is read-only; mount it writable, or name another directory"],
  EACCES: ["PRIVILEGE", "this user may not write it"],
  EPERM: ["PRIVILEGE", "this user may not write it"],
  ENOTDIR: ["PRIVILEGE", "a part of the path is not a directory"],
  EEXIST: ["PRIVILEGE", "it is not a directory"],
  ENOENT: ["PRIVILEGE", "there is no such place"],
};

/** What kept `path` from being written, as an AppError where its cause has a name; else the error as it is. */
export function diskError(path: string, error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  const why = error instanceof AppError ? undefined : WHY[code];
  return why ? new AppError(why[0], `${path} cannot be written: ${why[1]} (${code}).`, { cause: error }) : error;
}
