import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMALL_ORDER_KEYS } from "@vpclab/shared/testing/small-order-keys";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generateSigningKey } from "../link/ed25519";
import { ensureAgentKey, readIdentity, writeEnrolment } from "./identity";
import { openStateDir } from "./state-dir";

describe("the agent's key", () => {
  let root: string;
  let dir: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vpclab-identity-"));
    dir = await openStateDir(join(root, "state"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const enrolled = async () => {
    const key = await ensureAgentKey(dir);
    await writeEnrolment(dir, { agentId: "agent-1", serverKey: generateSigningKey().text, url: "http://localhost" });
    return key;
  };

  it("is made once, with mode 0600, and found again", async () => {
    const key = await enrolled();
    expect((await stat(join(dir, "agent.key"))).mode & 0o777).toBe(0o600);
    expect((await ensureAgentKey(dir)).text).toBe(key.text);
    expect((await readIdentity(dir))?.agentKey.text).toBe(key.text);
  });

  it("is nobody's before an enrolment", async () => {
    await ensureAgentKey(dir);
    expect(await readIdentity(dir)).toBeNull();
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ["readable by its group", (file) => chmod(file, 0o640)], ["empty", (file) => writeFile(file, "")], ["cut off", async (file) => writeFile(file, (await readFile(file)).subarray(0, 20))],
    ["a symbolic link", async (file) => (await rm(file), symlink("/etc/hostname", file))], ["gone", (file) => rm(file)],
  ])("refuses the start with one line when it is %s", async (_name, spoil) => {
    await enrolled();
    await spoil(join(dir, "agent.key"));
    await expect(readIdentity(dir)).rejects.toThrow(/^[^\n]*agent\.key[^\n]*$/);
  });

  it.each(SMALL_ORDER_KEYS)("refuses a pinned key that proves nothing: %s", async (_, { text }) => {
    await ensureAgentKey(dir);
    for (const change of [{ serverKey: text }, { serverKey: generateSigningKey().text, earlierKeys: [text] }]) {
      await writeEnrolment(dir, { agentId: "agent-1", url: "http://localhost", ...change });
      await expect(readIdentity(dir)).rejects.toThrow(/small order|canonical form/);
    }
  });
});
