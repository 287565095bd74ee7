import { rmSync } from "node:fs";
import { writePrivateFile } from "./write-private-file";

/**
 * The first start's link for whoever cannot read the server's console: a file that only the server's user can read. It is there as
 * long as the link works.
 */
export class SetupLinkFile {
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly path: string) {}

  /** For so many milliseconds. Replaces what a server that was killed has left. */
  write(link: string, lifetimeMs: number): void {
    writePrivateFile(this.path, `${link}\n`);
    this.#timer = setTimeout(() => this.remove(), lifetimeMs).unref();
  }

  remove(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    rmSync(this.path, { force: true });
  }
}
