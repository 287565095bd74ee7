import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { supervise as Supervise } from "../../scripts/lib/supervise.mjs";

/** Waits until `condition` holds. */
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 10_000, interval: 20 });

describe("a supervised program", () => {
  const folder = mkdtempSync(join(tmpdir(), "vpclab-supervise-"));
  let supervise: typeof Supervise;
  beforeAll(async () => {
    process.env.VPCLAB_DATA = folder;
    ({ supervise } = await import("../../scripts/lib/supervise.mjs"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const node = (source: string) => () => ({ file: process.execPath, args: ["-e", source], options: {} });

  it("is started again when it dies, and says so", async () => {
    const said: string[] = [];
    const pids: number[] = [];
    const part = supervise("dies", {
      command: node("setInterval(() => {}, 1000)"),
      onStart: (identity) => { if (identity) pids.push(identity.pid); },
      say: (line) => { said.push(line); },
    });
    part.start();
    await until(() => pids.length === 1);
    process.kill(pids[0] as number, "SIGKILL");
    await until(() => pids.length === 2);
    expect(said.join()).toContain("ended by SIGKILL");
    expect(pids[1]).not.toBe(pids[0]);
    expect(await part.stop(5000)).toBe("stopped");
  });

  it("is asked to end, may finish its work, and is not started again", async () => {
    const printed: string[] = [];
    const part = supervise("tidy", {
      command: node("process.on('SIGTERM', () => { console.log('cleaned'); process.exit(0); }); console.log('up'); setInterval(() => {}, 1000)"),
      onLine: (line) => { printed.push(line); },
      say: () => {},
    });
    part.start();
    await until(() => printed.includes("up"));
    expect(await part.stop(5000)).toBe("stopped");
    expect(printed).toContain("cleaned");
    expect(part.running()).toBe(false);
    expect(readFileSync(part.logPath, "utf8")).toContain("cleaned");
  });

  it("is ended by force when it does not listen", async () => {
    const printed: string[] = [];
    const part = supervise("deaf", {
      command: node("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"),
      onLine: (line) => { printed.push(line); },
      say: () => {},
    });
    part.start();
    await until(() => printed.includes("up"));
    expect(await part.stop(300)).toContain("was ended");
    expect(part.running()).toBe(false);
  });

  it("counts starts that fail, so that the caller can give up", async () => {
    const part = supervise("broken", { command: node("console.error('no such thing'); process.exit(3)"), say: () => {} });
    part.start();
    await until(() => part.failedStarts() >= 2);
    expect(part.lastLines()).toContain("no such thing");
    await part.stop(1000);
  });
});
