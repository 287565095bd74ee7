import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Step } from "@vpclab/shared/plan/step";
import { Lab } from "./lab";

const lab = new Lab({ hostNetns: null, uplink: "lo" });
const run = (file: string, ...args: string[]) => lab.runner.run({ file, args });
const NAME = "ro-test";
const KEY = "net.ipv4.ip_forward";
const steps: Step[] = [
  { owner: { topologyId: "t", objectId: "i-0a1b2c3d4e5f" }, namespace: NAME, action: "netns-add" },
  { owner: { topologyId: "t", objectId: "i-0a1b2c3d4e5f" }, namespace: NAME, action: "sysctl-set", key: KEY, value: "1" },
];

/** As container engines do it. This run's mounts are its own. */
beforeAll(async () => {
  await run("mount", "-o", "bind", "/proc/sys", "/proc/sys");
  await run("mount", "-o", "remount,bind,ro", "/proc/sys");
});
afterAll(async () => {
  await run("umount", "/proc/sys");
  await run("ip", "netns", "delete", NAME);
});

describe("where /proc/sys is read-only, as in a container", () => {
  it("settings of namespaces are written and read all the same", async () => {
    expect(() => writeFileSync("/proc/sys/net/ipv4/ip_forward", "0")).toThrow("EROFS");
    expect(await lab.kernel.apply(steps)).toEqual([]);
    expect((await lab.kernel.observe([NAME]))[NAME]?.sysctls[KEY]).toBe("1");
    expect((await lab.inside(NAME, "sysctl", "-n", KEY)).stdout).toBe("1\n");
  });
});
