import { constants } from "node:os";
import type { LaunchOrder } from "./launch-order";
import { cFunction, cStruct, lastErrno, succeeded } from "./libc";
import { SECCOMP_INSTRUCTION_BYTES, seccompFilter } from "./seccomp-filter";
import type { SystemCallNumbers } from "./system-call-numbers";

/**
 * System calls about rights and processes. Those on rights are of the calling thread alone: the C library's functions of the
 * same names would change every thread of the process.
 */
cStruct("vpclab_sock_fprog", { length: "ushort", filter: "void *" });
const prctlCall = cFunction("int prctl(int option, ulong second, ulong third, ulong fourth, ulong fifth)");
const callWithIds = cFunction("long syscall(long number, ulong first, ulong second, ulong third)");
const callWithList = cFunction("long syscall(long number, ulong count, void *list)");
const callWithTwoBuffers = cFunction("long syscall(long number, void *first, void *second)");
const callWithKey = cFunction("long syscall(long number, ulong first, ulong second, ulong third, ulong fourth, ulong fifth, ulong key)");
const callSeccomp = cFunction("long syscall(long number, ulong operation, ulong flags, vpclab_sock_fprog *program)");

const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const CAPABILITIES_MAX = 64;
const CAPABILITY_VERSION_3 = 0x20080522;
const SECCOMP_SET_MODE_FILTER = 1;
const ROOT = 0;

const prctl = (option: number, second = 0): number => prctlCall(option, second, 0, 0, 0);

export const setNoNewPrivileges = (): void => void succeeded("prctl", prctl(PR_SET_NO_NEW_PRIVS, 1));

/** Takes capabilities out of what this thread and its programs can ever have; `kept` are numbers of linux/capability.h. */
export function dropBoundingSet(kept: ReadonlySet<number> = new Set()): void {
  for (let capability = 0; capability < CAPABILITIES_MAX; capability++) {
    if (kept.has(capability) || prctl(PR_CAPBSET_DROP, capability) >= 0) continue;
    // This kernel knows no further ones.
    if (lastErrno() === "EINVAL") return;
    succeeded("prctl", -1);
  }
}

/** Permitted capabilities of this thread. */
export function permittedCapabilities(numbers: SystemCallNumbers): Set<number> {
  const sets = Buffer.alloc(24);
  succeeded("capget", callWithTwoBuffers(numbers.capget, capabilityHeader(), sets));
  const bits = BigInt(sets.readUInt32LE(4)) | (BigInt(sets.readUInt32LE(16)) << 32n);
  return new Set(Array.from({ length: CAPABILITIES_MAX }, (_, index) => index).filter((index) => ((bits >> BigInt(index)) & 1n) === 1n));
}

function capabilityHeader(): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(CAPABILITY_VERSION_3, 0);
  return header;
}

export const leaveAllGroups = (numbers: SystemCallNumbers): void => void succeeded("setgroups", callWithList(numbers.setgroups, 0, null));

/**
 * This thread's user and group, with its saved ones still root's: a program that it starts has them all (execve(2) makes the saved
 * ones equal to the effective), and no capability; the thread itself can come back.
 */
export function beUser(numbers: SystemCallNumbers, id: number): void {
  succeeded("setresgid", callWithIds(numbers.setresgid, id, id, ROOT));
  succeeded("setresuid", callWithIds(numbers.setresuid, id, id, ROOT));
}

export function beRootAgain(numbers: SystemCallNumbers): void {
  succeeded("setresuid", callWithIds(numbers.setresuid, ROOT, ROOT, ROOT));
  succeeded("setresgid", callWithIds(numbers.setresgid, ROOT, ROOT, ROOT));
}

/** Puts this thread under the filter for instances, for ever; see `seccompFilter` for `key`. Needs no-new-privileges. */
export function enterSeccomp(numbers: SystemCallNumbers, key: bigint): void {
  const filter = seccompFilter(numbers, key);
  succeeded("seccomp", callSeccomp(numbers.seccomp, SECCOMP_SET_MODE_FILTER, 0, { length: filter.length / SECCOMP_INSTRUCTION_BYTES, filter }));
}

/** New namespaces for this thread, and what it starts, under the filter. */
export const unshareWithKey = (numbers: SystemCallNumbers, flags: number, key: bigint): void =>
  void succeeded("unshare", callWithKey(numbers.unshare, flags, 0, 0, 0, 0, key));

export const setnsWithKey = (numbers: SystemCallNumbers, fd: number, type: number, key: bigint): void =>
  void succeeded("setns", callWithKey(numbers.setns, fd, type, 0, 0, 0, key));

const waitpidCall = cFunction("int waitpid(int pid, void *status, int options)");
const WNOHANG = 1;

/** How a child of this process has ended: exit code, null for a signal; undefined while it runs. It can be asked once. */
export function takeExit(pid: number): number | null | undefined {
  const status = new Int32Array(1);
  const waited = waitpidCall(pid, status, WNOHANG);
  if (waited === 0) return undefined;
  if (waited < 0) return null;
  const word = status[0] ?? 0;
  return (word & 0x7f) === 0 ? (word >> 8) & 0xff : null;
}

const spawnCall = cFunction("int posix_spawn(_Out_ int *pid, str path, void *actions, void *attributes, const char **argv, const char **environment)");
const initActions = cFunction("int posix_spawn_file_actions_init(void *actions)");
const addDup2 = cFunction("int posix_spawn_file_actions_adddup2(void *actions, int from, int to)");
const destroyActions = cFunction("int posix_spawn_file_actions_destroy(void *actions)");
const initAttributes = cFunction("int posix_spawnattr_init(void *attributes)");
const setFlags = cFunction("int posix_spawnattr_setflags(void *attributes, short flags)");
const setDefaults = cFunction("int posix_spawnattr_setsigdefault(void *attributes, void *signals)");
const setMask = cFunction("int posix_spawnattr_setsigmask(void *attributes, void *signals)");
const fillSignals = cFunction("int sigfillset(void *signals)");
const emptySignals = cFunction("int sigemptyset(void *signals)");

const SPAWN_SETSIGDEF = 0x04;
const SPAWN_SETSIGMASK = 0x08;
const SPAWN_SETSID = 0x80;
/** More than any C library needs for its structures. */
const OPAQUE_BYTES = 1024;

/**
 * Starts a program with the rights, namespaces and root of this very thread, in a session of its own; answers with its pid. Its
 * first descriptors are the given ones. Throws an Error with `code` when the program cannot be run.
 */
export function spawnProgram(argv: readonly string[], environment: readonly string[], stdio: LaunchOrder["stdio"]): number {
  const [actions, attributes, all, none] = [0, 1, 2, 3].map(() => Buffer.alloc(OPAQUE_BYTES));
  initActions(actions);
  stdio.forEach((from, to) => from !== undefined && addDup2(actions, from, to));
  initAttributes(attributes);
  fillSignals(all);
  emptySignals(none);
  // Node ignores SIGPIPE, and may block others on its threads.
  setDefaults(attributes, all);
  setMask(attributes, none);
  setFlags(attributes, SPAWN_SETSIGDEF | SPAWN_SETSIGMASK | SPAWN_SETSID);
  const pid: [number] = [0];
  const errno = spawnCall(pid, argv[0], actions, attributes, [...argv, null], [...environment, null]);
  destroyActions(actions);
  if (errno === 0) return pid[0];
  const code = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;
  throw Object.assign(new Error(`${argv[0]} cannot be run (${code})`), { code });
}
