import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { InstanceLimits } from "./cgroup-limits";
import { CONTROLLERS, LIMIT_FILES } from "./cgroup-limits";
import type { CgroupTop, FoundCgroups } from "./find-cgroups";
import { findCgroups } from "./find-cgroups";
import { listNetnsNames, ownNetnsInode } from "./netns";

/** Names of a control group's own files have a dot where ours have a dash. */
const INSTANCE = "instance-";
const OURS = "vpclab-";
/** For the one process that stands for the group, or is the agent (version 2). */
const KEEPER = "keeper";
const EMPTY_POLL_MS = 5;
const EMPTY_TIMEOUT_MS = 5_000;

/** An agent's groups. The host's own network namespace stands in the name, because names of instances are of one /run/netns. */
const groupName = (agentId: string): string => `${OURS}${ownNetnsInode()}-${encodeURIComponent(agentId)}`;

/** Paths of all groups that agents of this host have made. */
export const cgroupsOnThisHost = ({ tops }: FoundCgroups = findCgroups()): string[] => {
  const groups = tops.flatMap(({ path }) => foldersIn(path).filter((name) => name.startsWith(groupName(""))).map((name) => join(path, name)));
  return groups.flatMap((group) => [group, ...foldersIn(group).map((name) => join(group, name))]);
};

/** Agents that have groups on this host. */
export const agentsOfCgroups = (found: FoundCgroups = findCgroups()): string[] => {
  const prefix = groupName("");
  const names = cgroupsOnThisHost(found).map((path) => basename(path)).filter((name) => name.startsWith(prefix));
  return [...new Set(names.map((name) => decodeURIComponent(name.slice(prefix.length))))];
};

/**
 * Control groups of one agent, one for each instance that a program was started in. They hold what setrlimit(2) cannot: the memory of an
 * instance as a whole, its processors, and its processes where it shares a user with others. They are named by network namespaces,
 * and go with them.
 */
export class InstanceCgroups {
  readonly #group: string;

  constructor(agentId: string, readonly found: FoundCgroups = findCgroups()) {
    this.#group = groupName(agentId);
  }

  /** Makes the groups of an instance, or brings their limits up to date. Answers with the files by which a process enters them. */
  prepare(netns: string, limits: InstanceLimits): string[] {
    return this.found.tops.map((top) => {
      const group = join(top.path, this.#group);
      const own = join(group, INSTANCE + netns);
      if (top.version === 2) handOn(top, group);
      mkdirSync(own, { recursive: true });
      for (const { name, value, optional } of CONTROLLERS.filter((controller) => top.controllers.includes(controller)).flatMap((controller) => LIMIT_FILES[top.version][controller])) {
        if (!optional || existsSync(join(own, name))) write(join(own, name), value(limits));
      }
      return join(own, "cgroup.procs");
    });
  }

  /** Of namespaces whose processes have ended. Throws KERNEL_REFUSED when a group does not become empty. */
  async remove(namespaces: readonly string[]): Promise<void> {
    const deadline = performance.now() + EMPTY_TIMEOUT_MS;
    for (const folder of this.found.tops.flatMap(({ path }) => namespaces.map((netns) => join(path, this.#group, INSTANCE + netns)))) {
      // A process leaves its namespaces shortly before its group.
      while (!removeFolder(folder)) {
        if (performance.now() > deadline) throw new AppError("KERNEL_REFUSED", `The control group ${folder} cannot be removed: something is still in it`);
        await new Promise((resolve) => setTimeout(resolve, EMPTY_POLL_MS));
      }
    }
    this.#removeGroups();
  }

  /** What is left of instances that are gone, after a crash. Leaves alone what still has a process. */
  removeLeftovers(names: readonly string[] = listNetnsNames()): void {
    for (const { path } of this.found.tops) {
      const group = join(path, this.#group);
      const gone = foldersIn(group).filter((folder) => folder.startsWith(INSTANCE) && !names.includes(folder.slice(INSTANCE.length)));
      for (const folder of gone) removeFolder(join(group, folder));
    }
    this.#removeGroups();
  }

  #removeGroups(): void {
    for (const { path } of this.found.tops) removeFolder(join(path, this.#group));
  }
}

/** Version 2: controllers go down level by level, and not past a process. */
function handOn(top: CgroupTop, group: string): void {
  if (top.inhabitants.length > 0) {
    const keeper = join(top.path, KEEPER);
    mkdirSync(keeper, { recursive: true });
    for (const pid of readFileSync(join(top.path, "cgroup.procs"), "utf8").split("\n").filter((text) => text !== "")) write(join(keeper, "cgroup.procs"), pid);
  }
  mkdirSync(group, { recursive: true });
  for (const folder of [top.path, group]) {
    const enabled = readFileSync(join(folder, "cgroup.subtree_control"), "utf8").split(/\s+/);
    const wanted = top.controllers.filter((controller) => !enabled.includes(controller));
    if (wanted.length > 0) write(join(folder, "cgroup.subtree_control"), wanted.map((controller) => `+${controller}`).join(" "));
  }
}

/** One write(2), as the kernel takes a setting. */
const write = (path: string, text: string): void => writeFileSync(path, text, { flag: "r+" });

/** False when it is not empty. */
function removeFolder(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "EBUSY" || code === "ENOTEMPTY") return false;
    throw error;
  }
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
