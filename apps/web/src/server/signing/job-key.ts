import { closeSync, constants, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { generateKeyPem, signingKeyFromPem } from "./ed25519";
import type { SigningKey } from "./ed25519";

const NAME = "job-key.pem";

/**
 * The key that signs jobs: a file of its own, never in the database, so that a copy of the database can order nothing.
 * Made at the first start. Refuses a file that others could have read or put there.
 */
export function loadJobKey(directory: string): SigningKey {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, NAME);
  const pem = readPrivate(path) ?? (create(directory, path), readPrivate(path));
  if (pem === null) throw new AppError("INTERNAL", `The signing key ${path} went away while it was read.`);
  return signingKeyFromPem(pem);
}

function readPrivate(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new AppError("INTERNAL", `The signing key ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || (found.mode & 0o077) !== 0 || found.uid !== process.getuid?.()) {
      throw new AppError("INTERNAL", `The signing key ${path} must be a file of this user that nobody else can read (mode 0600). Others may have read it: remove it to get a new one, and enrol the hosts again.`);
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** Written under another name first: a kill in between leaves no half key. Two servers that start at once agree on one. */
function create(directory: string, path: string): void {
  const draft = join(directory, `.${randomBytes(8).toString("hex")}`);
  const file = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    writeSync(file, generateKeyPem());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  const folder = openSync(directory, constants.O_RDONLY);
  fsyncSync(folder);
  closeSync(folder);
}
