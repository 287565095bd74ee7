import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditHead } from "@vpclab/shared/wire/audit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AuditWitness } from "./audit-witness";

describe("a witness of the server's audit log", () => {
  let stateDir: string;
  beforeEach(async () => { stateDir = await mkdtemp(join(tmpdir(), "vpclab-witness-")); });
  afterEach(() => rm(stateDir, { recursive: true }));
  const head = (sequence: number, digit = "a"): AuditHead => ({ sequence, hash: digit.repeat(64) });

  it("has what it noted on the disk, and keeps it over a restart", async () => {
    const witness = await AuditWitness.open(stateDir);
    for (const one of [head(3), head(3), head(7)]) expect(await witness.note(one)).toBeNull();
    expect((await AuditWitness.open(stateDir)).heads).toEqual([head(3), head(7)]);
  });

  it.each<[string, AuditHead, string]>([
    ["is shorter than it was", head(6), "ends with entry 6, and it had 7 before"],
    ["is empty", head(0), "ends with entry 0"],
    ["has another newest entry", head(7, "b"), "entry 7 of the server's audit log is another"],
    ["has another old entry", head(3, "b"), "entry 3 of the server's audit log is another"],
  ])("says when the log %s, and forgets nothing for it", async (_, wrong, words) => {
    const witness = await AuditWitness.open(stateDir);
    for (const one of [head(3), head(7)]) await witness.note(one);
    expect(await witness.note(wrong)).toContain(words);
    expect((await AuditWitness.open(stateDir)).heads).toEqual([head(3), head(7)]);
  });

  it("keeps few of many: the first, the newest, and between them so many that no gap is longer than a quarter of its age", async () => {
    const witness = await AuditWitness.open(stateDir);
    for (let i = 1; i <= 700; i++) await witness.note(head(i));
    const kept = witness.heads.map(({ sequence }) => sequence);
    expect(kept).toHaveLength(64);
    expect([kept[0], ...kept.slice(-16)]).toEqual([1, ...Array.from({ length: 16 }, (_, i) => 685 + i)]);
    const gaps = kept.slice(1).map((sequence, i) => (sequence - (kept[i] ?? 0)) / (701 - sequence));
    expect(Math.max(...gaps.slice(0, -16))).toBeLessThan(0.25);
    expect((await AuditWitness.open(stateDir)).heads).toEqual(witness.heads);
  });
});
