import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { FILE_BYTES_MAX, readSource } from "./read-source";

const dir = mkdtempSync(join(tmpdir(), "vpcctl-file-"));
afterAll(() => rmSync(dir, { recursive: true }));
const at = (name: string, content?: string | Uint8Array): string => {
  const path = join(dir, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
};
const refused = async (path: string, stdin?: Readable) => readSource(path, stdin).then(() => "read", (error: Error & { code: string }) => `${error.code} ${error.message}`);

describe("what is no text file is refused, and nothing is waited for", () => {
  it.each<[what: string, path: () => string, words: string]>([
    ["missing", () => at("none.yaml"), "no such file"],
    ["a directory", () => dir, "directory"],
    ["a path through a file", () => join(at("plain", "x"), "y"), "no directory"],
    ["a circle of links", () => { symlinkSync(at("loop"), at("loop")); return at("loop"); }, "circle"],
    ["an endless device", () => "/dev/zero", "no regular file"],
    ["the null device", () => "/dev/null", "no regular file"],
    ["a pipe that nobody writes to", () => { execFileSync("mkfifo", [at("pipe")]); return at("pipe"); }, "no regular file"],
    ["binary", () => at("binary", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1)), "not text"],
    ["UTF-16", () => at("utf16", Buffer.from("name: lab", "utf16le")), "not text"],
    ["Latin-1", () => at("latin1", Uint8Array.of(0x6e, 0xe9)), "UTF-8"],
    ["one byte too large", () => at("large", "#".repeat(FILE_BYTES_MAX + 1)), "TOO_LARGE"],
    ["a name of a kilobyte", () => at("x".repeat(1000)), "too long"],
  ])("%s", async (_what, path, words) => {
    expect(await refused(path())).toContain(words);
  });

  it("standard input without end, and a terminal", async () => {
    const endless = new Readable({ read() { this.push(Buffer.alloc(65536, "a")); } });
    expect(await refused("-", endless)).toContain("TOO_LARGE");
    expect(endless.destroyed).toBe(true);
    expect(await refused("-", Object.assign(new PassThrough(), { isTTY: true }))).toContain("piped");
  });

  it("1 MiB exactly, a link, and what is piped in are read", async () => {
    expect((await readSource(at("full", "#".repeat(FILE_BYTES_MAX)))).text).toHaveLength(FILE_BYTES_MAX);
    symlinkSync(at("target", "name: lab"), at("link"));
    expect(await readSource(at("link"))).toEqual({ name: at("link"), text: "name: lab" });
    expect(await readSource("-", Readable.from([Buffer.from("name: "), Buffer.from("lab")]))).toEqual({ name: "standard input", text: "name: lab" });
  });
});
