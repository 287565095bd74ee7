import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCgroups } from "./find-cgroups";
import { InstanceCgroups } from "./instance-cgroups";
import { limitSentences } from "./limit-sentences";
import { ownNetnsInode } from "./netns";

const LIMITS = { pids: 40, memoryBytes: 2 ** 27, cpus: 0.5 };
let root = "";
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "vpclab-cgroups-"))));
afterEach(() => rmSync(root, { recursive: true }));

/** A group as the kernel shows it: files that are there already, because a plain file system makes none. */
function group(path: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, path);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ "cgroup.procs": "", ...files })) writeFileSync(join(folder, name), text);
  return folder;
}
const mountLine = (path: string, type: "cgroup" | "cgroup2", options = "rw"): string => `36 35 0:26 / ${path} rw,nosuid,relatime shared:9 - ${type} ${type} ${options}\n`;
const said = (path: string, name: string): string => readFileSync(join(root, path, name), "utf8");
const ALL = "cpuset cpu io memory hugetlb pids\n";

describe("control groups of version 2", () => {
  const unified = (): string => mountLine(root, "cgroup2", "rw,nsdelegate");

  it("are used below the machine's own where it hands its controllers on, and left alone where not", () => {
    group("", { "cgroup.controllers": ALL, "cgroup.subtree_control": "memory pids\n", "cgroup.procs": "1\n2\n" });
    const found = findCgroups(unified());
    expect(found.tops).toEqual([{ path: root, version: 2, controllers: ["pids", "memory"], inhabitants: [] }]);
    expect(limitSentences(found)).toEqual([
      `Limits of each instance: processes and memory by control groups (version 2) below ${root}.`,
      `Nothing limits the processors' time: cpu is not enabled below ${root}.`,
    ]);
  });

  it("are those that systemd leaves to agents, where it does: whoever is in it moves to a leaf", () => {
    group("", { "cgroup.controllers": ALL, "cgroup.subtree_control": "memory pids\n" });
    const unit = "system.slice/vpclab-instances.service";
    const ours = `${unit}/vpclab-${ownNetnsInode()}-agent-1`;
    group(unit, { "cgroup.controllers": "cpu memory pids\n", "cgroup.subtree_control": "\n", "cgroup.type": "domain\n", "cgroup.procs": "4711\n" });
    group(`${unit}/keeper`);
    group(ours, { "cgroup.subtree_control": "\n" });
    group(`${ours}/instance-web`, { "pids.max": "\n", "memory.max": "\n", "memory.swap.max": "\n", "cpu.max": "\n" });
    const cgroups = new InstanceCgroups("agent-1", findCgroups(unified()));
    expect(cgroups.found.missing).toEqual([]);
    expect(cgroups.prepare("web", LIMITS)).toEqual([join(root, ours, "instance-web/cgroup.procs")]);
    expect(said(`${unit}/keeper`, "cgroup.procs")).toBe("4711");
    for (const path of [unit, ours]) expect(said(path, "cgroup.subtree_control")).toBe("+pids +memory +cpu");
    expect(["pids.max", "memory.max", "memory.swap.max", "cpu.max"].map((name) => said(`${ours}/instance-web`, name).trim())).toEqual(["40", "134217728", "0", "50000 100000"]);
  });

  it("of a container are its own only while nobody else is in them", () => {
    const files = { "cgroup.controllers": ALL, "cgroup.subtree_control": "", "cgroup.type": "domain\n" };
    group("", { ...files, "cgroup.procs": `${process.pid}\n` });
    expect(findCgroups(unified()).tops).toEqual([{ path: root, version: 2, controllers: ["pids", "memory", "cpu"], inhabitants: [process.pid] }]);
    group("", { ...files, "cgroup.procs": `${process.pid}\n${process.ppid}\n` });
    expect(findCgroups(unified())).toMatchObject({ tops: [], missing: [{ controller: "pids", reason: `other processes are in ${root}` }, { controller: "memory" }, { controller: "cpu" }] });
  });
});

describe("control groups of version 1", () => {
  it("are found controller by controller, beside a unified hierarchy that has none of them", () => {
    group("unified", { "cgroup.controllers": "hugetlb\n", "cgroup.subtree_control": "" });
    group("pids");
    group("cpu,cpuacct");
    const found = findCgroups(mountLine(join(root, "unified"), "cgroup2") + mountLine(join(root, "pids"), "cgroup", "rw,pids") + mountLine(join(root, "cpu,cpuacct"), "cgroup", "rw,cpu,cpuacct"));
    expect(found.tops).toEqual([
      { path: join(root, "pids"), version: 1, controllers: ["pids"], inhabitants: [] }, { path: join(root, "cpu,cpuacct"), version: 1, controllers: ["cpu"], inhabitants: [] },
    ]);
    expect(limitSentences(found)[1]).toBe(`Memory is limited for each process only, not for an instance as a whole: ${root}/unified has no controller memory.`);
  });
});

describe("where there are none", () => {
  it("every limit that is missing is named with its reason", () => {
    const found = findCgroups("21 1 8:1 / / rw - ext4 /dev/root rw\n");
    expect(found.tops).toEqual([]);
    expect(new InstanceCgroups("agent-1", found).prepare("web", LIMITS)).toEqual([]);
    expect(limitSentences(found)).toEqual([
      "Processes are limited by user only: no control groups are mounted.",
      "Memory is limited for each process only, not for an instance as a whole: no control groups are mounted.",
      "Nothing limits the processors' time: no control groups are mounted.",
    ]);
  });
});
