import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { findRunningLab } from "./run-record";

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function dataDir(record?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "vpclab-data-"));
  folders.push(folder);
  mkdirSync(join(folder, "server"));
  if (record !== undefined) writeFileSync(join(folder, "run.json"), record);
  return folder;
}

/** This process, as `npm run up` names it. */
function myself() {
  const stat = readFileSync("/proc/self/stat", "latin1");
  return { pid: process.pid, startTime: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19], bootId: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() };
}

describe("what npm run up runs here", () => {
  it("is found while it lives", () => {
    const folder = dataDir(JSON.stringify({ url: "http://127.0.0.1:3000", server: myself() }));
    expect(findRunningLab(folder)).toMatchObject({ url: "http://127.0.0.1:3000", controlSocket: expect.stringContaining(folder) });
  });

  it.each([
    ["nothing is noted", undefined], ["the note is cut off", '{"url": "http'], ["it is no record", "[1]"], ["no server ran", '{"url": "http://x", "server": null}'],
    ["the pid is another process by now", JSON.stringify({ url: "http://x", server: { ...myself(), startTime: "1" } })],
    ["it was before the last boot", JSON.stringify({ url: "http://x", server: { ...myself(), bootId: "x" } })],
    ["it is not ready", JSON.stringify({ url: null, server: myself() })],
  ])("is nothing where %s", (_, record) => expect(findRunningLab(dataDir(record))).toBeNull());
});
