import { accessSync, constants, mkdirSync } from "node:fs";
import { AppError } from "@vpclab/shared/errors/app-error";
import { diskError } from "./signing/disk-error";

/** What the database says where the system has an errno. */
const DATABASE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, "ENOSPC"], [/Disk quota exceeded/, "EDQUOT"], [/File too large/, "EFBIG"], [/Input\/output error|\bI\/O error/, "EIO"], [/Read-only file system/, "EROFS"],
];

/** Makes the data directory. Throws UNAVAILABLE when nothing can be written there. */
export function openDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw diskError(path, error);
  }
}

/** Why a server did not start: as a sentence for a person where the disk is the reason, else the error as it is. */
export function startError(dataDirectory: string, error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error);
  const errno = DATABASE_WORDS.find(([words]) => words.test(text))?.[1];
  if (errno !== undefined && !(error instanceof AppError && error.code === "UNAVAILABLE")) return diskError(dataDirectory, Object.assign(new Error(text, { cause: error }), { code: errno }));
  return diskError(dataDirectory, error);
}
