import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enrolledStateDir, RecordingLog } from "../../test/link/agent-fixture";
import { fingerprintOfKey } from "../link/ed25519";
import { serveControl } from "../local/control-server";
import { readIdentity } from "../state/identity";
import { lockStateDir } from "./lock";
import { readOptions } from "./options";
import { rotateKeyCommand } from "./rotate-key";

describe("vpclab-agent rotate-key", () => {
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let lines: string[];
  beforeEach(async () => {
    home = await enrolledStateDir();
    lines = [];
  });
  afterEach(() => home.remove());
  const command = (stateDir = home.stateDir) =>
    rotateKeyCommand(readOptions(["rotate-key", "--state", stateDir], { mode: null, uplink: null, stateDir: null, url: null, policy: null }), (line) => lines.push(line));

  it("makes the key while no agent runs, the same at a second call, and shows both fingerprints", async () => {
    expect([await command(), await command()]).toEqual([0, 0]);
    const next = (await readIdentity(home.stateDir))?.nextKey;
    expect(lines.slice(0, 3)).toEqual([
      `fingerprint of this host before: ${fingerprintOfKey(home.identity.agentKey)}`, `fingerprint of this host now:    ${fingerprintOfKey(next!)}`, expect.stringMatching(/as soon as/),
    ]);
    expect(lines.slice(3)).toEqual(lines.slice(0, 3));
  });

  it("asks the agent that runs", async () => {
    const lock = await lockStateDir(home.stateDir);
    const asked: string[] = [];
    const control = await serveControl(home.stateDir, (method) => (asked.push(method), Promise.resolve({ before: "aaaa", after: "bbbb", taken: true } as never)), new RecordingLog());
    expect(await command()).toBe(0);
    expect(asked).toEqual(["rotateKey"]);
    expect(lines).toEqual([expect.stringMatching(/aaaa$/), expect.stringMatching(/bbbb$/), expect.stringMatching(/has taken it/)]);
    expect(await readdir(home.stateDir)).not.toContain("agent.next.key");
    await control.close();
    await lock.release();
  });

  it("is refused where no server knows the host, and while something else works with its directory", async () => {
    await expect(command(`${home.stateDir}-other`)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    const lock = await lockStateDir(home.stateDir);
    await expect(command()).rejects.toMatchObject({ code: "CONFLICT" });
    await lock.release();
  });
});
