import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { isMapped } from "../../src/host/id-maps";
import { InstanceCgroups } from "../../src/host/instance-cgroups";
import { listNetnsNames, lookUpNetns } from "../../src/host/netns";
import { argumentsOf, endProcesses, processesByNetns } from "../../src/host/processes";
import { FIRST_WORKLOAD_USER, workloadUser } from "../../src/host/workload-user";
import { BUILT_IN_POLICY } from "../../src/policy/policy";
import { measure } from "../../src/probes/measure";
import { mixedLab } from "./mixed-lab";
import { idMaps, Lab } from "./lab";

const lab = new Lab();
const doc = mixedLab();
const served: Topology = { ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: { port: 80 } })) };
const OWN_USER = isMapped(idMaps.uids, FIRST_WORKLOAD_USER);
const { pids, memoryBytes } = BUILT_IN_POLICY.rules.perInstance;

beforeAll(async () => {
  await lab.sandbox.ensure();
  expect(await lab.apply(served)).toEqual([]);
});
afterAll(() => lab.removeAll());

const inodeOf = (name: string): number => Number(lookUpNetns(name));
const inhabitants = (): [number, number][] =>
  [...processesByNetns(new Set(listNetnsNames().map(inodeOf)))].flatMap(([inode, found]) => found.map((pid): [number, number] => [inode, pid]));
const status = (pid: number): Record<string, string> => Object.fromEntries(readFileSync(`/proc/${pid}/status`, "utf8").split("\n").map((line) => line.split(":\t") as [string, string]));
const links = (pid: number) => Object.fromEntries(readdirSync(`/proc/${pid}/fd`).map((fd) => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)]));
const namespacesOf = (pid: number | "self") => Object.fromEntries(["mnt", "pid", "ipc", "uts", "cgroup", "net"].map((kind) => [kind, readlinkSync(`/proc/${pid}/ns/${kind}`)]));
const NOTHING = "0000000000000000";

