import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";

/** `sun_path` of unix(7): 108 bytes with the closing zero. */
export const SOCKET_PATH_BYTES_MAX = 107;

/**
 * Path for a private unix socket called `name`: in `directory` where that is short enough, else in a folder of the
 * system's temporary directory that only this user may enter. The folder is made (0700) when it is not there.
 */
export function privateSocketPath(directory: string, name: string, temporary: string = tmpdir()): string {
  const beside = join(directory, name);
  if (Buffer.byteLength(beside) <= SOCKET_PATH_BYTES_MAX) {
    makePrivate(directory);
    return beside;
  }
  const digest = createHash("sha256").update(directory).digest("hex").slice(0, 16);
  const short = join(temporary, `vpclab-${digest}`);
  const path = join(short, name);
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new AppError("INTERNAL", `The path ${path} is longer than the ${SOCKET_PATH_BYTES_MAX} bytes of a socket. Set TMPDIR to a shorter folder.`);
  }
  makePrivate(short);
  return path;
}

/** Anybody can make a folder in a temporary directory before we do, so owner and mode are checked, not assumed. */
function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new AppError("INTERNAL", `${directory} is not a folder of this user. Remove it, or choose another DATA_DIR.`);
  }
  chmodSync(directory, 0o700);
}
