import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Bundled programs that run inside instances, as absolute paths. */
export interface Programs {
  readonly webServer: string;
  readonly prober: string;
}

export interface NodeLaunch {
  /** Program and arguments that run a script given on standard input. */
  readonly argv: readonly string[];
  /** To be opened as descriptor 3. */
  readonly extraFiles: readonly string[];
}

const OTHERS_EXECUTE = 0o001;
const HEAP_MEGABYTES_MAX = 48;

/**
 * How a process without rights runs one of our scripts. The script comes by standard input, opened by the agent, so the
 * place where vpclab is installed need not be readable to everybody. Nor need Node (it often lives under /root): then it
 * is handed over as an open descriptor.
 */
export function nodeLaunch(args: readonly string[], execPath = process.execPath): NodeLaunch {
  const open = isExecutableByAnybody(execPath);
  return {
    argv: [open ? execPath : "/proc/self/fd/3", `--max-old-space-size=${HEAP_MEGABYTES_MAX}`, "--input-type=module", "-", ...args],
    extraFiles: open ? [] : [execPath],
  };
}

function isExecutableByAnybody(path: string): boolean {
  accessSync(path, constants.X_OK);
  for (let at = resolve(path); ; at = dirname(at)) {
    if ((statSync(at).mode & OTHERS_EXECUTE) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
