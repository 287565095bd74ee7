import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CONTROLLERS } from "./cgroup-limits";
import { NEEDED_CAPABILITIES } from "./needed-rights";

const FOLDER = resolve(import.meta.dirname, "../../../../deploy/systemd");
/** Settings of a unit's [Service] section; a setting that stands twice has both values, as systemd adds them up. */
function serviceOf(file: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const [, section = ""] = readFileSync(join(FOLDER, file), "utf8").split("[Service]\n");
  for (const line of section.split("[Install]")[0]!.split("\n").filter((text) => /^\w+=/.test(text))) {
    const at = line.indexOf("=");
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    settings.set(name, settings.has(name) ? `${settings.get(name)} ${value}` : value);
  }
  return settings;
}
const agent = serviceOf("vpclab-agent.service");
const web = serviceOf("vpclab-web.service");
const instances = serviceOf("vpclab-instances.service");

/** What makes systemd give a service mounts of its own (systemd.exec(5), of version 252). */
const MOUNT_NAMESPACE = /^(BindPaths|BindReadOnlyPaths|DynamicUser|ExecPaths|ExtensionDirectories|ExtensionImages|InaccessiblePaths|LogNamespace|MountAPIVFS|MountImages|NetworkNamespacePath|NoExecPaths|PrivateDevices|PrivateIPC|PrivateMounts|PrivateNetwork|PrivateTmp|PrivateUsers|ProcSubset|ProtectControlGroups|ProtectHome|ProtectHostname|ProtectKernelLogs|ProtectKernelModules|ProtectKernelTunables|ProtectProc|ProtectSystem|ReadOnlyPaths|ReadWritePaths|RootDirectory|RootImage|TemporaryFileSystem)$/;

describe("the agent's unit", () => {
  it("gives it no mount namespace, in which names of network namespaces would be lost", () => {
    expect([...agent.keys()].filter((name) => MOUNT_NAMESPACE.test(name))).toEqual([]);
  });
  it("leaves /proc/sys writable and namespaces to be made", () => {
    for (const name of ["ProtectKernelTunables", "RestrictNamespaces", "MemoryDenyWriteExecute"]) expect(agent.has(name)).toBe(false);
  });
  it("leaves it exactly the capabilities that the agent keeps by itself", () => {
    expect(agent.get("CapabilityBoundingSet")?.split(" ").sort()).toEqual(Object.keys(NEEDED_CAPABILITIES).map((name) => `CAP_${name}`).sort());
    expect(agent.get("NoNewPrivileges")).toBe("yes");
  });
  it("allows the calls that starting a program in an instance takes, and not those it denies to the program for ever", () => {
    const [allowed, denied] = agent.get("SystemCallFilter")!.split("~");
    expect(allowed!.trim().split(" ")).toEqual(["@system-service", "@mount", "seccomp"]);
    expect(denied!.split(" ")).toEqual(expect.arrayContaining(["@module", "@raw-io", "@reboot", "@swap", "@clock", "bpf"]));
  });
  it("lets programs in instances outlive it", () => {
    expect(agent.get("KillMode")).toBe("process");
    // A limit of the service would be one for all instances together.
    expect(agent.has("MemoryMax")).toBe(false);
  });
});

describe("the unit that holds the instances' control group", () => {
  it("hands on what limits an instance, stands before the agent, and is not its own", () => {
    expect(instances.get("Delegate")?.split(" ").sort()).toEqual([...CONTROLLERS].sort());
    expect(instances.get("Slice")).toBe("system.slice");
    expect(agent.has("Delegate")).toBe(false);
    expect(readFileSync(join(FOLDER, "vpclab-agent.service"), "utf8")).toMatch(/^After=.*vpclab-instances\.service\nWants=.*vpclab-instances\.service$/m);
  });
  it("bears on its own process only: limits and packet filters of a group hold for all groups below", () => {
    expect([...instances.keys()].filter((name) => /^(IP|Memory(?!Deny)|CPU|IO|Socket|RestrictNetwork|BPF|User$|DynamicUser)/.test(name))).toEqual([]);
    expect(instances.get("TasksMax")).toBe("infinity");
    expect(instances.get("CapabilityBoundingSet")).toBe("");
  });
});

const ANALYZE = ["/usr/bin/systemd-analyze", "/bin/systemd-analyze"].find((path) => existsSync(path));
/** Tenths: `link ≤ 2.0, root half ≤ 6.0`. */
const EXPOSURE_MAX = { agent: 60, web: 20, instances: 20 };

describe("the units", () => {
  it("are ones that the README says how to check, with the figures", () => {
    const readme = readFileSync(join(FOLDER, "../../README.md"), "utf8");
    for (const command of ["systemd-analyze verify deploy/systemd/*.service", "systemd-analyze security --offline=true deploy/systemd/*.service"]) expect(readme).toContain(command);
  });
  if (ANALYZE !== undefined) it.each(Object.entries(EXPOSURE_MAX))("satisfy systemd itself: vpclab-%s.service", (name, most) => {
    const file = join(FOLDER, `vpclab-${name}.service`);
    const { stderr } = spawnSync(ANALYZE, ["verify", "--man=no", file], { encoding: "utf8" });
    // Where Node is on the machine that runs this test says nothing about the unit.
    expect(stderr.split("\n").filter((line) => line !== "" && !line.includes("is not executable"))).toEqual([]);
    const { status, stdout } = spawnSync(ANALYZE, ["security", "--offline=true", "--no-pager", `--threshold=${most}`, file], { encoding: "utf8" });
    expect(stdout).toContain("Overall exposure level");
    expect(status, stdout.trim().split("\n").at(-1)).toBe(0);
  }, 60_000);
});

describe("the web server's unit", () => {
  it("leaves it no right at all", () => {
    expect(web.get("CapabilityBoundingSet")).toBe("");
    for (const name of ["DynamicUser", "NoNewPrivileges", "PrivateDevices", "PrivateTmp", "ProtectHome", "ProtectKernelTunables", "RestrictNamespaces"]) expect(web.get(name), name).toBe("yes");
    expect(web.get("ProtectSystem")).toBe("strict");
  });
});
