import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { inside, namespaces, run } from "../vpcctl";

export interface MachinePicture {
  /** Names and inodes under /run/netns: one that is deleted and made again has another inode. */
  readonly namespaces: readonly string[];
  /** Addresses, routes and rules in each of them and on the host. */
  readonly networks: readonly string[];
  /** Processes that live in another network namespace than this test. */
  readonly processes: readonly string[];
  /** Files of /etc/netns with what is in them. */
  readonly resolvConfs: readonly string[];
  /** Without /run/netns itself: whoever makes the first namespace of a machine makes it a mount, which stays, as iproute2's does. */
  readonly mounts: readonly string[];
  /** Switches of the host that routers turn. */
  readonly sysctls: string;
}

const LOOK = "ip -br address; ip route show table all; ip rule; nft list ruleset";
const SYSCTLS = ["-a", "-r", "^net\\.(ipv4\\.ip_forward|ipv[46]\\.conf\\.(all|default|lo|up0)\\.(forwarding|rp_filter|send_redirects|accept_redirects)|bridge\\.)"];

/** All that vpcctl could leave on this machine or change of others, for comparing before and after. */
export async function machinePicture(): Promise<MachinePicture> {
  const names = namespaces();
  const networks = await Promise.all(names.map(async (name) => `${name}: ${stable((await inside(name, "sh", "-c", LOOK)).stdout)}`));
  return {
    namespaces: names.map((name) => `${name} ${statSync(`/run/netns/${name}`).ino}`),
    networks: [`host: ${stable((await run("sh", ["-c", LOOK])).stdout)}`, ...networks],
    processes: processesElsewhere(),
    resolvConfs: filesIn("/etc/netns"),
    mounts: readFileSync("/proc/self/mountinfo", "utf8").split("\n").flatMap((line) => / (\/run\S*) /.exec(line)?.[1] ?? []).filter((path) => path !== "/run/netns"),
    sysctls: (await run("sysctl", SYSCTLS)).stdout,
  };
}

/** Whether the other end of a veth is up yet, its IPv6 address, which comes a moment later, and counters are the kernel's business. */
const stable = (text: string): string =>
  text.split("\n").filter((line) => line !== "" && !/^(local |multicast |anycast )?(fe80::|ff00::|::1)/.test(line)).map((line) =>
    line.replace(/^(\S+(?: lo)?) +(UP|DOWN|UNKNOWN|LOWERLAYERDOWN) +/, "$1 ").replace(/ (fe80::\S+|::1\/128)/g, "").replace(/packets \d+ bytes \d+| linkdown| proto boot/g, "").trimEnd()).join("\n");

export function processesElsewhere(): string[] {
  const mine = readlinkSync("/proc/self/ns/net");
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).flatMap((pid) => {
    try {
      const netns = readlinkSync(`/proc/${pid}/ns/net`);
      return netns === mine ? [] : [`${netns} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()}`];
    } catch {
      return [];
    }
  }).sort();
}

/** What a state directory remembers; its lock, and what is noted of refusals, may change. */
export const rememberedIn = (stateDir: string): string[] => filesIn(stateDir).filter((file) => !/^(lock|activity\.jsonl) /.test(file));

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).map(String).sort().flatMap((name) => {
    const path = join(folder, name);
    if (!lstatSync(path).isFile()) return [];
    return [`${name} ${createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 12)}`];
  });
}
