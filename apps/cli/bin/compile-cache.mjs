import { existsSync, lstatSync, mkdirSync } from "node:fs";
import * as module from "node:module";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";

/**
 * Lets Node (22.1 and newer) keep what it compiled, so that the next start is faster. What lies there is run without a further look:
 * nobody else may be able to write in it, neither by the folder itself nor by one above it. Where that is not so, nothing is kept.
 */
export function useCompileCache() {
  if (typeof module.enableCompileCache !== "function") return;
  const folder = ownCacheFolder();
  if (folder !== null) module.enableCompileCache(folder);
}

/**
 * `~/.cache/vpclab` of who runs this, made when it is not there; null where it is not that person's alone. The home is that of
 * /etc/passwd: with sudo the environment may still name another person's.
 */
export function ownCacheFolder(home = userInfo().homedir, uid = process.geteuid()) {
  const parent = join(home, ".cache");
  const folder = join(parent, "vpclab");
  try {
    if (!pathIsOnlyOf(uid, existsSync(parent) ? parent : home)) return null;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { mode, uid: owner } = lstatSync(folder);
    return owner === uid && (mode & 0o077) === 0 && pathIsOnlyOf(uid, folder) ? folder : null;
  } catch {
    return null;
  }
}

/** Folders all the way up, no links, in which only root and this user can make or replace anything. */
function pathIsOnlyOf(uid, path) {
  const stats = lstatSync(path);
  const { mode, uid: owner } = stats;
  if (!stats.isDirectory() || (owner !== uid && owner !== 0)) return false;
  // In a folder like /tmp others may write, and still not replace what is not theirs.
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) return false;
  return path === dirname(path) || pathIsOnlyOf(uid, dirname(path));
}
