import { cFunction } from "./libc";
import { dropBoundingSet, permittedCapabilities, setNoNewPrivileges } from "./process-calls";
import { systemCallNumbers } from "./system-call-numbers";

/** What the agent needs as root (linux/capability.h), and for what. */
export const NEEDED_CAPABILITIES = {
  /** Reading the join token and the server's socket, which belong to the web server's user. */
  DAC_OVERRIDE: 1,
  /** Ending programs of instances, which belong to other users. */
  KILL: 5,
  /** Instances' users, and an empty bounding set for them. */
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  /** Links, addresses, routes, nftables, forwarding. */
  NET_ADMIN: 12,
  /** Finding the programs of a namespace: /proc/<pid>/ns and /proc/<pid>/fd of other users. */
  SYS_PTRACE: 19,
  /** Making and entering namespaces. */
  SYS_ADMIN: 21,
} as const;

const NEEDED: ReadonlySet<number> = new Set(Object.values(NEEDED_CAPABILITIES));
const execv = cFunction("int execv(str path, const char **argv)");
const setDescriptorFlags = cFunction("int fcntl(int descriptor, int command, int flags)");
const F_SETFD = 2;

/**
 * Gives up every capability that is not needed, for all threads: Node has several before its first line runs, and each has rights
 * of its own. So where there is something to give up this process becomes the same program anew, with a smaller bounding set and
 * without a way to new privileges; there is nothing left to give up then. Does not return in that case.
 */
export function keepNeededRights(argv: readonly string[]): void {
  const numbers = systemCallNumbers();
  if (!numbers || [...permittedCapabilities(numbers)].every((capability) => NEEDED.has(capability))) return;
  dropBoundingSet(NEEDED);
  setNoNewPrivileges();
  // Node marks these, too, as not to be passed on; who started the agent listens to them.
  for (const descriptor of [0, 1, 2]) setDescriptorFlags(descriptor, F_SETFD, 0);
  execv(process.execPath, [process.execPath, ...process.execArgv, ...argv, null]);
  throw new Error("the agent could not give up its needless rights: it could not start itself anew");
}