describe("as the host sees them, all processes in namespaces of instances", () => {
  it("have a user that no other namespace has, no right, no descriptor, no environment and no namespace of the agent", async () => {
    const probing = measure(lab, { namespace: "vpc1-public", sourceAddress: "", targetAddress: "10.0.2.2", kind: "ping", port: null });
    const seen = await vi.waitUntil(() => {
      const found = inhabitants();
      return found.some(([, pid]) => argumentsOf(pid)[0] === "/usr/bin/ping") && found;
    }, { timeout: 20_000, interval: 5 });
    const said = seen.flatMap(([inode, pid]) => {
      try {
        return [{ inode, kind: argumentsOf(pid)[0], ...status(pid), fds: links(pid), environment: readFileSync(`/proc/${pid}/environ`, "utf8"), namespaces: namespacesOf(pid) }];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
    await probing;
    expect(new Set(said.map(({ kind }) => kind))).toContain("/usr/sbin/dnsmasq");
    expect(said.length).toBeGreaterThanOrEqual(served.instances.length + served.vpcs.length);
    for (const process of said) {
      const { id } = workloadUser(process.inode, idMaps);
      expect(process).toMatchObject({
        Uid: Array(4).fill(id ?? 0).join("\t"), Gid: Array(4).fill(id ?? 0).join("\t"),
        NoNewPrivs: "1", Seccomp: "2", CapInh: NOTHING, CapPrm: NOTHING, CapEff: NOTHING, CapBnd: NOTHING, CapAmb: NOTHING,
        environment: "PATH=/usr/sbin:/usr/bin:/sbin:/bin\0LC_ALL=C\0",
      });
      if (OWN_USER) expect(process).toMatchObject({ Groups: " " });
      expect(Object.keys(process.fds).slice(0, 3)).toEqual(["0", "1", "2"]);
      // What it opened itself: sockets and the like, no file of the machine.
      expect(Object.values(process.fds).slice(3).filter((to) => !/^(socket|pipe):|^anon_inode:|^\/dev\/null$/.test(to))).toEqual([]);
      for (const [kind, ns] of Object.entries(namespacesOf("self"))) expect(process.namespaces[kind], kind).not.toBe(ns);
    }
    const users = new Set(said.map(({ inode }) => workloadUser(inode, idMaps).id));
    if (OWN_USER) expect(users.size).toBe(new Set(said.map(({ inode }) => inode)).size);
  }, 60_000);
});

describe("a program that takes what it can get", () => {
  const own = (name: string): number[] => (processesByNetns(new Set([inodeOf(name)])).get(inodeOf(name)) ?? []).filter((pid) => argumentsOf(pid)[0]?.endsWith("perl"));
  const start = (script: string) => lab.confinement.start({ netns: "vpc1-public", argv: ["perl", "-e", script] });
  afterEach(() => endProcesses(own("vpc1-public")));

  // The kernel counts by user, and where there is only one, it is that of a person.
  if (OWN_USER) it("stops at its number of processes, does not disturb a neighbour, and goes with everything it started", async () => {
    // Bounded by itself as well: were there no limit, this machine would get a few hundred processes and no more.
    const child = await start(`use POSIX; for (1 .. ${2 * pids}) { my $p = fork; if (defined $p && !$p) { POSIX::setsid(); fork; sleep 60; exit } } sleep 60`);
    await vi.waitUntil(() => own("vpc1-public").length >= pids / 2, { timeout: 20_000 });
    const most: number[] = [];
    for (let look = 0; look < 5; look++) {
      most.push(own("vpc1-public").length);
      expect(await lab.pings("vpc1-private", "10.0.2.1")).toBe(true);
      expect((await measure(lab, { namespace: "vpc2-public", sourceAddress: "", targetAddress: "127.0.0.1", kind: "http", port: 80 })).outcome).toBe("reached");
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(pids);
    child.kill();
    const killedAt = performance.now();
    await vi.waitUntil(() => own("vpc1-public").length === 0, { timeout: 10_000, interval: 10 });
    console.info(`fork bomb: at most ${Math.max(...most)} processes of ${pids}, gone ${Math.round(performance.now() - killedAt)} ms after its first was killed`);
  }, 120_000);

  it("stops at its memory, also where the host has no control groups", async () => {
    const script = "$SIG{__DIE__} = sub {}; my @a; my $n = 0; while ($n < 4096) { push @a, 'x' x (1 << 20); $n++; syswrite(STDERR, \"$n\\n\") if $n % 16 == 0 }";
    const { exitCode, stderr } = await lab.newConfinement({ cgroups: new InstanceCgroups("none", { tops: [], missing: [] }) }).run({ netns: "vpc1-public", argv: ["perl", "-e", script] }, 60_000);
    const reached = Number(/(\d+)\nOut of memory/.exec(stderr)?.[1]);
    expect(exitCode).not.toBe(0);
    expect(reached).toBeGreaterThan(32);
    expect(reached * 2 ** 20).toBeLessThanOrEqual(memoryBytes);
    expect(await lab.pings("vpc1-private", "10.0.2.1")).toBe(true);
  }, 90_000);

  it("opens no more files than it may, and finds no place to write", async () => {
    const script = "my @f; while (open(my $f, '<', '/dev/null')) { push @f, $f } print scalar(@f), ' ', (grep { open(my $f, '>', \"$_/x\") } qw(/ /tmp /var/tmp /dev /dev/shm /run /usr /etc)) ? 'written' : 'nowhere'";
    const { stdout } = await lab.confinement.run({ netns: "vpc1-public", argv: ["perl", "-e", script] }, 60_000);
    expect(stdout).toBe(`${1024 - 3} nowhere`);
  });

  it("is first in line when memory runs out", async () => {
    await start("sleep 600");
    await vi.waitUntil(() => own("vpc1-public").length > 0, { timeout: 10_000, interval: 5 });
    expect(own("vpc1-public").map((pid) => readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim())).toEqual(["500"]);
  });
});

describe("starting programs again and again", () => {
  it("keeps neither descriptors, threads nor zombies", async () => {
    const look = () => ({ fds: readdirSync("/proc/self/fd").length, threads: readdirSync("/proc/self/task").length });
    const once = () => lab.confinement.run({ netns: "vpc1-public", argv: ["true"] }, 20_000);
    for (let i = 0; i < 3; i++) await once();
    const before = look();
    for (let i = 0; i < 20; i++) await once();
    expect(look()).toEqual(before);
    expect(inhabitants().filter(([, pid]) => argumentsOf(pid)[0]?.endsWith("/true"))).toEqual([]);
    await expect(lab.confinement.run({ netns: "vpc1-public", argv: ["no-such-program"] }, 1_000)).rejects.toThrow("no-such-program is not installed");
    await expect(lab.confinement.run({ netns: "vpc1-public", argv: ["sleep", "60"] }, 50)).rejects.toThrow("sleep: did not end within 0.05 s and was stopped");
    expect(look()).toEqual(before);
  }, 60_000);

  it("leaves nothing of them after a tear down", async () => {
    const inodes = new Set(listNetnsNames().filter((name) => !name.includes(".")).map(inodeOf));
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    expect(processesByNetns(inodes).size).toBe(0);
  });
});
