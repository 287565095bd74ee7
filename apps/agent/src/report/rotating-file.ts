import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from "node:fs";

const BYTES_MAX = 8 * 1024 * 1024;

/** A log file of bounded size: when it is full it becomes `<name>.1`, and the one before that is forgotten. */
export class RotatingFile {
  readonly #path: string;
  readonly #bytesMax: number;
  #file: number;
  #size: number;

  constructor(path: string, bytesMax = BYTES_MAX) {
    this.#path = path;
    this.#bytesMax = bytesMax;
    this.#file = openForAppend(path);
    this.#size = fstatSync(this.#file).size;
  }

  /** Never throws: a full disk must not stop the agent. */
  write(line: string): void {
    try {
      if (this.#size + line.length > this.#bytesMax) this.#rotate();
      this.#size += writeSync(this.#file, line);
    } catch {
      return;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #rotate(): void {
    closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openForAppend(this.#path);
    this.#size = 0;
  }
}

const openForAppend = (path: string): number =>
  openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW, 0o600);
