import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { cgroupsOnThisHost } from "../apps/agent/src/host/instance-cgroups";
import { listNetnsNames, lookUpNetns } from "../apps/agent/src/host/netns";

/** Everything that could be left behind or be changed by mistake, by class, each a list of lines. */
export type Fingerprint = Readonly<Record<string, readonly string[]>>;

const SYSCTLS = "^net\\.(ipv[46]\\.(conf|ip_forward|ip_unprivileged|ping_group)|bridge|core\\.)";
const LOOKS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "links and addresses": ["ip", "-br", "address"],
  "routes": ["ip", "route", "show", "table", "all"],
  "rules": ["ip", "rule"],
  // Without counters: traffic is no change.
  "nftables": ["nft", "-s", "list", "ruleset"],
  "sysctls": ["sysctl", "-a", "-r", SYSCTLS],
};

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

export interface FingerprintOptions {
  /** Names under /run/netns to look into, beside the own namespace. */
  readonly inside: (name: string) => boolean;
  /** Folders whose files count. */
  readonly folders: readonly string[];
  /** Files there that belong to the looking itself. */
  readonly without?: (file: string) => boolean;
}

export function fingerprint({ inside, folders, without = () => false }: FingerprintOptions): Fingerprint {
  const names = listNetnsNames().sort();
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).map(Number);
  return {
    "namespaces": names.map((name) => `${name} ${lookUpNetns(name)}`),
    "inhabited namespaces": [...new Set(pids.map((pid) => linkTarget(`/proc/${pid}/ns/net`)))].filter((namespace) => namespace !== "").sort(),
    ...lookInside([null, ...names.filter(inside)]),
    "processes": pids.map((pid) => commandOf(pid)).filter((command) => command !== "").sort(),
    "mounts": readFileSync("/proc/self/mountinfo", "utf8").split("\n").map((line) => line.split(" ").slice(3).join(" ")).sort(),
    "cgroups": [...readFileSync("/proc/self/cgroup", "utf8").split("\n"), ...cgroupsOnThisHost().sort()],
    "files": folders.flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => `${folder}/${String(file)}`)).filter((file) => !without(file)).sort(),
    "unix sockets": readFileSync("/proc/net/unix", "utf8").split("\n").map((line) => line.split(/\s+/)[7] ?? "").filter((path) => path !== "").sort(),
  };
}

/** What standard tools say of namespaces; null is the own one. */
export const lookInside = (names: readonly (string | null)[]): Fingerprint =>
  Object.fromEntries(Object.entries(LOOKS).map(([kind, argv]) => [kind, names.flatMap((name) => {
    const [file = "", ...args] = name === null ? argv : ["ip", "netns", "exec", name, ...argv];
    const text = execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: OUTPUT_BYTES_MAX });
    return text.split("\n").filter((line) => line !== "").map((line) => `${name ?? "own"}: ${steady(line)}`);
  })]));

/** What was added or taken away, one line each. */
export function fingerprintDifferences(before: Fingerprint, after: Fingerprint): string[] {
  return Object.keys(before).flatMap((kind) => {
    const [was, is] = [before[kind] ?? [], after[kind] ?? []];
    return [
      ...is.filter((line) => !was.includes(line)).map((line) => `${kind}: left ${line}`),
      ...was.filter((line) => !is.includes(line)).map((line) => `${kind}: lost ${line}`),
    ];
  });
}

/** Whether the other end of a link is up yet is the kernel's business, and interfaces are numbered as they come. */
const steady = (line: string): string => line.replace(/^(\S+) +(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN) +/, "$1 ").replace(/@if\d+/, "").replace(/ linkdown\b/, "").trimEnd();

/** Empty for a process that has ended meanwhile. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** Empty for a process that has ended meanwhile. */
function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
