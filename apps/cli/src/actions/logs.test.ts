import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import { describe, expect, it } from "vitest";
import { scriptLines } from "./logs";

const entry: ActivityEntry = {
  id: "1", at: Date.UTC(2026, 10, 21, 22, 0, 5), actor: "root (ann)", action: "apply", topologyId: null, topologyName: "default", revision: 1,
  text: "VPC “prod” added\nrm -rf /", outcome: "done", reason: null, seconds: 1, commandsLeftOut: 0,
  commands: ["ip netns add prod", "ip netns exec prod kill -9 4711", "kill -9 4712", "ip netns pids old | xargs -r kill -9; ip netns delete old"],
};

describe("an entry as a script", () => {
  it("says who did what, and does it again", () => {
    const lines = scriptLines(entry);
    expect(lines[0]).toBe("#!/bin/sh");
    expect(lines).toEqual(expect.arrayContaining(["set -eu", "ip netns add prod", "ip netns pids old | xargs -r kill -9; ip netns delete old"]));
  });

  it("runs nothing that a description says", () => {
    expect(scriptLines(entry).filter((line) => line.includes("rm -rf")).every((line) => line.startsWith("# "))).toBe(true);
  });

  it("ends no stranger: numbers of processes are of that time", () => {
    expect(scriptLines(entry)).toEqual(expect.arrayContaining(["ip netns pids prod | xargs -r kill -9 # then: process 4711", "# ended then: kill -9 4712"]));
  });

  it("says when it is not all", () => {
    expect(scriptLines({ ...entry, commandsLeftOut: 3 }).at(-1)).toBe("# 3 more commands are not kept.");
  });
});
