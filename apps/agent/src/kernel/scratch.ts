import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Files handed to `ip -batch` and `nft -f` inside namespaces, where our standard input does not reach. They live in one
 * directory of the agent's own, are removed after use, and what a killed agent left is removed at the next start.
 */
export class Scratch {
  private count = 0;

  constructor(private readonly directory: string) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Writes the text to a new file and returns its path. */
  write(text: string): string {
    this.count += 1;
    const path = join(this.directory, String(this.count));
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  remove(path: string): void {
    rmSync(path, { force: true });
  }
}
