import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { findCgroups } from "../../src/host/find-cgroups";
import { isMapped } from "../../src/host/id-maps";
import { FIRST_WORKLOAD_USER } from "../../src/host/workload-user";
import type { EscapeProbe, EscapeTargets } from "./escape-probes";
import { escapeProbes, scriptOf } from "./escape-probes";
import { fingerprint } from "./fingerprint";
import { idMaps, Lab } from "./lab";

const lab = new Lab();
const FOLDER = "/run/vpclab-escape";
const PORT = 9_009;
const HERE = "vpc1-private";
const servers: Server[] = [];
const targets: EscapeTargets = {
  agentPid: process.pid, agentSocket: `${FOLDER}/control.sock`, stateDir: FOLDER, abstractSocket: "vpclab-escape", hostPort: PORT, setuidProgram: "/setuid-id",
  ownUser: isMapped(idMaps.uids, FIRST_WORKLOAD_USER),
  groupFiles: ["/sys/fs/cgroup/cgroup.procs", ...findCgroups().tops.flatMap(({ path }) => [`${path}/cgroup.procs`, `${path}/tasks`, `${path}/pids.max`, `${path}/memory.limit_in_bytes`])],
  unreachable: [
    { name: "the host", address: "198.51.100.2" }, { name: "the host's end of a gateway", address: "169.254.64.1" }, { name: "metadata", address: "169.254.169.254" },
    { name: "another VPC", address: "172.16.1.2" }, { name: "this machine", address: "127.0.0.1" },
  ],
};
const confinement = lab.newConfinement({ shown: [{ source: `${FOLDER}/id`, target: targets.setuidProgram }] });
const SETTINGS = ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/hostname", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/user/max_user_namespaces", "/sys/fs/cgroup/memory/release_agent", "/etc/shadow", "/etc/ld.so.cache"];

const listening = (at: object): Promise<void> => new Promise((done, fail) => {
  servers.push(createServer((socket) => socket.on("error", () => {}).end("reached")).once("error", fail).listen(at, done));
});
/** Everything that a probe could have changed outside. Packets that were dropped have been counted. */
const outside = async () => {
  const { tables, ...rest } = await fingerprint(lab);
  return { ...rest, ...machineState(), tables: tables.map((text) => text.replace(/packets \d+ bytes \d+/g, "")) };
};
const machineState = () => ({
  settings: SETTINGS.map((path) => `${path}: ${existsSync(path) ? readFileSync(path, "base64") : "none"}`),
  mounts: readFileSync("/proc/self/mountinfo", "utf8"),
  modules: existsSync("/proc/modules") ? readFileSync("/proc/modules", "utf8").split("\n").length : 0,
});
const attempt = async (probe: EscapeProbe) => {
  const { stdout, stderr } = await confinement.run({ netns: HERE, argv: ["perl", "-e", scriptOf(probe)] }, 20_000);
  return { ...probe, said: stdout.trim() || stderr.trim() };
};

beforeAll(async () => {
  await lab.sandbox.ensure();
  const doc = twoVpcLab();
  expect(await lab.apply({ ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) })).toEqual([]);
  mkdirSync(FOLDER);
  // Each of them can be reached by who may: that is what makes not reaching it an answer.
  await listening({ path: targets.agentSocket });
  await listening({ path: `\0${targets.abstractSocket}` });
  await listening({ port: PORT, host: "0.0.0.0" });
  chmodSync(targets.agentSocket, 0o777);
  copyFileSync(realpathSync("/usr/bin/id"), `${FOLDER}/id`);
  chmodSync(`${FOLDER}/id`, 0o4755);
});
afterAll(async () => {
  for (const server of servers) server.close();
  rmSync(FOLDER, { recursive: true });
  await lab.removeAll();
});

describe("a program in an instance that wants to get out", () => {
  it("succeeds with none of the known ways, and changes nothing outside", async () => {
    // With the instance's control group, which its first program gets.
    await lab.confinement.run({ netns: HERE, argv: ["true"] }, 20_000);
    const before = await outside();
    const tried = [];
    for (const probe of escapeProbes(targets)) tried.push(await attempt(probe));
    const succeeded = tried.filter(({ said, expected }) => !expected.test(said));
    console.info(`${tried.length} probes, ${succeeded.length} succeeded`);
    expect(succeeded.map(({ group, name, said }) => `${group}: ${name}: ${said}`)).toEqual([]);
    expect(tried.length).toBeGreaterThanOrEqual(40);
    expect(await outside()).toEqual(before);
  }, 240_000);

  it("would have succeeded as root, so that the probes do try", async () => {
    const names = ["/etc/shadow", "unshare(mounts)", "a raw socket", "a connection to the agent", "writing /proc/sys/kernel/core_pattern"];
    const core = readFileSync("/proc/sys/kernel/core_pattern");
    for (const { name, perl } of escapeProbes(targets).filter((probe) => names.includes(probe.name))) {
      const harmless = perl.replace("syswrite($f, '1')", "1");
      const probe = { name, perl: harmless } as EscapeProbe;
      expect(`${name}: ${(await lab.runner.run({ file: "perl", args: ["-e", scriptOf(probe)] })).stdout}`).toBe(`${name}: DONE`);
    }
    expect(readFileSync("/proc/sys/kernel/core_pattern")).toEqual(core);
  });
});
