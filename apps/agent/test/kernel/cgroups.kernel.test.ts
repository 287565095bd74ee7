import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Controller, InstanceLimits } from "../../src/host/cgroup-limits";
import { LIMIT_FILES } from "../../src/host/cgroup-limits";
import { findCgroups } from "../../src/host/find-cgroups";
import { cgroupsOnThisHost, InstanceCgroups } from "../../src/host/instance-cgroups";
import { limitSentences } from "../../src/host/limit-sentences";
import { lookUpNetns } from "../../src/host/netns";
import { argumentsOf, endProcesses, processesByNetns } from "../../src/host/processes";
import { Lab } from "./lab";

const MEBIBYTE = 2 ** 20;
const HERE = "vpc1-private";
const LIMITS: InstanceLimits = { pids: 40, memoryBytes: 128 * MEBIBYTE, cpus: 0.25 };
const lab = new Lab();
const found = findCgroups();
const cgroups = new InstanceCgroups("cgroup-test", found);
/** Without limits by user, which would stop the same programs earlier. */
const confinement = lab.newConfinement({ limits: LIMITS, cgroups, idMaps: { uids: [], gids: [] } });
/** Of the machine's own groups, a path for each controller that is there. */
const groupOf = (controller: Controller): string | undefined => {
  const top = found.tops.find(({ controllers }) => controllers.includes(controller));
  return top && cgroupsOnThisHost({ ...found, tops: [top] }).find((path) => path.includes("cgroup-test/instance-"));
};
const inodeOf = (name: string): number => Number(lookUpNetns(name));
const own = (): number[] => (processesByNetns(new Set([inodeOf(HERE)])).get(inodeOf(HERE)) ?? []).filter((pid) => argumentsOf(pid)[0]?.endsWith("perl"));
const perl = (script: string): readonly [string, ...string[]] => ["perl", "-e", script];
const run = (script: string, timeoutMs = 60_000) => confinement.run({ netns: HERE, argv: perl(script) }, timeoutMs);
const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
const held = (controller: Controller): boolean => found.tops.some(({ controllers }) => controllers.includes(controller));

beforeAll(async () => {
  await lab.sandbox.ensure();
  const doc = twoVpcLab();
  expect(await lab.apply({ ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) })).toEqual([]);
  console.info(limitSentences(found).join(" "));
});
afterAll(() => lab.removeAll());

