import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { programPath } from "./system-packages.mjs";

const NETNS_DIR = "/run/netns";

export const netnsDirExists = () => existsSync(NETNS_DIR);

/** Names of the network namespaces of this machine. */
export const netnsNames = () => (existsSync(NETNS_DIR) ? readdirSync(NETNS_DIR) : []);

/**
 * The first `ip netns add` on a machine makes /run/netns and mounts it onto itself. Where it was not there before us, it goes
 * again, unless somebody else has put a namespace into it meanwhile. Answers whether something was removed.
 */
export function removeNetnsDir() {
  if (process.getuid() !== 0 || !existsSync(NETNS_DIR) || netnsNames().length > 0) return false;
  spawnSync(programPath("umount") ?? "umount", ["--no-mtab", NETNS_DIR], { stdio: "ignore" });
  try {
    rmdirSync(NETNS_DIR);
    return true;
  } catch (error) {
    if (error.code === "ENOTEMPTY" || error.code === "EBUSY") return false;
    throw error;
  }
}
