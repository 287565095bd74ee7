import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { diskError } from "./signing/disk-error";

/** A file that only this user can read, whole or not there at all. Throws UNAVAILABLE when the disk does not take it. */
export function writePrivateFile(path: string, text: string): void {
  const draft = join(dirname(path), `.${randomBytes(6).toString("hex")}`);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw diskError(path, error);
  }
}
