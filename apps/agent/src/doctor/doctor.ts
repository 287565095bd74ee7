import { release } from "node:os";
import type { CommandRunner } from "../host/command-runner";
import { MISSING_LIBNFTABLES, loadLibnftables } from "../host/libnftables";
import { findCgroups } from "../host/find-cgroups";
import { limitSentences } from "../host/limit-sentences";
import { CommandError, PACKAGE_OF, reasonFrom } from "../host/command-error";
import { ETC_NETNS_DIR, canWriteEtcNetns } from "../host/etc-netns";
import type { IdMaps } from "../host/id-maps";
import { systemCallNumbers } from "../host/system-call-numbers";
import { FIRST_INODE, workloadUser } from "../host/workload-user";

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly found: string;
  /** What to do about it; null when it is fine. */
  readonly advice: string | null;
}

const VERSION_ARGS: Readonly<Record<string, readonly string[]>> = {
  ip: ["-V"], nft: ["--version"], ping: ["-V"], setpriv: ["--version"], nsenter: ["--version"], unshare: ["--version"], prlimit: ["--version"],
  dnsmasq: ["--version"],
};

/** Everything the agent needs of a system, each with what to do where it is missing. Changes nothing outside of a trial namespace. */
export async function runDoctor(options: { runner: CommandRunner; idMaps: IdMaps; mode: "sandbox" | "host" | "rootless" }): Promise<Check[]> {
  const programs = Object.keys(VERSION_ARGS);
  const present = await Promise.all(programs.map((program) => checkProgram(options.runner, program)));
  const checks = [...present, checkLibrary(), checkRights(), checkNames(), checkInstances(options.idMaps), checkLimits()];
  const usable = checks.every((check) => check.ok);
  return [...checks, ...(usable ? await checkKernel(options.runner) : [])];
}

async function checkProgram(runner: CommandRunner, program: string): Promise<Check> {
  try {
    const { stdout, stderr } = await runner.tryRun({ file: program, args: VERSION_ARGS[program] ?? [] });
    return { name: program, ok: true, found: (stdout || stderr).split("\n")[0]?.trim() ?? "", advice: null };
  } catch (error) {
    // There, with capabilities of its file that an agent keeps for nobody; where instances start it those do not count.
    if (isRefusedRights(error)) return { name: program, ok: true, found: "installed; instances start it without rights of its own", advice: null };
    const reason = error instanceof CommandError ? error.reason : String(error);
    return { name: program, ok: false, found: reason, advice: `Install it: apt-get install ${PACKAGE_OF[program] ?? program}` };
  }
}

/** execve(2): a file has effective capabilities that are not in this process's bounding set. */
const isRefusedRights = (error: unknown): boolean => error instanceof CommandError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "EPERM";

function checkLibrary(): Check {
  const name = "libnftables";
  try {
    loadLibnftables();
    return { name, ok: true, found: "loaded", advice: null };
  } catch {
    return { name, ok: false, found: "cannot be loaded", advice: MISSING_LIBNFTABLES };
  }
}

function checkRights(): Check {
  const uid = process.geteuid?.() ?? -1;
  return {
    name: "rights",
    ok: uid === 0,
    found: uid === 0 ? `root, kernel ${release()}` : `user ${uid}, kernel ${release()}`,
    advice: uid === 0 ? null : "Run the agent as root, or without root inside a user namespace: unshare -Urnm",
  };
}

/** A hint and no fault: without it everything works but names in a shell of `ip netns exec`. */
function checkNames(): Check {
  const works = canWriteEtcNetns();
  return {
    name: "names", ok: true, found: works ? `${ETC_NETNS_DIR} can be written` : `${ETC_NETNS_DIR} cannot be written`,
    advice: works ? null : "Names of instances do not resolve in `ip netns exec` by themselves; ask the resolver at the subnet's gateway address, or run the agent as root.",
  };
}

/** How far programs in instances are kept apart here. */
function checkInstances(idMaps: IdMaps): Check {
  const name = "instances";
  if (!systemCallNumbers()) {
    return { name, ok: false, found: `no system call filter for ${process.arch}`, advice: "Programs in instances are not supported on this processor; networks are." };
  }
  const { own, id } = workloadUser(FIRST_INODE, idMaps);
  if (own) return { name, ok: true, found: "a user for each", advice: null };
  return {
    name, ok: true, found: `${id === null ? "the agent's own user" : "nobody"} for all, no limit of processes`,
    advice: "This user namespace has no users for instances: their programs are without rights all the same. Run the agent as root to have one for each.",
  };
}

/** A hint and no fault: without control groups limits are those of setrlimit(2). */
function checkLimits(): Check {
  const found = findCgroups();
  const advice = [...new Set(found.missing.map((one) => one.advice))].join(" ");
  return { name: "limits", ok: true, found: limitSentences(found).join(" "), advice: advice === "" ? null : advice };
}

/** Tries each kind of kernel object inside a network namespace that ends with the trial. */
async function checkKernel(runner: CommandRunner): Promise<Check[]> {
  const trials: { name: string; argv: [string, ...string[]]; stdin?: string; advice: string }[] = [
    { name: "network namespaces", argv: ["true"], advice: "The kernel or a container's policy refuses them: run the agent on a host, or with CAP_SYS_ADMIN and CAP_NET_ADMIN." },
    { name: "veth", argv: ["ip", "link", "add", "trial0", "type", "veth", "peer", "name", "trial1"], advice: "Load it: modprobe veth" },
    { name: "bridge", argv: ["ip", "link", "add", "trial0", "type", "bridge"], advice: "Load it: modprobe bridge" },
    {
      name: "nftables", argv: ["nft", "-f", "-"], advice: "Load it: modprobe nf_tables nft_masq nft_ct",
      stdin: "table inet trial { chain c { type nat hook postrouting priority 100; ct state new counter masquerade; }; }\n",
    },
  ];
  return Promise.all(trials.map(async ({ name, argv, stdin, advice }) => {
    const { exitCode, stderr } = await runner.tryRun({ file: "unshare", args: ["--net", "--mount", "--", ...argv], ...(stdin === undefined ? {} : { stdin }) });
    const ok = exitCode === 0;
    return { name, ok, found: ok ? "works" : reasonFrom(stderr, `exit code ${exitCode}`), advice: ok ? null : advice };
  }));
}
