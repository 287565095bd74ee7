import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { listNetnsNames } from "../../src/host/netns";
import { LOCAL_ID, LocalLab } from "./local-lab";

const lab = new LocalLab();
const DRAWN = twoVpcLab();
const NAMES = ["vpc1", "vpc1-private", "vpc1-public", "vpc2", "vpc2-public", "vpclab.host", "vpclab.internet"];
const instance = (vpcName: string, subnetName: string): string => {
  const vpc = DRAWN.vpcs.find(({ name }) => name === vpcName);
  const subnet = DRAWN.subnets.find(({ name, vpcId }) => name === subnetName && vpcId === vpc?.id);
  return DRAWN.instances.find(({ subnetId }) => subnetId === subnet?.id)?.id ?? "";
};
const target = { topologyId: LOCAL_ID, topologyName: "default" };
const names = (): string[] => listNetnsNames().sort();
const inside = (namespace: string, ...argv: string[]): string => execFileSync("ip", ["netns", "exec", namespace, ...argv], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
/** What tells whether anything was made anew: index of every link. */
const links = (): string => names().map((name) => inside(name, "ip", "-o", "link").replace(/ qlen.*| state \w+/g, "")).join("");

afterEach(async () => {
  await lab.purge();
  expect(names()).toEqual([]);
});
afterAll(() => lab.remove());

describe("the agent in a process of its own, without a server", () => {
  it("applies, plans, tests, answers and tears down, and nothing is left", async () => {
    expect((await lab.ask("held", {})).result).toEqual([]);
    const planned = (await lab.ask("plan", { ...target, desired: DRAWN })).result;
    expect(planned.steps).toBeGreaterThan(100);
    expect(names()).toEqual([]);
    const applied = await lab.bring(DRAWN, 0);
    expect(applied).toMatchObject({ result: { revision: 1, failure: null, deployment: { state: "in-place", revision: 1 } } });
    expect(new Set(applied.progress.flatMap((objects) => Object.values(objects).map(({ state }) => state)))).toEqual(new Set(["pending", "applying"]));
    expect(names()).toEqual(NAMES);
    const probe = { probeId: "p1", source: { instanceId: instance("vpc1", "public") }, destination: { internet: true as const }, kind: "ping" as const, port: null };
    expect((await lab.ask("probe", { topologyId: LOCAL_ID, actor: "root", probe })).result).toMatchObject({ outcome: "reached" });
    const [here, there] = [{ instanceId: instance("vpc1", "public") }, { instanceId: instance("vpc1", "private") }];
    const flows = [{ source: here, destination: there }, { source: there, destination: { internet: true as const } }];
    expect((await lab.ask("measure", { topologyId: LOCAL_ID, actor: "root", request: { kind: "ping", port: null, flows } })).result.flows).toEqual([
      { outcome: "reached", expected: true }, { outcome: "timeout", expected: false },
    ]);
    expect((await lab.ask("counters", { topologyId: LOCAL_ID })).result.counters[instance("vpc1", "public")]?.txPackets).toBeGreaterThan(2);
    expect((await lab.ask("plan", { ...target, desired: DRAWN })).result).toMatchObject({ steps: 0, changes: [] });
    expect((await lab.ask("facts", {})).result).toMatchObject({ mode: "sandbox", daemon: false, server: null, hostNetns: "vpclab.host", stateDir: lab.stateDir });
    expect((await lab.bring(null, 1)).result).toMatchObject({ failure: null, deployment: { state: "empty" } });
    expect(names()).toEqual([]);
    expect((await lab.ask("held", {})).result).toEqual([]);
    expect((await lab.ask("activity", { last: 10 })).result.map(({ action, outcome, actor }) => [action, outcome, actor])).toEqual([
      ["apply", "done", "root (ann)"], ["probe", "done", "root"], ["probe", "done", "root"], ["remove", "done", "root (ann)"],
    ]);
  });

  it("finds everything again, touches nothing that is as it should be, and says what the kernel shows", async () => {
    await lab.bring(DRAWN, 0);
    const before = links();
    expect((await lab.ask("held", {})).result).toMatchObject([{ topologyId: LOCAL_ID, name: "default", revision: 1, document: DRAWN, authority: "local", deployment: { state: "in-place" } }]);
    expect((await lab.bring(DRAWN, 1)).result).toMatchObject({ revision: 1, steps: 0, deployment: { state: "in-place" } });
    expect(links()).toBe(before);
    inside("vpc1-public", "ip", "link", "set", "eth0", "down");
    const [held] = (await lab.ask("held", {})).result;
    expect(held?.deployment.state).toBe("drifted");
    expect(held?.deployment.objects[instance("vpc1", "public")]).toMatchObject({ state: "drifted", reason: expect.stringContaining("eth0") });
    expect((await lab.bring(DRAWN, 1)).result).toMatchObject({ revision: 1, deployment: { state: "in-place" } });
  });

  it("lets one process work after the other", async () => {
    const other = { topologyId: "2f0e7c52-6a52-4a3a-9a3e-2d8f0f3f6a10", topologyName: "lab2" };
    const both = await Promise.all([lab.bring(DRAWN, 0), lab.bring(DRAWN, 0, other)]);
    expect(both.map(({ result }) => result.deployment.state)).toEqual(["in-place", "in-place"]);
    const held = (await lab.ask("held", {})).result;
    expect(held.map(({ name, deployment }) => [name, deployment.state]).sort()).toEqual([["default", "in-place"], ["lab2", "in-place"]]);
  });

  it("refuses what was made from another revision, a name that is taken and an invalid drawing, and changes nothing", async () => {
    await lab.bring(DRAWN, 0);
    const before = links();
    const stored = readFileSync(join(lab.stateDir, "jobs", `${LOCAL_ID}.json`), "utf8");
    const shrunk: Topology = { ...DRAWN, instances: DRAWN.instances.slice(1) };
    expect(await lab.bring(shrunk, 0)).toMatchObject({ error: { code: "CONFLICT", message: expect.stringContaining("revision 1") } });
    expect(await lab.bring(DRAWN, 0, { topologyId: "2f0e7c52-6a52-4a3a-9a3e-2d8f0f3f6a10" })).toMatchObject({ error: { code: "NAME_TAKEN" } });
    expect(await lab.bring({ ...DRAWN, vpcs: DRAWN.vpcs.map((vpc) => ({ ...vpc, name: "same" })) }, 1)).toMatchObject({ error: { code: "NAME_TAKEN" } });
    expect(links()).toBe(before);
    expect(readFileSync(join(lab.stateDir, "jobs", `${LOCAL_ID}.json`), "utf8")).toBe(stored);
    expect((await lab.bring(shrunk, 1)).result).toMatchObject({ revision: 2, deployment: { state: "in-place" } });
    const refused = (await lab.ask("activity", { last: 10 })).result.filter(({ outcome }) => outcome === "refused");
    expect(refused.map(({ reason }) => reason?.split(":")[0])).toEqual(["NAME_TAKEN", "NAME_TAKEN"]);
  });

  it("keeps its files for root alone", async () => {
    await lab.bring(DRAWN, 0);
    for (const name of ["local-key", "local.json", "activity.jsonl", "lock"]) expect(statSync(join(lab.stateDir, name)).mode & 0o777, name).toBe(0o600);
    expect(statSync(lab.stateDir).mode & 0o777).toBe(0o700);
  });

  it("names who has the directory when it cannot wait any longer", async () => {
    const { openLocalAgent } = await lab.module();
    const holder = await openLocalAgent({ stateDir: lab.stateDir, mode: null, uplink: null, policy: null, waitMs: 0 });
    expect(await lab.ask("held", {}, 100)).toMatchObject({ error: { code: "CONFLICT", message: expect.stringContaining(`pid ${process.pid}`) } });
    await holder.close();
    expect((await lab.ask("held", {}, 100)).result).toEqual([]);
  });

  it("does not change its mode under what is there", async () => {
    await lab.bring(DRAWN, 0);
    const { openLocalAgent } = await lab.module();
    await expect(openLocalAgent({ stateDir: lab.stateDir, mode: "rootless", uplink: null, policy: null, waitMs: 0 })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("goes away with the last purge, with its state or without, and leaves what is not its own", async () => {
    await lab.bring(DRAWN, 0);
    lab.loseState();
    execFileSync("ip", ["netns", "add", "foreign"]);
    expect((await lab.purge()).length).toBe(NAMES.length);
    expect(names()).toEqual(["foreign"]);
    execFileSync("ip", ["netns", "delete", "foreign"]);
    await lab.bring(DRAWN, 0);
    expect((await lab.purge()).filter((line) => line.startsWith("network namespace")).length).toBe(NAMES.length);
    expect((await lab.ask("held", {})).result).toEqual([]);
  });
});

describe("files that stand for namespaces", () => {
  it("go with them, also where somebody deleted the namespaces by hand", async () => {
    const wasThere = existsSync("/etc/netns");
    const withDns: Topology = { ...DRAWN, vpcs: DRAWN.vpcs.map((vpc) => ({ ...vpc, dnsSupport: true })) };
    expect((await lab.bring(withDns, 0)).result).toMatchObject({ deployment: { state: "in-place" } });
    expect(readFileSync("/etc/netns/vpc1-public/resolv.conf", "utf8")).toContain("10.0.1.1");
    for (const name of names()) execFileSync("sh", ["-c", `ip netns pids ${name} | xargs -r kill -9; ip netns delete ${name}`]);
    await lab.purge();
    expect(existsSync("/etc/netns")).toBe(wasThere);
    expect(existsSync("/etc/netns/vpc1-public")).toBe(false);
  });
});

describe("the agent's process ended in the middle of an apply", () => {
  it("by SIGKILL: the next apply brings it to its end", async () => {
    for (const namespaces of [1, 3, 4, 6]) {
      const { child, outcome } = lab.start("apply", { ...target, baseRevision: 0, desired: DRAWN, actor: "root" });
      await vi.waitUntil(() => listNetnsNames().length >= namespaces, { timeout: 40_000, interval: 1 });
      child.kill("SIGKILL");
      await outcome;
      const [held] = (await lab.ask("held", {})).result;
      expect((await lab.bring(DRAWN, held?.revision ?? 0)).result, `killed at ${namespaces} namespaces`).toMatchObject({ revision: 1, failure: null, deployment: { state: "in-place" } });
      expect((await lab.ask("plan", { ...target, desired: DRAWN })).result.steps).toBe(0);
      expect((await lab.bring(null, 1)).result).toMatchObject({ failure: null });
      expect(names()).toEqual([]);
      await lab.purge();
    }
  }, 180_000);

  it("by SIGTERM: it is finished first", async () => {
    const { child, outcome } = lab.start("apply", { ...target, baseRevision: 0, desired: DRAWN, actor: "root" });
    await vi.waitUntil(() => existsSync("/run/netns/vpclab.host"), { timeout: 40_000, interval: 1 });
    child.kill("SIGTERM");
    await outcome;
    expect(child.signalCode).toBe("SIGTERM");
    expect((await lab.ask("held", {})).result).toMatchObject([{ revision: 1, deployment: { state: "in-place" } }]);
  });
});

describe("the commands of an entry of the activity log", () => {
  it("make the same network when a person types them", async () => {
    await lab.bring(DRAWN, 0);
    const [entry] = (await lab.ask("activity", { last: 1 })).result;
    expect(entry).toMatchObject({ action: "apply", commandsLeftOut: 0, text: expect.stringContaining("VPC “vpc1” added") });
    const script = entry!.commands.join("\n");
    for (const name of names()) execFileSync("sh", ["-c", `ip netns pids ${name} | xargs -r kill -9; ip netns delete ${name}`]);
    expect((await lab.ask("held", {})).result[0]?.deployment.state).toBe("drifted");
    execFileSync("sh", ["-e"], { input: script, stdio: ["pipe", "ignore", "inherit"] });
    await vi.waitUntil(async () => (await lab.ask("plan", { ...target, desired: DRAWN })).result.steps === 0, { timeout: 30_000, interval: 200 });
    expect((await lab.ask("held", {})).result).toMatchObject([{ deployment: { state: "in-place" } }]);
  });
});
