import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import workerThreads from "node:worker_threads";
import { wrapForeignCalls } from "../prove/wrap-foreign-calls";

/**
 * Counts every side effect of this process and dies at a chosen one. Imported before anything else by a process that is
 * there to be killed: it stands between the engine and what the engine calls (the C library, libnftables, Node's file and
 * process functions), so that the engine itself has no place made for it.
 */
export type Moment = "before" | "inside" | "after";
const MOMENTS: readonly string[] = ["before", "inside", "after"] satisfies Moment[];

interface Plan {
  /** 1 is the first effect. */
  readonly at: number;
  readonly moment: Moment;
}

let plan: Plan | null = null;
let counting = false;
let count = 0;

/** From here on effects count; `plan` null: only counts. */
export function beginCounting(chosen: Plan | null): void {
  plan = chosen;
  counting = true;
}

export const effectsSoFar = (): number => count;

export const isMoment = (text: string): text is Moment => MOMENTS.includes(text);

const die = (): void => {
  process.kill(process.pid, "SIGKILL");
  // The signal is delivered before the call comes back.
  throw new Error("still alive");
};

/** Whoever started this process listens here, and kills it from outside as soon as it hears something. */
const REPORT_FD = 3;
const { writeSync } = fs;

function effect<T>(run: () => T): T {
  if (!counting) return run();
  count += 1;
  if (plan?.at !== count) return run();
  if (plan.moment === "before") die();
  if (plan.moment === "inside") writeSync(REPORT_FD, "!");
  const result = run();
  if (plan.moment === "after") {
    if (result instanceof Promise) return result.finally(die) as T;
    die();
  }
  return result;
}

// ---- foreign calls ----------------------------------------------------------------------------------------------

const NLMSG_TYPE_OFFSET = 4;
/** Four types per kind of object: new, delete, get, set (linux/rtnetlink.h). */
const isQuestion = (message: Uint8Array): boolean => ((message[NLMSG_TYPE_OFFSET] ?? 0) & 3) === 2;
const AF_NETLINK_HEADER_BYTES = 16;

const always = (): boolean => true;
/** By name of the C function: whether a call of it changes anything. */
const FOREIGN: Readonly<Record<string, (args: readonly unknown[]) => boolean>> = {
  unshare: always,
  mount: always,
  umount2: always,
  send: ([, data]) => data instanceof Uint8Array && data.length >= AF_NETLINK_HEADER_BYTES && !isQuestion(data),
  sendto: ([, data]) => data instanceof Uint8Array && data.length >= AF_NETLINK_HEADER_BYTES && !isQuestion(data),
  nft_run_cmd_from_buffer: ([, script]) => typeof script === "string" && !script.startsWith("list "),
};

wrapForeignCalls((name, call) => {
  const changes = FOREIGN[name];
  return changes ? (...values) => (changes(values) ? effect(() => call(...values)) : call(...values)) : call;
});

// ---- Node's own -------------------------------------------------------------------------------------------------

type Functions = Record<string, (...args: unknown[]) => unknown>;

function watch(module: unknown, names: readonly string[], changes: (args: readonly unknown[]) => boolean = always): void {
  const functions = module as Functions;
  for (const name of names) {
    const original = functions[name];
    if (!original) throw new Error(`no function ${name}`);
    functions[name] = (...args) => (changes(args) ? effect(() => original(...args)) : original(...args));
  }
}

const opensForWriting = ([, flags]: readonly unknown[]): boolean => typeof flags === "string" ? /[wa+x]/.test(flags) : typeof flags === "number" && (flags & 3) !== 0;
watch(fs, ["writeSync", "writeFileSync", "mkdirSync", "unlinkSync", "rmSync", "renameSync"]);
watch(fs, ["openSync"], opensForWriting);
watch(fs.promises, ["writeFile", "mkdir", "unlink", "rm", "rename"]);
watch(fs.promises, ["open"], opensForWriting);
watch(childProcess, ["spawn"]);
// A thread that starts a program in an instance.
workerThreads.Worker = new Proxy(workerThreads.Worker, { construct: (target, args) => effect(() => Reflect.construct(target, args) as object) });
const kill = process.kill.bind(process);
process.kill = (pid, signal) => (signal === 0 || pid === process.pid ? kill(pid, signal) : effect(() => kill(pid, signal)));
syncBuiltinESMExports();
