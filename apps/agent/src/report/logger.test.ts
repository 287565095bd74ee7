import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Command } from "../host/command-runner";
import { logCommands } from "./command-log";
import { createLogger, readable } from "./logger";
import { RotatingFile } from "./rotating-file";

describe("the agent's log", () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "vpclab-log-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("keeps every command with its input and result in a file of mode 0600, and shows a person the rest", async () => {
    let shown = "";
    const log = createLogger(dir, { isTTY: true, write: (text) => (shown += text) });
    const run = (command: Command) => Promise.resolve({ exitCode: command.file === "nft" ? 1 : 0, stdout: "", stderr: "" });
    const runner = logCommands({ tryRun: run, run }, log);
    await runner.tryRun({ file: "ip", args: ["-batch", "-"], stdin: "link add br-x type bridge\n" });
    await runner.tryRun({ file: "nft", args: ["-f", "/x"] });
    log.info("default is in place", { topologyId: "t" });
    log.close();
    const lines = readFileSync(join(dir, "agent.log"), "utf8").trim().split("\n").map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(lines).toEqual([
      expect.stringMatching(/^exit 0 [\d.]+ ms: ip -batch -\nlink add br-x type bridge\n$/), expect.stringMatching(/^exit 1 [\d.]+ ms: nft -f \/x$/), "default is in place",
    ]);
    expect(statSync(join(dir, "agent.log")).mode & 0o777).toBe(0o600);
    expect(shown).toMatch(/^\d\d:\d\d:\d\d info {2}default is in place\n$/);
  });

  it("does not let what it logs take over the terminal", () => {
    expect(readable(JSON.stringify({ level: 50, time: 0, msg: "a\u001b[2Jb\r\nc\u009b" }))).toMatch(/ERROR a \[2Jb c $/);
  });

  it("is bounded: a full file becomes the older one, and the one before that is gone", () => {
    const file = new RotatingFile(join(dir, "agent.log"), 100);
    for (let i = 0; i < 50; i++) file.write(`line ${i} ${"x".repeat(20)}\n`);
    file.close();
    expect(statSync(join(dir, "agent.log")).size).toBeLessThanOrEqual(100);
    expect(statSync(join(dir, "agent.log.1")).size).toBeLessThanOrEqual(100);
    expect(readFileSync(join(dir, "agent.log"), "utf8")).toContain("line 49");
  });
});
