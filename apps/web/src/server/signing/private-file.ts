import { closeSync, constants, fstatSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { diskError } from "./disk-error";

/** A file that nobody else could have read or put there; null when it is not there. Throws AppError. */
export function readPrivateFile(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new AppError("PRIVILEGE", `The signing key ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.nlink !== 1 || (found.mode & 0o077) !== 0 || found.uid !== process.getuid?.()) {
      throw new AppError("PRIVILEGE", `The signing key ${path} must be a file of this user that nobody else can read (mode 0600). Others may have read it: remove it to get a new one, and enrol the hosts again.`);
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** Made where it is missing. Throws AppError where others could put files into it, or take them away so that a new key is made. */
export function openKeyDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || (found.mode & 0o022) !== 0 || found.uid !== process.getuid?.()) {
    throw new AppError("PRIVILEGE", `The folder of the signing key ${path} must be a folder of this user that nobody else can write to (mode 0700). Look at what is in it, then run: chmod 700 ${path}`);
  }
}

/**
 * On the disk when it returns, with mode 0600. `first`: a file that is there already stays, so that two who start at once agree on one.
 * Throws UNAVAILABLE when the disk does not take it; then nothing of it is left.
 */
export function writeKeyFile(path: string, text: string, { first = false } = {}): void {
  const directory = dirname(path);
  const draft = join(directory, `.${basename(path)}-${randomBytes(8).toString("hex")}`);
  try {
    writeSynced(draft, text);
    if (first) linkOrLeave(draft, path);
    else renameSync(draft, path);
    syncDirectory(directory);
  } catch (error) {
    rmSync(draft, { force: true });
    throw diskError(path, error);
  }
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function linkOrLeave(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
}

export function syncDirectory(directory: string): void {
  const folder = openSync(directory, constants.O_RDONLY);
  fsyncSync(folder);
  closeSync(folder);
}
