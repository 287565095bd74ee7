import type { IdMaps } from "./id-maps";
import { isMapped } from "./id-maps";
import { NOBODY } from "./unprivileged";

/** Where the kernel begins to number namespaces (include/linux/proc_fs.h, PROC_DYNAMIC_FIRST), and how many numbers it has. */
export const FIRST_INODE = 0xf0000000;
export const WORKLOAD_USERS = 2 ** 28;
/** 1879048192 … 2147483647, which no distribution and no container engine hands out (systemd, UIDS-GIDS.md: “Unused”). */
export const FIRST_WORKLOAD_USER = 0x70000000;

export interface WorkloadUser {
  /** User and group; null: the agent's own, the only one in its user namespace. */
  readonly id: number | null;
  /** Nobody else on this host has it. */
  readonly own: boolean;
}

/**
 * The user of whatever runs in an instance, by the inode of its network namespace. The kernel gives an inode to one namespace at
 * a time, and keeps it while a process is inside: so no two instances of a host share a user, whichever agents made them, and
 * there is nothing to remember. Where the agent's user namespace lacks that id, nobody; where it lacks nobody, none.
 */
export function workloadUser(inode: number, maps: IdMaps, first: number = FIRST_WORKLOAD_USER): WorkloadUser {
  const id = first + inode - FIRST_INODE;
  if (inode < FIRST_INODE || inode >= FIRST_INODE + WORKLOAD_USERS) throw new Error(`${inode} is no inode of a network namespace that was made`);
  if (exists(maps, id)) return { id, own: true };
  return { id: exists(maps, NOBODY) ? NOBODY : null, own: false };
}

const exists = (maps: IdMaps, id: number): boolean => isMapped(maps.uids, id) && isMapped(maps.gids, id);
