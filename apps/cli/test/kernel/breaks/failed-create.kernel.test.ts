import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { done, json, namespaces, run, shell, stateDir, vpcctl } from "../vpcctl";
import { machinePicture, rememberedIn } from "./machine-picture";

const LONG_MS = 240_000;
const ip = (...args: string[]) => run("ip", args);
afterEach(async () => {
  await vpcctl("purge --all --yes");
  for (const name of namespaces()) await ip("netns", "delete", name);
}, LONG_MS);

describe("a create that cannot be", () => {
  it("because somebody else's namespace has the name: that one is untouched, the reason and the way out are said, and the create is taken back whole", async () => {
    await ip("netns", "add", "prod-a");
    await ip("-n", "prod-a", "link", "set", "lo", "up");
    const before = await machinePicture();
    await done("vpc create prod --cidr 10.0.0.0/16");
    const refused = await vpcctl("subnet create prod/a --cidr 10.0.1.0/24");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/HOST_NAME_TAKEN: .*“prod-a” exists on this host and was not made by vpclab; it was not touched\. Rename the object, or remove that namespace\./);
    expect(refused.stderr).toContain("It was taken back: nothing of it is left.");
    // What was there goes on, and nothing of the create is left in the drawing either.
    expect(await json("instance list")).toEqual([]);
    for (const command of ["apply", "plan", "diff"]) expect(await vpcctl(command), command).toMatchObject({ code: 0 });
    expect(await vpcctl("subnet create prod/a --cidr 10.0.1.0/24")).toMatchObject({ code: 1, stderr: expect.stringContaining("HOST_NAME_TAKEN") as string });
    await done("vpc delete prod --yes");
    expect(await machinePicture()).toEqual(before);
    // A whole VPC whose name is taken: the topology that it began goes, too. Once the name is free, the same create works.
    await ip("netns", "add", "shop");
    expect(await vpcctl("vpc create shop --cidr 10.0.0.0/16")).toMatchObject({ code: 1 });
    expect(namespaces().sort()).toEqual(["prod-a", "shop"]);
    expect(await json("list")).toEqual([]);
    await ip("netns", "delete", "shop");
    await done("vpc create prod --cidr 10.0.0.0/16");
    await ip("netns", "delete", "prod-a");
    await done("subnet create prod/a --cidr 10.0.1.0/24");
    expect((await vpcctl("diff")).code).toBe(0);
  }, LONG_MS);

  it("because the host's policy does not allow it: nothing is made and nothing kept, and the policy is named", async () => {
    const policy = join(stateDir, "policy-of-the-host.json");
    writeFileSync(policy, JSON.stringify({ allowCidrs: ["192.168.0.0/16"] }), { mode: 0o600 });
    await done("vpc create home --cidr 192.168.0.0/20");
    const [machine, state] = [await machinePicture(), rememberedIn(stateDir)];
    const refused = await vpcctl(["--policy", policy, "vpc", "create", "prod", "--cidr", "10.0.0.0/16"]);
    expect(refused, refused.stderr).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/POLICY_CIDR: .*10\.0\.0\.0\/16/);
    expect([await machinePicture(), rememberedIn(stateDir)]).toEqual([machine, state]);
  }, LONG_MS);

  it("because this is not root: 3, sudo is named, and nothing is made, not even the state directory", async () => {
    const home = mkdtempSync(join(tmpdir(), "vpcctl-nobody-"));
    chmodSync(home, 0o777);
    await run("sh", ["-c", 'chmod 755 "$(dirname "$(dirname "$(command -v vpcctl)")")"']);
    const before = await machinePicture();
    const refused = await shell(`setpriv --reuid=65534 --regid=65534 --clear-groups vpcctl --state ${home}/state create shop`, { env: { HOME: home } });
    expect(refused, refused.stderr).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toMatch(/PRIVILEGE: .*sudo vpcctl/);
    expect((await run("find", [home, "-mindepth", "1"])).stdout).toBe("");
    expect(await machinePicture()).toEqual(before);
    await run("rm", ["-r", home]);
  }, LONG_MS);

  it("because the kernel has no room for one more namespace: 1, the kernel's reason, and once there is room the same create works", async () => {
    const limit = "/proc/sys/user/max_net_namespaces";
    const refused = await shell(`unshare -U -r -n -m sh -c 'mount -t tmpfs tmpfs /run; ip link set lo up; echo 3 > ${limit}; vpcctl --state /run/state create shop; echo "code $?"; echo 30 > ${limit}; vpcctl --state /run/state create shop; echo "code $?"; vpcctl --state /run/state teardown --yes; echo "code $?"; ls /run/netns | wc -l'`);
    expect(refused.stdout.match(/^(code \d|\d+)$/gm), refused.stdout + refused.stderr).toEqual(["code 1", "code 0", "code 0", "0"]);
    expect(refused.stderr).toMatch(/KERNEL_REFUSED|ENOSPC|No space left/);
  }, LONG_MS);

  it("because a VPC of that name has other content: 5, the difference is said, and the running one goes on as it is", async () => {
    await done("vpc create prod --cidr 10.0.0.0/16");
    const before = [await machinePicture(), rememberedIn(stateDir)];
    const refused = await vpcctl("vpc create prod --cidr 10.1.0.0/16");
    expect(refused).toMatchObject({ code: 5, stdout: "" });
    expect(refused.stderr).toContain("CIDR is 10.0.0.0/16, not 10.1.0.0/16");
    expect([await machinePicture(), rememberedIn(stateDir)]).toEqual(before);
  }, LONG_MS);
});
