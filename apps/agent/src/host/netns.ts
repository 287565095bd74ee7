import { readdirSync, statSync, statfsSync } from "node:fs";

/** Where `ip netns` keeps names; a name is a file with a namespace mounted on it. */
export const NETNS_DIR = "/run/netns";
/** statfs f_type of a namespace (linux/magic.h NSFS_MAGIC). */
const NSFS_MAGIC = 0x6e736673;

export const netnsPath = (name: string): string => `${NETNS_DIR}/${name}`;

/** Names under /run/netns, leftovers without a namespace included. */
export function listNetnsNames(): string[] {
  try {
    return readdirSync(NETNS_DIR);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/**
 * Inode of the namespace behind a name: its identity, because names come and go and a namespace lives on without one.
 * `none`: no such name. `leftover`: a plain file, which an `ip netns add` that was killed half-way leaves behind.
 */
export function lookUpNetns(name: string): number | "none" | "leftover" {
  try {
    if (statfsSync(netnsPath(name)).type !== NSFS_MAGIC) return "leftover";
    return statSync(netnsPath(name)).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "none";
    throw error;
  }
}

/** Inode of the agent's own network namespace. */
export const ownNetnsInode = (): number => statSync("/proc/self/ns/net").ino;
