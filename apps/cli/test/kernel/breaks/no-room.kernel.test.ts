import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { done, namespaces, run, vpcctl } from "../vpcctl";
import { machinePicture, rememberedIn } from "./machine-picture";

const LONG_MS = 240_000;
const NOT_OUR_FAULT = /fault of vpcctl|went wrong on our side|INTERNAL/;
let disk: string;
let at: readonly string[];

beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), "vpcctl-disk-"));
  at = ["--state", join(disk, "state")];
});
afterEach(async () => {
  await run("umount", ["-l", disk]);
  rmSync(disk, { recursive: true });
  await vpcctl("purge --all --yes");
}, LONG_MS);
const mount = (...options: string[]) => run("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", disk]);

describe("a disk without room for the state", () => {
  it.each([8, 16, 32, 48, 64, 80, 96])("of %i KiB: never success without a network, the reason is said, nothing half-written, and purge works", async (kib) => {
    await mount(`size=${kib}k`);
    const before = await machinePicture();
    const ended = await vpcctl([...at, "create", "shop"]);
    if (ended.code === 0) expect(namespaces()).toContain("shop-pub");
    else {
      expect(ended.stderr).toMatch(/cannot be written: no space is left/);
      expect(ended.stderr).not.toMatch(NOT_OUR_FAULT);
    }
    expect(rememberedIn(disk).filter((file) => /\.new /.test(file))).toEqual([]);
    expect((await vpcctl([...at, "purge", "--all", "--yes"])).stderr).not.toMatch(NOT_OUR_FAULT);
    expect({ ...(await machinePicture()), mounts: [] }).toEqual({ ...before, mounts: [] });
  }, LONG_MS);

  it("that fills up later: edits are refused and what runs goes on; with room again they work", async () => {
    await mount("size=1m");
    await done([...at, "vpc", "create", "prod"]);
    const full = join(disk, "full");
    expect(() => writeFileSync(full, Buffer.alloc(2 ** 21))).toThrow("ENOSPC");
    const before = [await machinePicture(), rememberedIn(join(disk, "state"))];
    for (const command of ["vpc create dev", "vpc delete prod --yes", "teardown --yes"]) {
      const refused = await vpcctl([...at, ...command.split(" ")]);
      expect(refused, command).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr, command).toMatch(/cannot be written: no space is left .*\(ENOSPC\)/);
      expect([await machinePicture(), rememberedIn(join(disk, "state"))], command).toEqual(before);
    }
    rmSync(full);
    await done([...at, "vpc", "create", "dev"]);
    await done([...at, "teardown", "--yes"]);
    expect(namespaces()).toEqual([]);
  }, LONG_MS);

  it("that is read-only: 3, and it is named", async () => {
    await mount("size=1m");
    await done([...at, "vpc", "create", "prod"]);
    await run("mount", ["-o", "remount,ro", disk]);
    const before = await machinePicture();
    for (const command of ["vpc create dev", "purge --yes", "list"]) {
      const refused = await vpcctl([...at, ...command.split(" ")]);
      expect(refused, command).toMatchObject({ code: 3, stdout: "" });
      expect(refused.stderr, command).toMatch(/PRIVILEGE: state directory .* cannot be written: its file system is read-only/);
    }
    expect(await machinePicture()).toEqual(before);
    await run("mount", ["-o", "remount,rw", disk]);
    await done([...at, "purge", "--yes"]);
  }, LONG_MS);
});