describe("where the host has control groups, an instance as a whole", () => {
  it("has each limit that the host has, and says which it has not", async () => {
    await run("1");
    for (const controller of ["pids", "memory", "cpu"] as const) {
      const top = found.tops.find(({ controllers }) => controllers.includes(controller));
      const missing = found.missing.find((one) => one.controller === controller);
      expect([top, missing].filter(Boolean), controller).toHaveLength(1);
      if (!top) continue;
      for (const { name, value, optional } of new Map(LIMIT_FILES[top.version][controller].map((file) => [file.name, file])).values()) {
        const file = join(groupOf(controller) ?? "", name);
        if (!optional || existsSync(file)) expect(readFileSync(file, "utf8").trim(), file).toBe(value(LIMITS));
      }
    }
  });

  it("gets other limits when the policy says others, larger and smaller ones", () => {
    for (const memoryBytes of [512 * MEBIBYTE, 256 * MEBIBYTE, LIMITS.memoryBytes]) expect(cgroups.prepare(HERE, { ...LIMITS, memoryBytes })).toHaveLength(found.tops.length);
  });

  it("has all of its programs inside before they run: none of what they start is outside", async () => {
    // What a program starts with its very first instruction.
    const child = await confinement.start({ netns: HERE, argv: perl("BEGIN { fork; fork } sleep 60") });
    await vi.waitUntil(() => own().length === 4, { timeout: 20_000, interval: 5 });
    const pids = own();
    for (const { path } of found.tops) {
      const groups = cgroupsOnThisHost({ ...found, tops: found.tops.filter((top) => top.path === path) });
      const inside = readFileSync(join(groups.find((group) => group.endsWith(`cgroup-test/instance-${HERE}`)) ?? "", "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
      expect(inside.sort()).toEqual([...pids].sort());
    }
    child.kill();
    await endProcesses(pids);
  });

  it("stops at its number of processes, although nothing limits its user, and a neighbour goes on", async () => {
    // Bounded by itself: without a limit it would be 120.
    const child = await confinement.start({ netns: HERE, argv: perl("for (1 .. 120) { my $p = fork; if (defined $p && !$p) { sleep 60; exit } } sleep 60") });
    const most = held("pids") ? LIMITS.pids : 121;
    await vi.waitUntil(() => own().length >= most, { timeout: 30_000, interval: 10 });
    expect(await lab.pings("vpc1-public", "10.0.1.1")).toBe(true);
    expect((await lab.confinement.run({ netns: "vpc1-public", argv: ["true"] }, 20_000)).exitCode).toBe(0);
    expect(own().length).toBe(most);
    console.info(`fork bomb of 120: ${own().length} processes, ${held("pids") ? `limit ${LIMITS.pids}` : "this host has no limit for them"}`);
    child.kill();
    await endProcesses(own());
  }, 90_000);

  it("stops at its memory, however many processes share it", async () => {
    // Four times 60 MiB, each below what a process may have; bounded by that and by its time.
    const script = "for (1 .. 4) { unless (fork) { my $d = 'x' x (60 << 20); sleep 5; exit } } my $killed = 0; while (wait > 0) { $killed++ if $? & 127 } print $killed";
    const { exitCode, stdout } = await run(script);
    expect(exitCode).toBe(0);
    console.info(`4 × 60 MiB in an instance of 128 MiB: ${stdout} killed; ${held("memory") ? "by its control group" : "this host has no limit for them together"}`);
    if (held("memory")) expect(Number(stdout)).toBeGreaterThan(0);
    else expect(stdout).toBe("0");
    expect(await lab.pings("vpc1-public", "10.0.1.1")).toBe(true);
  }, 90_000);

  it("gets no more of the processors than its share, with two programs that want all", async () => {
    const cpus = 0.05;
    const script = "my $p = fork; my $end = time + 3; 1 while time < $end; if ($p) { wait; my @t = times; printf '%.2f', $t[0] + $t[1] + $t[2] + $t[3] }";
    const { stdout } = await lab.newConfinement({ limits: { ...LIMITS, cpus }, cgroups }).run({ netns: HERE, argv: perl(script) }, 60_000);
    const group = groupOf("cpu");
    const heldBack = group === undefined ? 0 : Number(/^nr_throttled (\d+)$/m.exec(readFileSync(join(group, "cpu.stat"), "utf8"))?.[1]);
    console.info(`two busy programs for 3 s: ${stdout} s of processor, ${group === undefined ? "this host has no limit for them" : `limit ${cpus}, held back ${heldBack} times`}`);
    expect(Number(stdout)).toBeGreaterThan(0);
    if (group === undefined) return;
    // A share of 4 s at most, and a period of slack for each. On a busy machine they might get no more anyway, so the kernel is asked, too.
    expect(Number(stdout)).toBeLessThan(4 * cpus + 0.2);
    expect(heldBack).toBeGreaterThan(0);
  }, 90_000);

  it("cannot leave its group, raise its limits or find them", async () => {
    const script = `my @p = qw(/sys /sys/fs/cgroup /proc/self/cgroup ${found.tops.map(({ path }) => `${path}/cgroup.procs`).join(" ")}); print join ' ', grep { -e $_ } @p`;
    expect((await run(script)).stdout).toBe("");
  });
});

describe("the unified hierarchy", () => {
  const mounted = /^\S+ \S+ \S+ \S+ (\S+) (\S+) .*- cgroup2 /m.exec(readFileSync("/proc/self/mountinfo", "utf8"))?.[1];
  const path = mounted === undefined ? null : join(mounted, `vpclab-test-${process.pid}`);
  const canBeMade = path !== null && isWritable(dirname(path));

  it("takes programs in by the same file, whatever controllers it has", async () => {
    // Rootless, in containers: the groups of the machine are to be looked at only, and nothing above was held by them.
    if (!canBeMade) return expect(found.tops.filter(({ version }) => version === 2)).toEqual([]);
    mkdirSync(path);
    try {
      const unified = new InstanceCgroups("cgroup-test", { tops: [{ path, version: 2, controllers: [], inhabitants: [] }], missing: [] });
      const child = await lab.newConfinement({ cgroups: unified }).start({ netns: HERE, argv: perl("BEGIN { fork } sleep 60") });
      await vi.waitUntil(() => own().length === 2, { timeout: 20_000, interval: 5 });
      for (const pid of own()) expect(readFileSync(`/proc/${pid}/cgroup`, "utf8")).toMatch(new RegExp(`^0::.*/vpclab-test-${process.pid}/vpclab-\\d+-cgroup-test/instance-${HERE}$`, "m"));
      const pids = own();
      child.kill();
      await endProcesses(pids);
      await unified.remove([HERE]);
    } finally {
      rmdirSync(path);
    }
  });
});

describe("a program that cannot enter its group", () => {
  it("does not run", async () => {
    const folder = mkdtempSync("/run/no-cgroup-");
    const broken = new InstanceCgroups("cgroup-test", { tops: [{ path: folder, version: 1, controllers: [], inhabitants: [] }], missing: [] });
    await expect(lab.newConfinement({ cgroups: broken }).start({ netns: HERE, argv: perl("fork; sleep 60") })).rejects.toThrow("cgroup.procs");
    await vi.waitUntil(() => (processesByNetns(new Set([inodeOf(HERE)])).get(inodeOf(HERE)) ?? []).length === 0, { timeout: 20_000, interval: 5 });
    rmSync(folder, { recursive: true });
  });
});
describe("groups of instances", () => {
  it("are another agent's own, also for an instance of the same name", async () => {
    const other = new InstanceCgroups("another-agent", found);
    other.prepare("left-over", LIMITS);
    other.prepare(HERE, LIMITS);
    cgroups.removeLeftovers([]);
    expect(cgroupsOnThisHost().filter((path) => path.includes("another-agent/"))).toHaveLength(2 * found.tops.length);
    await other.remove([HERE]);
    // As after a crash: the instance is gone, its group is not.
    other.removeLeftovers();
    expect(cgroupsOnThisHost().filter((path) => path.includes("another-agent"))).toEqual([]);
  });

  it("stay while something lives in them, and go then", async () => {
    const child = await confinement.start({ netns: HERE, argv: perl("sleep 60") });
    await vi.waitUntil(() => own().length === 1, { timeout: 20_000, interval: 5 });
    cgroups.removeLeftovers([]);
    expect(cgroupsOnThisHost().filter((path) => path.endsWith(`cgroup-test/instance-${HERE}`))).toHaveLength(found.tops.length);
    child.kill();
    await cgroups.remove([HERE]);
    expect(cgroupsOnThisHost().filter((path) => path.includes("cgroup-test"))).toEqual([]);
  });

  it("are none after twenty times of apply and remove", async () => {
    const doc = twoVpcLab();
    for (let count = 0; count < 20; count++) {
      expect(await lab.apply(doc)).toEqual([]);
      if (found.tops.length > 0) expect(cgroupsOnThisHost().length).toBeGreaterThan(0);
      expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
      expect(cgroupsOnThisHost().filter((path) => !path.includes("vpclab.") && path.includes("instance-"))).toEqual([]);
    }
    await lab.sandbox.remove();
    expect(cgroupsOnThisHost()).toEqual([]);
    await lab.sandbox.ensure();
  }, 300_000);
});
