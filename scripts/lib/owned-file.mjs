import { closeSync, createWriteStream, fchownSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { LOG_DIR, makeDataDirs } from "./paths.mjs";
import { owner } from "./privileges.mjs";

/**
 * A new 0600 file that belongs to the owner of the checkout, also when root writes it. "wx" never follows a link that lies
 * in the way.
 */
function openNew(path) {
  const fd = openSync(path, "wx", 0o600);
  const { uid, gid } = owner();
  if (process.getuid() !== uid) fchownSync(fd, uid, gid);
  return fd;
}

/** Replaces a file in one go: readers see the old content or the new one. */
export function writeOwned(path, content) {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  const fd = openNew(fresh);
  writeSync(fd, content);
  closeSync(fd);
  renameSync(fresh, path);
}

/** Opens `<data>/logs/<name>.log` for writing; the log of the run before is kept as `.log.1`. */
export function openLog(name) {
  makeDataDirs();
  const path = join(LOG_DIR, `${name}.log`);
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  return { path, stream: createWriteStream(path, { fd: openNew(path) }) };
}
