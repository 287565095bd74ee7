import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Step } from "@vpclab/shared/plan/step";
import { commandOf } from "@vpclab/shared/plan/render";
import { ACTIVITY_COMMANDS_MAX, ActivityEntrySchema } from "@vpclab/shared/wire/activity";
import { FRAME_BYTES_MAX } from "@vpclab/shared/wire/messages";
import { framesOf } from "../link/fit-frame";
import { ActivityLog } from "./activity-log";

const owner = { topologyId: "t", objectId: "vpc-1" };
const made = (namespace: string): Step => ({ owner, namespace, action: "netns-add" });
const action = (text: string, steps: readonly Step[] = []) => ({
  actor: "ann", action: "apply", topologyId: "t", topologyName: "default", revision: 1, text, outcome: "done" as const, reason: null, seconds: 0.1, steps,
});

describe("the activity log", () => {
  let stateDir: string;
  let log: ActivityLog;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "vpclab-activity-"));
    log = new ActivityLog({ stateDir, commandOf: (step) => commandOf(step) });
  });
  afterEach(() => {
    log.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it("keeps actions in their order, over a restart and beside what a crash tore", () => {
    for (const text of ["one", "two"]) log.record(action(text, [made("vpc1")]));
    log.close();
    appendFileSync(join(stateDir, "activity.jsonl"), `{"id":"half\n`);
    const again = new ActivityLog({ stateDir, commandOf: () => "" });
    again.record(action("three"));
    expect(again.last(10).map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(again.last(2).map(({ text }) => text)).toEqual(["two", "three"]);
    expect(again.last(10)[0]?.commands).toEqual(["ip netns add vpc1"]);
    again.close();
  });

  it("bounds what it keeps, says how much it left out, and writes no control characters", () => {
    const entry = log.record({ ...action(`${"long ".repeat(400)}`, Array.from({ length: ACTIVITY_COMMANDS_MAX + 7 }, (_, i) => made(`n${i}`))), actor: "ann\u001b[31m\nroot", reason: "r".repeat(5000) });
    expect(ActivityEntrySchema.safeParse(entry).success).toBe(true);
    expect(entry).toMatchObject({ commandsLeftOut: 7, actor: "ann [31m root" });
    expect(readFileSync(join(stateDir, "activity.jsonl"), "utf8").split("\n")).toHaveLength(2);
  });

  it("fits the server's frame with the first of its commands", () => {
    const big = new ActivityLog({ stateDir, commandOf: () => "ü".repeat(19_000) });
    const entry = big.record(action("big", Array.from({ length: 50 }, () => made("x"))));
    const frames = framesOf({ type: "activity", entry });
    expect(frames).toHaveLength(1);
    expect(Buffer.byteLength(frames[0] ?? "")).toBeLessThan(FRAME_BYTES_MAX);
    const sent = JSON.parse(frames[0] ?? "{}") as { entry: typeof entry };
    expect(sent.entry.commands.length + sent.entry.commandsLeftOut).toBe(50);
    expect(sent.entry.commands.length).toBeGreaterThan(10);
    big.close();
  });
});
