import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { done, inside, json, namespaces, stateDir, vpcctl } from "../vpcctl";
import { machinePicture } from "./machine-picture";

const LONG_MS = 240_000;
afterEach(() => vpcctl("purge --all --yes"), LONG_MS);

const SHOP = ["shop", "shop-priv", "shop-pub"];
const createShop = () => done("create shop");
const isWhole = async (): Promise<void> => {
  expect(namespaces()).toEqual(expect.arrayContaining(SHOP));
  expect((await inside("shop-pub", "ping", "-c", "1", "-W", "2", "203.0.113.10")).code).toBe(0);
};

/** Copies of a file of the state directory; an even number of bytes is kept, so that nothing whole is. */
function cut(...names: string[]): void {
  for (const name of names) truncateSync(join(stateDir, name), Math.min(20, statSync(join(stateDir, name)).size - 1));
}
const jobs = (): string[] => readdirSync(join(stateDir, "jobs")).map((name) => `jobs/${name}`);

describe("state that is lost", () => {
  it("the whole directory: what stands in the way is said, purge removes all of it, and the same create works again", async () => {
    const before = await machinePicture();
    await createShop();
    rmSync(stateDir, { recursive: true });
    expect(await json("list")).toEqual([]);
    const refused = await vpcctl("create shop");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/belongs to the vpclab agent local-[0-9a-f-]+, .*vpcctl purge --all/);
    // The directory has a new owner by now, for whom the rest is a stranger's.
    const own = await vpcctl("purge --yes");
    expect(own.stderr).toMatch(/left alone without --all: shop, shop-priv, shop-pub/);
    expect(namespaces()).toEqual(expect.arrayContaining(SHOP));
    expect(await done("purge --all --yes")).toContain("network namespace shop-pub");
    // Whether the mount of /run/netns was there before is no longer known, so it stays.
    expect({ ...(await machinePicture()), mounts: [] }).toEqual({ ...before, mounts: [] });
    await createShop();
    await isWhole();
  }, LONG_MS);

  it("everything but the files of namespaces that are gone, too: purge --all finds them by their mark", async () => {
    await createShop();
    reboot();
    rmSync(stateDir, { recursive: true });
    expect(existsSync("/etc/netns/shop-pub/resolv.conf")).toBe(true);
    await done("purge --all --yes");
    expect(existsSync("/etc/netns/shop-pub")).toBe(false);
  }, LONG_MS);

  it("a reboot: all namespaces are gone, and apply without a file brings back every one", async () => {
    await createShop();
    await done("deploy webserver --vpc shop --subnet pub --port 8080");
    const drawn = await done("export -");
    reboot();
    expect(await json("list")).toMatchObject([{ name: "default", state: "drifted" }]);
    await done("apply");
    await isWhole();
    expect(await done("export -")).toBe(drawn);
    expect((await inside("shop-priv", "curl", "-s", "-o", "/dev/null", "--noproxy", "*", "-m", "3", `http://${await addressOf("shop-pub")}:8080/`)).code).toBe(0);
  }, LONG_MS);
});

describe("state that is damaged", () => {
  it("one copy of any file: nobody notices, because there are two", async () => {
    await createShop();
    const files = [...readdirSync(stateDir), ...jobs()].filter((name) => existsSync(join(stateDir, `${name}.mirror`)));
    expect(files).toEqual(expect.arrayContaining(["fence.json", "slots.json", "local.json", "namespaces.json", expect.stringMatching(/^jobs\//)]));
    cut(...files);
    expect(await json("list")).toMatchObject([{ name: "default", state: "in-place" }]);
    await done("vpc create more --cidr 10.9.0.0/16");
    await isWhole();
  }, LONG_MS);

  it.each(["fence.json", "slots.json", "namespaces.json", "local.json", "local-key", "jobs"])(
    "all copies of %s: the message names the file and purge, which removes everything, and a create works", async (name) => {
      const before = await machinePicture();
      await createShop();
      const copies = [...readdirSync(stateDir), ...jobs()].filter((file) => file === name || file.startsWith(`${name}.`) || file.startsWith(`${name}/`));
      expect(copies.filter((file) => file !== "jobs")).not.toEqual([]);
      cut(...copies.filter((file) => file !== "jobs"));
      const next = await vpcctl("vpc create more --cidr 10.9.0.0/16");
      // What only matters for later may be made anew; then it works.
      if (next.code !== 0) {
        expect(next.stderr).toContain(name);
        expect(next.stderr).toContain("vpcctl purge");
        expect(next.stderr).not.toContain("fault of vpcctl");
      }
      await done("purge --yes");
      expect(await machinePicture()).toEqual(before);
      await createShop();
      await isWhole();
      await done("purge --yes");
      expect(await machinePicture()).toEqual(before);
    }, LONG_MS);
});

/** What a machine that starts again finds: no namespace, no process, an empty /run, and the state directory. */
function reboot(): void {
  for (const name of namespaces()) {
    for (const pid of execFileSync("ip", ["netns", "pids", name], { encoding: "utf8" }).split("\n").filter(Boolean)) process.kill(Number(pid), "SIGKILL");
    execFileSync("ip", ["netns", "delete", name]);
  }
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain("/run/netns/");
}

const addressOf = async (netns: string): Promise<string> =>
  /inet ([0-9.]+)/.exec((await inside(netns, "ip", "-4", "address", "show", "eth0")).stdout)?.[1] ?? "none";
