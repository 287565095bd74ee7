import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { nftFault } from "./grammar/nft-script";
import { isProgram } from "./grammar/programs";
import { AGENT, NAMESPACE, NUMBER, whole } from "./grammar/words";
import type { Tally } from "./tally";
import { wrapForeignCalls } from "../prove/wrap-foreign-calls";

/**
 * Stands between the engine and what it calls: Node's file and process functions, the C library, libnftables. Imported before
 * anything else, so that whatever is written, started or run is seen as it really is, not as a step says that it will be.
 */
interface Watch {
  readonly tally: Tally;
  /** Folders, without a slash at the end, in which files may be written. */
  readonly folders: readonly string[];
}
let watching: Watch | null = null;

export const watchEffects = (watch: Watch | null): void => void (watching = watch);

const NETNS_FILE = whole(`/run/netns/${NAMESPACE}`);
const RESOLV_FOLDER = whole(`/etc/netns(?:/(?:\\.vpclab-)?${NAMESPACE}(?:/resolv\\.conf)?)?`);
const NETNS_FOLDER = "/run/netns";
/** Of our own groups only, and of those what enters a process or limits an instance. */
const CONTROL_GROUP = whole(`/sys/fs/cgroup(?:/[a-z_,]+)?(?:/system\\.slice/vpclab-instances\\.service)?/vpclab-${NUMBER}-${AGENT}(?:/instance-(?:vpclab\\.(?:host|internet)|${NAMESPACE})(?:/[a-z_.]+)?)?`);

function wrote(path: unknown): void {
  // A descriptor was judged when it was opened.
  if (!watching || typeof path === "number") return;
  const text = String(path);
  watching.tally.saw("writes");
  if (text === "/dev/null") return;
  const plain = !text.includes("/../") && !text.endsWith("/..");
  const known = watching.folders.some((folder) => text === folder || text.startsWith(`${folder}/`)) || NETNS_FILE.test(text) || RESOLV_FOLDER.test(text) || text === NETNS_FOLDER || CONTROL_GROUP.test(text);
  if (!plain || !known) watching.tally.fault("outside folders", text.slice(0, 200));
}

type Functions = Record<string, (...args: unknown[]) => unknown>;

function watch(module: unknown, names: readonly string[], paths: (args: readonly unknown[]) => readonly unknown[]): void {
  const functions = module as Functions;
  for (const name of names) {
    const original = functions[name];
    if (!original) throw new Error(`no function ${name}`);
    functions[name] = (...args) => {
      paths(args).forEach(wrote);
      return original(...args);
    };
  }
}

const first = ([path]: readonly unknown[]): unknown[] => [path];
const both = ([from, to]: readonly unknown[]): unknown[] => [from, to];
const toWrite = ([path, flags]: readonly unknown[]): unknown[] =>
  (typeof flags === "string" ? /[wa+x]/.test(flags) : typeof flags === "number" && (flags & 3) !== 0) ? [path] : [];
watch(fs, ["writeFileSync", "appendFileSync", "mkdirSync", "unlinkSync", "rmSync", "rmdirSync", "chmodSync", "chownSync", "truncateSync"], first);
watch(fs, ["renameSync", "copyFileSync"], both);
watch(fs, ["symlinkSync", "linkSync"], ([, path]) => [path]);
watch(fs, ["openSync", "open"], toWrite);
watch(fs.promises, ["writeFile", "appendFile", "mkdir", "unlink", "rm", "rmdir", "chmod"], first);
watch(fs.promises, ["rename", "copyFile"], both);
watch(fs.promises, ["open"], toWrite);
watch(fs, ["createWriteStream"], first);

const spawn = childProcess.spawn.bind(childProcess) as (...args: unknown[]) => unknown;
(childProcess as unknown as Functions)["spawn"] = (...args) => {
  const [file, words] = args;
  if (watching) {
    const argv = [String(file), ...(Array.isArray(words) ? words.map(String) : [])];
    watching.tally.saw("processes");
    if (!isProgram(argv)) watching.tally.fault("outside grammar", argv.join(" ").slice(0, 300));
  }
  return spawn(...args);
};
syncBuiltinESMExports();

// ---- foreign calls ----------------------------------------------------------------------------------------------

const MOUNTED = /^\/run\/netns(?:\/|$)/;
/** By name of the C function: what is wrong with a call of it, null where nothing is. */
const JUDGES: Readonly<Record<string, (args: readonly unknown[], tally: Tally) => void>> = {
  nft_run_cmd_from_buffer: ([, script], tally) => {
    const text = String(script);
    if (text.startsWith("list ")) return;
    tally.saw("nft runs");
    const fault = nftFault(text);
    if (fault !== null) tally.fault("outside grammar", `libnftables: ${fault}`);
  },
  mount: ([, target], tally) => void (MOUNTED.test(String(target)) || tally.fault("outside folders", `mount on ${String(target)}`)),
  umount2: ([target], tally) => void (MOUNTED.test(String(target)) || tally.fault("outside folders", `umount of ${String(target)}`)),
  openat: ([, path, flags], tally) => {
    if ((Number(flags) & 3) === 0) return;
    tally.saw("sysctls");
    if (!/^[a-z0-9_-]+(?:\/[a-z0-9_-]+)*$/.test(String(path))) tally.fault("outside folders", `openat ${String(path)}`);
  },
};

wrapForeignCalls((name, call) => {
  const judge = JUDGES[name];
  return judge ? (...values) => (watching && judge(values, watching.tally), call(...values)) : call;
});
