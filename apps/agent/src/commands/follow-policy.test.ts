import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RecordingLog } from "../../test/link/agent-fixture";
import type { Policy } from "../policy/policy";
import { followPolicy } from "./follow-policy";

let dir: string;
let before: NodeJS.SignalsListener[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "vpclab-policy-"));
  before = process.listeners("SIGHUP");
});
afterEach(async () => {
  for (const listener of process.listeners("SIGHUP")) if (!before.includes(listener)) process.off("SIGHUP", listener);
  await rm(dir, { recursive: true, force: true });
});

it("SIGHUP has the file read again; one that is doubtful is not taken, and said", async () => {
  const path = join(dir, "policy.json");
  const taken: Policy[] = [];
  const log = new RecordingLog();
  followPolicy(path, { usePolicy: (policy) => void taken.push(policy) }, log);
  await writeFile(path, '{"max":{"vpcs":3}}', { mode: 0o644 });
  process.emit("SIGHUP", "SIGHUP");
  await vi.waitFor(() => expect(taken.map(({ rules }) => rules.max.vpcs)).toEqual([3]), { timeout: 10_000 });
  for (const bad of ['{"max":{"vpcs":"4"}}', "", '{"command":"id"}']) {
    const said = log.lines.length;
    await writeFile(path, bad);
    process.emit("SIGHUP", "SIGHUP");
    await vi.waitFor(() => expect(log.lines.slice(said)).toEqual([expect.stringContaining("the policy stays as it was")]), { timeout: 10_000 });
  }
  expect(taken).toHaveLength(1);
});
