import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ShownFile } from "./workload-root";

/** Bundled programs beside the agent's own, as absolute paths. The first two run inside instances. */
export interface Programs {
  readonly webServer: string;
  readonly prober: string;
  /** The thread of the agent that starts a program in an instance. */
  readonly launchThread: string;
}

const HEAP_MEGABYTES_MAX = 48;
const scriptWords = (args: readonly string[]): string[] => [`--max-old-space-size=${HEAP_MEGABYTES_MAX}`, "--input-type=module", "-", ...args];

/** Where Node is in an instance's root when it lies outside of /usr, often under /root. */
const SHOWN_NODE = "/node";

/** Node as programs in instances find it: where it is below /usr, which they have, else shown to them. */
export function shownNode(execPath = process.execPath): { readonly target: string; readonly shown: readonly ShownFile[] } {
  const source = realpathSync(execPath);
  return source.startsWith("/usr/") ? { target: source, shown: [] } : { target: SHOWN_NODE, shown: [{ source, target: SHOWN_NODE }] };
}

/**
 * How an instance's program runs one of our scripts. The script comes by standard input, opened by the agent, so the place where
 * vpclab is installed need not be readable to everybody.
 */
export const confinedNode = (nodePath: string, args: readonly string[]): [string, ...string[]] => [nodePath, ...scriptWords(args)];

export interface NodeLaunch {
  /** Program and arguments that run a script given on standard input. */
  readonly argv: readonly string[];
  /** To be opened as descriptor 3. */
  readonly extraFiles: readonly string[];
}

const OTHERS_EXECUTE = 0o001;

/** As a person would run it at a shell, in the machine's own root: a Node that is closed to others is handed over as a descriptor. */
export function nodeLaunch(args: readonly string[], execPath = process.execPath): NodeLaunch {
  const open = isExecutableByAnybody(execPath);
  return { argv: [open ? execPath : "/proc/self/fd/3", ...scriptWords(args)], extraFiles: open ? [] : [execPath] };
}

function isExecutableByAnybody(path: string): boolean {
  accessSync(path, constants.X_OK);
  for (let at = resolve(path); ; at = dirname(at)) {
    if ((statSync(at).mode & OTHERS_EXECUTE) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
