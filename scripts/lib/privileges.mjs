import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";

export const isRoot = () => process.getuid() === 0;

/** True when `sudo` works without asking: we never wait for a password in the middle of a start. */
export function hasPasswordlessSudo() {
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
}

/**
 * Who owns the checkout. Started with sudo in a user's checkout, everything that needs no privilege (npm, the build, the web
 * server) runs as that user: the server is not root, and no file of root's is left in the user's folder.
 * Returns {uid, gid}; for an ordinary user always that user.
 */
export function owner() {
  if (!isRoot()) return { uid: process.getuid(), gid: process.getgid() };
  const { uid, gid } = statSync(fileURLToPath(new URL("../..", import.meta.url)));
  return { uid, gid };
}

/** Options for spawn() that drop to the owner of the checkout, and the home folder that goes with it. */
export function asOwner(environment) {
  const { uid, gid } = owner();
  if (uid === process.getuid()) return { env: environment };
  return { uid, gid, env: { ...environment, HOME: homeOf(uid) } };
}

function homeOf(uid) {
  const entry = spawnSync("getent", ["passwd", String(uid)], { encoding: "utf8" }).stdout ?? "";
  return entry.split(":")[5] || "/tmp";
}

export const userName = () => userInfo().username;
