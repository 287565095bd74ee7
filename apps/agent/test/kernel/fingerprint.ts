import { readFileSync, readdirSync } from "node:fs";
import { cgroupsOnThisHost } from "../../src/host/instance-cgroups";
import { listNetnsNames, lookUpNetns, ownNetnsInode } from "../../src/host/netns";
import { netnsInodeOf } from "../../src/host/processes";
import type { Lab } from "./lab";

export interface Fingerprint {
  /** Names and inodes under /run/netns. */
  readonly namespaces: readonly string[];
  /** Inodes of network namespaces in which a process lives, by name or not. */
  readonly inhabited: readonly number[];
  readonly links: readonly string[];
  readonly tables: readonly string[];
  readonly sysctls: readonly string[];
  readonly processes: number;
  readonly mounts: readonly string[];
  readonly files: readonly string[];
  readonly cgroups: readonly string[];
}

/** Everything that vpclab could leave behind, for comparing before and after. */
export async function fingerprint(lab: Lab): Promise<Fingerprint> {
  const names = listNetnsNames().sort();
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).map(Number);
  const look = async (...argv: [string, ...string[]]) =>
    Promise.all(names.map(async (name) => `${name}: ${(await lab.inside(name, ...argv)).stdout}`));
  return {
    namespaces: names.map((name) => `${name} ${lookUpNetns(name)}`),
    inhabited: [...new Set(pids.flatMap((pid) => netnsInodeOf(pid) ?? []))].filter((inode) => inode !== ownNetnsInode()).sort(),
    // Without the second column: whether the other end is up yet is the kernel's business.
    links: (await look("ip", "-br", "address")).map((text) => text.replace(/^(\S+(?: lo)?) +[A-Z]+ +/gm, "$1 ")),
    tables: await look("nft", "list", "ruleset"),
    sysctls: await look("sysctl", "-a", "-r", "^net\\.ipv[46]\\.(conf|ip_forward)"),
    processes: pids.filter((pid) => netnsInodeOf(pid) !== null).length,
    mounts: readFileSync("/proc/self/mountinfo", "utf8").split("\n").filter((line) => line.includes("/run")),
    files: readdirSync("/run", { recursive: true }).map(String).sort(),
    cgroups: cgroupsOnThisHost().sort(),
  };
}
