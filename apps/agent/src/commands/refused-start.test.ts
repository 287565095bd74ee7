import { execFileSync } from "node:child_process";
import { chmod, chown, link, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { enrolledStateDir } from "../../test/link/agent-fixture";
import { ensureNextKey } from "../state/identity";
import { readOptions } from "./options";
import { run } from "./run";

afterAll(({}, file) => console.info(badInputCount("K", file)));

type Spoil = (path: string) => Promise<unknown>;
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
const lines = (...cases: readonly (readonly [string, Spoil, RegExp])[]) => cases;

/** E-7, B-K7: what the agent does not start with, and what it says then. Files of other users can only be made by root. */
const FILES = lines(
  ["of mode 0640", (file) => chmod(file, 0o640), /chmod 600/], ["of mode 0644", (file) => chmod(file, 0o644), /chmod 600/],
  ["of mode 0660", (file) => chmod(file, 0o660), /chmod 600/], ["of mode 0602", (file) => chmod(file, 0o602), /chmod 600/],
  ["a symbolic link to a good one", async (file) => (await rename(file, `${file}.real`), symlink(`${file}.real`, file)), /symbolic link/],
  ["a symbolic link to nothing", async (file) => (await rm(file), symlink("nothing", file)), /symbolic link/],
  ["a file with a second name", (file) => link(file, `${file}.link`), /hard link/],
  ["a pipe", async (file) => (await rm(file), execFileSync("mkfifo", ["-m", "600", file])), /not a regular file/],
  ["a directory", async (file) => (await rm(file), mkdir(file, { mode: 0o700 })), /not a regular file/],
  ...(isRoot ? lines(["of another user", (file) => chown(file, NOBODY, NOBODY), /another user/]) : []),
  ["empty", (file) => writeFile(file, ""), /damaged/], ["cut off", async (file) => writeFile(file, (await readFile(file)).subarray(0, 20)), /damaged/],
  ["longer than a key", async (file) => writeFile(file, `AAAA${await readFile(file, "utf8")}`), /damaged/], ["nonsense", (file) => writeFile(file, "\0".repeat(44)), /damaged/],
);
const DIRECTORIES = lines(
  ...[0o770, 0o707, 0o777, 0o720, 0o702, 0o750, 0o701].map((mode) => [`of mode 0${mode.toString(8)}`, (path: string) => chmod(path, mode), /chmod 700/] as const),
  ["a symbolic link to a good one", async (path) => (await rename(path, `${path}.real`), symlink(`${path}.real`, path)), /symbolic link/],
  ["a file", async (path) => (await rename(path, `${path}.real`), writeFile(path, "")), /EEXIST|ENOTDIR|not a directory/],
  ...(isRoot ? lines(["of another user", (path) => chown(path, NOBODY, NOBODY), /another user/]) : []),
);

describe("the agent does not start", () => {
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  beforeEach(async () => {
    home = await enrolledStateDir();
    await ensureNextKey(home.stateDir);
  });
  afterEach(() => home.remove());

  const started = (stateDir = home.stateDir): Promise<unknown> =>
    run(readOptions(["run", "--state", stateDir], { mode: null, uplink: null, stateDir: null, url: null, policy: null }), Promise.resolve("SIGTERM")).then(() => "started", (error: unknown) => error);

  async function refusesFor(path: string, words: RegExp): Promise<void> {
    const error = await started();
    expect(error).toBeInstanceOf(AppError);
    const { code, message } = error as AppError;
    expect([path, code]).toEqual([path, "PRIVILEGE"]);
    expect(message).toMatch(words);
    expect(message).toContain(path);
    expect(message).not.toContain("\n");
  }

  it.each(["agent.key", "agent.next.key"].flatMap((name) => FILES.map((one) => [name, ...one] as const)))("when %s is %s", async (name, _, spoil, words) => {
    const file = join(home.stateDir, name);
    await spoil(file);
    await refusesFor(file, words);
  });

  it("when its key is gone", async () => {
    const file = join(home.stateDir, "agent.key");
    await rm(file);
    await refusesFor(file, /is gone/);
  });

  it.each(["", "jobs"].flatMap((name) => DIRECTORIES.map((one) => [name === "" ? "its state directory" : `its folder ${name}`, name, ...one] as const)))("when %s is %s%s", async (_, name, _what, spoil, words) => {
    const path = join(home.stateDir, name);
    await spoil(path);
    await refusesFor(path, words);
  });

  it("where nobody has enrolled it", async () => {
    const empty = await mkdtemp(join(tmpdir(), "vpclab-start-"));
    expect(await started(join(empty, "state"))).toMatchObject({ code: "UNAUTHENTICATED" });
    await rm(empty, { recursive: true });
  });
});
