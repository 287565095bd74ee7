import { constants, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { flock } from "./libc";

export interface FileLock {
  release(): Promise<void>;
}

const HOLDER_BYTES_MAX = 200;

/**
 * flock(2) on a file, or null when another process holds it. The lock belongs to the open file description: the kernel lets
 * go when this process ends, however it ends, and no child inherits it (Node opens close-on-exec). Unlike an abstract socket
 * it also works between network namespaces. The file says who holds it, for people.
 */
export async function lockFile(path: string): Promise<FileLock | null> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    if (flock(file.fd)) {
      await file.truncate();
      await file.write(`${process.argv.slice(1).map((word) => word.split("/").at(-1)).join(" ").slice(0, HOLDER_BYTES_MAX)} (pid ${process.pid})\n`, 0);
      return { release: () => file.close() };
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

/** Who holds the lock, as it said itself. */
export function lockHolder(path: string): string {
  try {
    return readFileSync(path, "utf8").trim().replace(/[^\x20-\x7e]/g, "·").slice(0, HOLDER_BYTES_MAX + 30) || "another process";
  } catch {
    return "another process";
  }
}
