import { programPath } from "./program-path";

/** What one program in an instance may use, by setrlimit(2). */
export interface ProcessLimits {
  /** Processes and threads of its user; null where it shares the user with others. */
  readonly processes: number | null;
  /** Bytes of its own that one process may have in memory. */
  readonly dataBytes: number;
}

const OPEN_FILES_MAX = 1024;
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/**
 * prlimit(1) in front of a program: it sets its own limits and becomes the program. Limits that were set from outside would come
 * too late for what the program has started by then.
 */
export const limitedArgv = (argv: readonly string[], { processes, dataBytes }: ProcessLimits): [string, ...string[]] => [
  programPath("prlimit"), "--core=0", `--nofile=${OPEN_FILES_MAX}`, `--fsize=${FILE_BYTES_MAX}`, `--data=${dataBytes}`,
  ...(processes === null ? [] : [`--nproc=${processes}`]), "--", ...argv,
];
