import { chmod, link, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FenceStore } from "./fence-store";
import { openStateDir } from "./state-dir";

const TOPOLOGY_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
const entry = (generation: number) => ({ epoch: 1, generation, contentHash: "a".repeat(64), tombstone: false });

describe("the fence on disk", () => {
  let root: string;
  let dir: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vpclab-state-"));
    dir = await openStateDir(join(root, "state"));
    const fence = await FenceStore.open(dir);
    await fence.set(TOPOLOGY_ID, entry(1));
    await fence.set(TOPOLOGY_ID, entry(2));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const path = (): string => join(dir, "fence.json");
  /** Generation that a new start finds, or how it refuses. */
  const found = async (): Promise<number | string> => {
    try {
      return (await FenceStore.open(dir)).get(TOPOLOGY_ID)?.generation ?? "nothing";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("never comes back as an older one, whichever byte of a copy is turned, cut off or lost", async () => {
    const whole = await readFile(path());
    for (let at = 0; at < whole.length; at++) {
      const turned = Buffer.from(whole);
      turned[at]! ^= 1;
      await writeFile(path(), turned, { mode: 0o600 });
      expect(await found(), `bit turned in byte ${at}`).toBe(2);
      await writeFile(path(), whole.subarray(0, at));
      expect(await found(), `cut at ${at}`).toBe(2);
    }
    await rm(path());
    expect(await found()).toBe(2);
  });

  it("refuses to start when both copies are damaged", async () => {
    await writeFile(path(), "{");
    await writeFile(`${path()}.mirror`, "{");
    expect(await found()).toMatch(/damaged/);
  });

  it("does not mind what a crash in the middle of a write left", async () => {
    await writeFile(`${path()}.new`, "{", { mode: 0o600 });
    expect(await found()).toBe(2);
    await (await FenceStore.open(dir)).set(TOPOLOGY_ID, entry(3));
    expect(await found()).toBe(3);
    expect((await readdir(dir)).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ["readable by others", (file) => chmod(file, 0o644)],
    ["a symbolic link", async (file) => (await writeFile(`${file}.real`, await readFile(file), { mode: 0o600 }), await rm(file), await symlink(`${file}.real`, file))],
    ["a hard link", (file) => link(file, `${file}.other`)],
    ["a directory", async (file) => (await rm(file), await mkdir(file, { mode: 0o700 }), undefined)],
  ])("is not read when it is %s", async (_name, spoil) => {
    await spoil(path());
    expect(await found()).toMatch(/others than its owner|symbolic link|hard link|not a regular file/);
  });
});

describe("the state directory", () => {
  let root: string;
  beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "vpclab-state-"))));
  afterEach(() => rm(root, { recursive: true, force: true }));

  it("is made with mode 0700 and refused when others may enter it, when it is a link or a file", async () => {
    const dir = await openStateDir(join(root, "state"));
    await chmod(dir, 0o750);
    await expect(openStateDir(dir)).rejects.toThrow(/chmod 700/);
    await symlink(dir, join(root, "link"));
    await expect(openStateDir(join(root, "link"))).rejects.toThrow(/symbolic link/);
    await writeFile(join(root, "file"), "");
    await expect(openStateDir(join(root, "file"))).rejects.toThrow(/state directory/);
  });
});
