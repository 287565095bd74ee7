import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeOwned } from "./owned-file.mjs";
import { makePrivateDir, ROOT, STAMP_DIR } from "./paths.mjs";
import { owner } from "./privileges.mjs";

/** Made by tools, or not part of what a build reads. */
const IGNORED = new Set(["node_modules", ".next", "dist", ".turbo", "generated", "test-results", "playwright-report", "e2e", "test"]);
const IGNORED_FILE = /\.test\.tsx?$|\.tsbuildinfo$|^next-env\.d\.ts$/;

/**
 * SHA-256 over names and bytes of the given files and folders (relative to the checkout). Contents, not times: a fresh clone,
 * a branch switched there and back, and a touched file all give the same answer.
 */
export function contentHash(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    let entries;
    try {
      entries = readdirSync(join(ROOT, path), { withFileTypes: true });
    } catch (error) {
      if (error.code === "ENOENT") return;
      if (error.code !== "ENOTDIR") throw error;
      hash.update(`${path}\0`).update(readFileSync(join(ROOT, path))).update("\0");
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (IGNORED.has(entry.name) || IGNORED_FILE.test(entry.name)) continue;
      add(join(path, entry.name));
    }
  };
  paths.forEach(add);
  return hash.digest("hex");
}

/** The note that work was done for this content. */
export function readStamp(name, folder = STAMP_DIR) {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    return null;
  }
}

export function writeStamp(name, value, folder = STAMP_DIR) {
  makePrivateDir(folder, owner());
  writeOwned(join(folder, name), value);
}
