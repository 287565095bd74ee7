import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownCacheFolder } from "../bin/compile-cache.mjs";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "vpcctl-home-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const cache = (): string => join(home, ".cache/vpclab");

describe("what Node compiled is kept", () => {
  it("in a folder of the person alone, made with the first start", () => {
    expect(ownCacheFolder(home)).toBe(cache());
    expect(statSync(cache()).mode & 0o777).toBe(0o700);
    expect(ownCacheFolder(home)).toBe(cache());
  });

  it("nowhere where others could put code: the folder, or one above it, is open to them", () => {
    mkdirSync(cache(), { recursive: true });
    chmodSync(cache(), 0o777);
    expect(ownCacheFolder(home)).toBeNull();
    chmodSync(cache(), 0o700);
    chmodSync(join(home, ".cache"), 0o777);
    expect(ownCacheFolder(home)).toBeNull();
    chmodSync(join(home, ".cache"), 0o755);
    chmodSync(home, 0o775);
    expect(ownCacheFolder(home)).toBeNull();
    chmodSync(home, 0o755);
    expect(ownCacheFolder(home)).toBe(cache());
  });

  it("nowhere in another person's home", () => {
    expect(ownCacheFolder(home, 54321)).toBeNull();
  });

  it("nowhere behind a link", () => {
    const elsewhere = join(home, "elsewhere");
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, join(home, ".cache"));
    expect(ownCacheFolder(home)).toBeNull();
  });

  it("nowhere without a home", () => {
    expect(ownCacheFolder(join(home, "none"))).toBeNull();
  });
});
