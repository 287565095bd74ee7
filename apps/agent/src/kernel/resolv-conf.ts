import type { Stats } from "node:fs";
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SeenResolvConf } from "@vpclab/shared/plan/kernel-state";
import { markOfResolvConf } from "@vpclab/shared/plan/plan-resolv-conf";
import { ETC_NETNS_DIR, canWriteEtcNetns } from "../host/etc-netns";

const FILE = "resolv.conf";
const FILE_BYTES_MAX = 64 * 1024;

const folderOf = (namespace: string): string => join(ETC_NETNS_DIR, namespace);
/**
 * Where a folder is made, and unmade, so that under its own name it is never there without our file: one that is, is somebody
 * else's. No namespace of ours begins with a dot.
 */
const workshopOf = (namespace: string): string => join(ETC_NETNS_DIR, `.vpclab-${namespace}`);

/** What is there now. Never writes. */
export function readResolvConf(namespace: string): SeenResolvConf {
  const folder = statOf(folderOf(namespace));
  if (folder === null) return canWriteEtcNetns() ? "absent" : "closed";
  const file = folder.isDirectory() ? statOf(join(folderOf(namespace), FILE)) : null;
  if (!file?.isFile() || file.size > FILE_BYTES_MAX) return { text: "" };
  return { text: readFileSync(join(folderOf(namespace), FILE), "utf8") };
}

/** Makes the file or puts a new one in its place, in one step. Somebody else's stays. */
export function writeResolvConf(namespace: string, text: string): void {
  const workshop = workshopOf(namespace);
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true });
  // Whatever the umask: everybody's programs read it.
  for (const made of [ETC_NETNS_DIR, workshop]) if ((lstatSync(made).mode & 0o555) !== 0o555) chmodSync(made, 0o755);
  writeFileSync(join(workshop, FILE), text);
  chmodSync(join(workshop, FILE), 0o644);
  const there = readResolvConf(namespace);
  if (there === "absent") renameSync(workshop, folderOf(namespace));
  else if (isSameAgents(there, text)) renameSync(join(workshop, FILE), join(folderOf(namespace), FILE));
  rmSync(workshop, { recursive: true, force: true });
}

/** Removes the file if it carries a mark of vpclab, and its folder if nothing else is in it. */
export function removeResolvConf(namespace: string): void {
  const [folder, workshop] = [folderOf(namespace), workshopOf(namespace)];
  rmSync(workshop, { recursive: true, force: true });
  if (agentOf(readResolvConf(namespace)) === null) return;
  if (readdirSync(folder).length > 1) return unlinkSync(join(folder, FILE));
  renameSync(folder, workshop);
  rmSync(workshop, { recursive: true, force: true });
}

/** Whether a file of ours, or what a killed agent was making, stands for a name. */
export const hasResolvConf = (namespace: string): boolean =>
  agentOf(readResolvConf(namespace)) !== null || statOf(workshopOf(namespace)) !== null;

/** Names for which there are files of an agent, whether or not their namespaces are there. */
export function resolvConfsOf(agentId: string): string[] {
  return statOf(ETC_NETNS_DIR)?.isDirectory() ? readdirSync(ETC_NETNS_DIR).filter((name) => agentOf(readResolvConf(name)) === agentId) : [];
}

/** Agents of which there are files, whether or not anything else of them is left. */
export function agentsOfResolvConfs(): string[] {
  return statOf(ETC_NETNS_DIR)?.isDirectory() ? [...new Set(readdirSync(ETC_NETNS_DIR).flatMap((name) => agentOf(readResolvConf(name)) ?? []))] : [];
}

const agentOf = (seen: SeenResolvConf): string | null => (typeof seen === "object" ? (markOfResolvConf(seen.text)?.agentId ?? null) : null);

const isSameAgents = (seen: SeenResolvConf, text: string): boolean => agentOf(seen) !== null && agentOf(seen) === agentOf({ text });

/** Without following links; null where there is nothing. */
function statOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}
