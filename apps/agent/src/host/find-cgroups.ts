import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CgroupVersion, Controller } from "./cgroup-limits";
import { CONTROLLERS } from "./cgroup-limits";

/** A control group that the agent may make others in, and what they can limit. */
export interface CgroupTop {
  readonly path: string;
  readonly version: CgroupVersion;
  readonly controllers: readonly Controller[];
  /** Version 2: whoever is in it has to move into a group below, before groups below can have limits. */
  readonly inhabitants: readonly number[];
}

export interface MissingController {
  readonly controller: Controller;
  readonly reason: string;
  readonly advice: string;
}

/** Where this machine has control groups for us, and what holds us off the others. */
export interface FoundCgroups {
  readonly tops: readonly CgroupTop[];
  readonly missing: readonly MissingController[];
}

/** deploy/systemd/: it stands for the control group that systemd leaves to agents. */
const UNIT_GROUP = "system.slice/vpclab-instances.service";

interface Mounted {
  readonly point: string;
  readonly version: CgroupVersion;
  /** Version 1: the controllers of this hierarchy among them. */
  readonly options: readonly string[];
}

type Verdict = { readonly top: Omit<CgroupTop, "controllers"> } | { readonly reason: string; readonly advice: string };

/**
 * Looks and changes nothing. `mountinfo`: text of /proc/self/mountinfo (proc(5)). Not below the agent's own control group: what
 * runs in instances outlives the agent, and systemd cannot start a unit again in whose group others are left (systemd issue 24064);
 * and vpcctl works with the same instances from wherever it is called.
 */
export function findCgroups(mountinfo: string = readFileSync("/proc/self/mountinfo", "utf8")): FoundCgroups {
  const mounts = mountinfo.split("\n").flatMap((line) => cgroupMount(line) ?? []);
  const verdicts = CONTROLLERS.map((controller) => ({ controller, verdict: judge(controller, mounts) }));
  const tops = new Map<string, CgroupTop>();
  for (const { controller, verdict } of verdicts) {
    if (!("top" in verdict)) continue;
    const before = tops.get(verdict.top.path);
    const inhabitants = before?.inhabitants.length ? before.inhabitants : verdict.top.inhabitants;
    tops.set(verdict.top.path, { ...verdict.top, inhabitants, controllers: [...(before?.controllers ?? []), controller] });
  }
  return { tops: [...tops.values()], missing: verdicts.flatMap(({ controller, verdict }) => ("top" in verdict ? [] : [{ controller, ...verdict }])) };
}

/** `36 35 98:0 /root /point rw,noatime master:1 - cgroup cgroup rw,memory` */
function cgroupMount(line: string): Mounted | null {
  const [place = "", system = ""] = line.split(" - ");
  const [, , , , point = ""] = place.split(" ");
  const [type, , options = ""] = system.split(" ");
  if (type !== "cgroup" && type !== "cgroup2") return null;
  return { point: point.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))), version: type === "cgroup" ? 1 : 2, options: options.split(",") };
}

function judge(controller: Controller, mounts: readonly Mounted[]): Verdict {
  const own = mounts.find(({ version, options }) => version === 1 && options.includes(controller)) ?? mounts.find(({ version }) => version === 2);
  if (!own) return { reason: "no control groups are mounted", advice: "Run the agent where /sys/fs/cgroup is mounted." };
  const { version } = own;
  const unit = join(own.point, UNIT_GROUP);
  const isUnit = existsSync(unit);
  const path = isUnit ? unit : own.point;
  const inhabitants = version === 1 ? [] : wordsOf(path, "cgroup.procs").map(Number);
  const problem = version === 1 ? null : problemOfUnified(controller, { path, isUnit, inhabitants });
  if (problem) return problem;
  if (!isWritable(path)) return { reason: `${path} cannot be written`, advice: "Run the agent as root on the host itself: containers and user namespaces have control groups to look at only." };
  return { top: { path, version, inhabitants: hasLimitsBelow(controller, path) ? [] : inhabitants } };
}

/** cgroup-v2.rst: “Top-down Constraint” and “No Internal Process Constraint”. */
function problemOfUnified(controller: Controller, { path, isUnit, inhabitants }: { path: string; isUnit: boolean; inhabitants: readonly number[] }): Verdict | null {
  if (!wordsOf(path, "cgroup.controllers").includes(controller)) {
    return { reason: `${path} has no controller ${controller}`, advice: isUnit ? "Let deploy/systemd/vpclab-instances.service have it: Delegate=pids memory cpu" : "The kernel lacks it, or another hierarchy has it." };
  }
  if (hasLimitsBelow(controller, path)) return null;
  // The machine's own: what its groups may limit is the business of systemd, or of whoever is in its place.
  if (!existsSync(join(path, "cgroup.type"))) {
    return { reason: `${controller} is not enabled below ${path}`, advice: `Start deploy/systemd/vpclab-instances.service, or without systemd: echo +${controller} > ${path}/cgroup.subtree_control` };
  }
  if (isUnit || inhabitants.every((pid) => pid === process.pid)) return null;
  return { reason: `other processes are in ${path}`, advice: "Start the agent in a control group that holds nothing else." };
}

const hasLimitsBelow = (controller: Controller, path: string): boolean => wordsOf(path, "cgroup.subtree_control").includes(controller);

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Of a file that may be missing. */
function wordsOf(path: string, name: string): string[] {
  try {
    return readFileSync(join(path, name), "utf8").split(/\s+/).filter((word) => word !== "");
  } catch {
    return [];
  }
}
