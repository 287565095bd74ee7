import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Source } from "@vpclab/shared/text/source";

export const FILE_BYTES_MAX = 1024 * 1024;
/** The name that stands for standard input. */
export const STDIN = "-";

/**
 * The text of a file, or of standard input for `-`: UTF-8, at most 1 MiB. Nothing but a regular file is opened, so that no
 * device or pipe is read on and on or waited for. Throws AppError SCHEMA or TOO_LARGE.
 */
export async function readSource(path: string, stdin: Readable & { isTTY?: boolean } = process.stdin): Promise<Source> {
  const name = path === STDIN ? "standard input" : path;
  const bytes = path === STDIN ? await readStdin(stdin) : await readRegularFile(path);
  return { name, text: decode(bytes, name) };
}

async function readRegularFile(path: string): Promise<Buffer> {
  // Without O_NONBLOCK a named pipe nobody writes to would be waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const about = await file.stat();
    if (about.isDirectory()) throw new AppError("SCHEMA", `${path} is a directory; name a file.`);
    if (!about.isFile()) throw new AppError("SCHEMA", `${path} is no regular file; to read from a program: program | vpcctl … -f -`);
    if (about.size > FILE_BYTES_MAX) throw tooLarge(path);
    const buffer = Buffer.alloc(FILE_BYTES_MAX + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (length > FILE_BYTES_MAX) throw tooLarge(path);
      if (bytesRead === 0) return buffer.subarray(0, length);
    }
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

async function readStdin(stdin: Readable & { isTTY?: boolean }): Promise<Buffer> {
  if (stdin.isTTY) throw new AppError("SCHEMA", "Nothing is piped in; name a file, or: program | vpcctl … -f -");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > FILE_BYTES_MAX) {
      stdin.destroy();
      throw tooLarge("standard input");
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer, name: string): string {
  if (bytes.includes(0)) throw new AppError("SCHEMA", `${name} is not text (there are zero bytes in it); write YAML or JSON in UTF-8.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("SCHEMA", `${name} is not UTF-8 text; save it as UTF-8.`);
  }
}

const tooLarge = (name: string): AppError => new AppError("TOO_LARGE", `${name} is larger than 1 MiB; a topology of the largest size is not.`);

const WHY: Partial<Record<string, string>> = {
  ENOENT: "there is no such file", EACCES: "you may not read it", EPERM: "you may not read it", ENOTDIR: "a part of the path is no directory",
  ELOOP: "its symbolic links lead in a circle", ENAMETOOLONG: "the name is too long", EISDIR: "it is a directory", ENXIO: "it is no regular file",
};

function unreadable(path: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new AppError("SCHEMA", `Cannot read ${path}: ${WHY[code] ?? (code || "unknown reason")}.`, { cause: error });
}
