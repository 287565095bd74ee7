import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { z } from "zod";
import { diskError } from "./disk-error";

const WrapperSchema = z.strictObject({ sha256: z.string(), body: z.unknown() });
const digest = (body: unknown): string => createHash("sha256").update(JSON.stringify(body)).digest("hex");
const mirrorOf = (path: string): string => `${path}.mirror`;

/**
 * A JSON value on disk that survives a crash at any point: written beside, synced, renamed, the directory synced; with a
 * checksum, and a second copy of the *same* content. An older copy would be worse than none: it would bring an older fence
 * back. `read` never answers with less than what `write` promised: damage in both copies throws.
 */
export class DurableFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  /** Writes of one file follow each other. */
  #tail: Promise<void> = Promise.resolve();

  constructor(path: string, schema: z.ZodType<T>) {
    this.#path = path;
    this.#schema = schema;
  }

  /** Null when the file was never written. */
  async read(): Promise<T | null> {
    const first = await this.#readCopy(this.#path);
    if (first.found && first.value !== undefined) return first.value;
    const second = await this.#readCopy(mirrorOf(this.#path));
    if (second.found && second.value !== undefined) return second.value;
    if (!first.found && !second.found) return null;
    throw new AppError("INTERNAL", `${this.#path} is damaged, and so is its copy. To begin anew on this machine: vpcctl purge. Of a host that has a server: vpclab-agent purge, then enrol it again`);
  }

  /**
   * `first`: another write that has to be on the disk before this one counts. It begins once there is room for this one; where it
   * fails, this one is not made.
   */
  write(value: T, first: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    return this.#inTurn(async () => {
      const text = `${JSON.stringify({ sha256: digest(value), body: value })}\n`;
      const copies = [this.#path, mirrorOf(this.#path)];
      await this.#writeBeside(copies, text);
      try {
        await first();
      } catch (error) {
        await removeBeside(copies);
        throw error;
      }
      for (const copy of copies) await rename(`${copy}.new`, copy);
      await syncDir(dirname(this.#path));
    });
  }

  /** All or none: where one finds no room, nothing of it is left. Throws AppError where a person can do something about it. */
  async #writeBeside(copies: readonly string[], text: string): Promise<void> {
    const written = await Promise.allSettled(copies.map((copy) => writeSynced(`${copy}.new`, text)));
    const failed = written.find((one) => one.status === "rejected");
    if (!failed) return;
    await removeBeside(copies);
    throw diskError(this.#path, failed.reason);
  }

  /** The mirror goes first: after a crash in between the file is there as before. */
  remove(): Promise<void> {
    return this.#inTurn(async () => {
      await rm(mirrorOf(this.#path), { force: true });
      await rm(this.#path, { force: true });
      await syncDir(dirname(this.#path));
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#tail.then(work, work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #readCopy(path: string): Promise<{ found: boolean; value?: T }> {
    const text = await readOwnFile(path);
    if (text === null) return { found: false };
    try {
      const wrapper = WrapperSchema.parse(JSON.parse(text));
      if (wrapper.sha256 !== digest(wrapper.body)) return { found: true };
      return { found: true, value: this.#schema.parse(wrapper.body) };
    } catch {
      return { found: true };
    }
  }
}

async function removeBeside(copies: readonly string[]): Promise<void> {
  for (const copy of copies) await rm(`${copy}.new`, { force: true }).catch(() => undefined);
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncDir(path: string): Promise<void> {
  const dir = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await dir.sync();
  } finally {
    await dir.close();
  }
}

/** A regular file of this user that nobody else may touch, or null when it is not there. Links of any sort are refused. */
export async function readOwnFile(path: string): Promise<string | null> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw refusal(path, code === "ELOOP" ? "it is a symbolic link" : `it cannot be read (${code ?? "unknown"})`);
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refusal(path, "it is not a regular file");
    if (stat.nlink !== 1) throw refusal(path, "it has a second name (hard link)");
    if (stat.uid !== process.geteuid?.()) throw refusal(path, "it belongs to another user");
    if ((stat.mode & 0o077) !== 0) throw refusal(path, `others than its owner may read or write it; run: chmod 600 ${join(dirname(path), basename(path))}`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

const refusal = (path: string, reason: string): AppError => new AppError("PRIVILEGE", `${path}: ${reason}`);
