import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** What an apply could leave behind, counted by inode and not by name: a deleted name may hide a living namespace. */
export interface Fingerprint {
  readonly namespaces: readonly string[];
  readonly links: readonly string[];
  readonly tables: readonly string[];
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly addressesAndRoutes: readonly string[];
}

/** Everything of this machine (in tests: of these private namespaces) and of the sandbox's host. */
export function takeFingerprint(): Fingerprint {
  const home = readlinkSync("/proc/self/ns/net");
  return {
    namespaces: unique([...namedNamespaces().map(({ name, inode }) => `${name} net:[${inode}]`), ...processes().map((process) => process.netns)]),
    links: inEach((prefix) => lines("ip", [...prefix, "-o", "link", "show"]).map((line) => line.split(":")[1]?.trim() ?? "")),
    tables: inEach((prefix) => lines(...nft(prefix, ["list", "tables"]))),
    processes: unique(processes().filter(({ netns }) => netns !== home).map(({ netns, name }) => `${netns} ${name}`)),
    mounts: readFileSync("/proc/self/mountinfo", "utf8").split("\n").filter((line) => line.includes(" nsfs ") || line.includes("/run/netns")).map((line) => line.split(" ")[4] ?? "").sort(),
    addressesAndRoutes: inEach((prefix) => [...lines("ip", [...prefix, "-o", "address", "show"]), ...lines("ip", [...prefix, "rule", "show"]), ...lines("ip", [...prefix, "route", "show", "table", "all"])]),
  };
}

const HOST = "vpclab.host";

/** The same question of the namespace we are in and of the one that plays the host. */
function inEach(ask: (ipPrefix: string[]) => string[]): string[] {
  const places = namedNamespaces().some(({ name }) => name === HOST) ? [[], ["-n", HOST]] : [[]];
  return places.flatMap((prefix) => ask(prefix).map((answer) => `${prefix[1] ?? "here"}: ${answer}`)).sort();
}

const nft = (prefix: string[], args: string[]): [string, string[]] =>
  prefix[1] ? ["nsenter", [`--net=/run/netns/${prefix[1]}`, "nft", ...args]] : ["nft", args];

const lines = (file: string, args: string[]): string[] =>
  execFileSync(file, args, { encoding: "utf8" }).split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter((line) => line !== "");

function namedNamespaces(): { name: string; inode: number }[] {
  const names = ((): string[] => {
    try {
      return readdirSync("/run/netns");
    } catch {
      return [];
    }
  })();
  return names.map((name) => ({ name, inode: statSync(`/run/netns/${name}`).ino })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Processes that live now; one that ends while we look is left out. */
function processes(): { netns: string; name: string }[] {
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).flatMap((pid) => {
    try {
      return [{ netns: readlinkSync(`/proc/${pid}/ns/net`), name: readFileSync(`/proc/${pid}/comm`, "utf8").trim() }];
    } catch {
      return [];
    }
  });
}

const unique = (items: readonly string[]): string[] => [...new Set(items)].sort();
