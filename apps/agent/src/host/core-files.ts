import { cFunction, cStruct, lastErrno } from "./libc";

cStruct("vpclab_rlimit", { soft: "ulong", hard: "ulong" });
const setLimit = cFunction("int setrlimit(int resource, const vpclab_rlimit *limit)");
const RLIMIT_CORE = 4;
/** Less than any core file has, so that none is written; and the one value by which the kernel starts no handler of core files either (core(5)). */
const NEVER = 1;

/**
 * No core file of this process or of what it starts: its memory holds keys and tokens. Where the limit is 0 already and may not be
 * raised, it stays: a handler that the system has named would be started then, and is told that no core file is wanted.
 */
export function writeNoCoreFiles(): void {
  if (setLimit(RLIMIT_CORE, { soft: NEVER, hard: NEVER }) === 0) return;
  if (lastErrno() !== "EPERM") throw new Error(`the limit of core files could not be set: ${lastErrno()}`);
}
