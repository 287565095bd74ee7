import { closeSync, readFileSync } from "node:fs";
import { SysctlFiles, isBridgeNetfilter, readValue } from "./sysctls";

interface OpenFiles {
  readonly cookie: bigint;
  readonly files: ReadonlyMap<string, number>;
  /** What was read last: the files' bytes one after the other, and what they say. */
  last: { readonly bytes: Buffer; readonly values: Record<string, string> };
}

/** A share of what the process may open (RLIMIT_NOFILE; Node raises it to the hard limit at its start). */
const SHARE_OF_LIMIT = 0.5;

/**
 * Reads the same sysctls of many namespaces again and again: their files stay open, which makes a reading 2 µs instead of 50
 * (see SysctlFiles). An open sysctl does not keep its namespace alive (measured), and the namespace's cookie says whether
 * it is still the same one.
 */
export class SeenSysctls {
  private readonly opened = new Map<string, OpenFiles>();
  private count = 0;
  private readonly countMax = Math.floor(openFilesMax() * SHARE_OF_LIMIT);

  constructor(private readonly keys: readonly string[]) {}

  /** Values of the namespace in which this thread is; keys that do not exist are left out. */
  read(namespace: string, cookie: bigint | null): Record<string, string> {
    const known = this.opened.get(namespace);
    if (known && known.cookie === cookie) {
      const length = readAll(known.files);
      if (scratch.compare(known.last.bytes, 0, known.last.bytes.length, 0, length) !== 0) known.last = lastOf(this.keys, known.files, length);
      return known.last.values;
    }
    this.forget(namespace);
    const files = openAll(this.keys);
    const last = lastOf(this.keys, files, readAll(files));
    if (cookie !== null && this.count + files.size <= this.countMax) {
      this.opened.set(namespace, { cookie, files, last });
      this.count += files.size;
    } else closeAll(files);
    return last.values;
  }

  forget(namespace: string): void {
    const known = this.opened.get(namespace);
    if (!known) return;
    closeAll(known.files);
    this.count -= known.files.size;
    this.opened.delete(namespace);
  }
}

/** Values of the namespace in which this thread is, once; keys that do not exist (their link has gone) are left out. */
export function readSysctls(keys: readonly string[]): Record<string, string> {
  const files = openAll(keys);
  try {
    return lastOf(keys, files, readAll(files)).values;
  } finally {
    closeAll(files);
  }
}

function openAll(keys: readonly string[]): Map<string, number> {
  const sysctls = new SysctlFiles();
  try {
    return new Map([...new Set(keys)].flatMap((key): [string, number][] => {
      const file = sysctls.openToRead(key);
      return file === null ? [] : [[key, file]];
    }));
  } finally {
    sysctls.close();
  }
}

const closeAll = (files: ReadonlyMap<string, number>): void => {
  for (const file of files.values()) closeSync(file);
};

/** Each file's value in a place of its own, zeros behind it; shared, because nothing is kept in it. */
const PLACE_BYTES = 64;
const SYSCTLS_MAX = 4096;
const scratch = Buffer.alloc(SYSCTLS_MAX * PLACE_BYTES);

/** Reads all files into `scratch`, each into its place; answers with the bytes that are used. What has gone is empty. */
function readAll(files: ReadonlyMap<string, number>): number {
  let at = 0;
  for (const file of files.values()) {
    const length = readValue(file, scratch, at, PLACE_BYTES);
    scratch.fill(0, at + length, at + PLACE_BYTES);
    at += PLACE_BYTES;
  }
  return at;
}

function lastOf(keys: readonly string[], files: ReadonlyMap<string, number>, length: number): OpenFiles["last"] {
  const values: Record<string, string> = {};
  const places = new Map([...files.keys()].map((key, index) => [key, index * PLACE_BYTES]));
  for (const key of keys) {
    const value = textAt(places.get(key));
    if (value !== "") values[key] = value;
    else if (isBridgeNetfilter(key)) values[key] = "0";
  }
  return { bytes: Buffer.from(scratch.subarray(0, length)), values };
}

function textAt(place: number | undefined): string {
  if (place === undefined) return "";
  const end = scratch.indexOf(0, place);
  // The kernel separates the numbers of one value by tabs.
  return scratch.toString("latin1", place, end < 0 ? place + PLACE_BYTES : Math.min(end, place + PLACE_BYTES)).trim().replaceAll("\t", " ");
}

/** Soft limit in /proc/self/limits (proc_pid_limits(5)): `Max open files  1024  1048576  files`. */
function openFilesMax(): number {
  const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return Number(limit ?? 1024);
}
