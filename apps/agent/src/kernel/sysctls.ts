import { closeSync, readSync, writeSync } from "node:fs";
import { O_RDONLY, O_WRONLY, SystemCallError, openAt } from "../host/libc";
import { writableProc } from "../host/private-proc";

/** Path under /proc/sys. Keys are as sysctl(8) takes them: with dots, or with slashes where an interface name may hold a dot. */
export function sysctlPath(key: string): string {
  const path = /^[^./]*\//.test(key) ? key : [...key].map((char) => (char === "." ? "/" : char === "/" ? "." : char)).join("");
  if (!/^net\/[a-z0-9]+\/[A-Za-z0-9_./@:-]+$/.test(path) || path.split("/").includes("..")) throw new Error(`not a sysctl of the network: ${key}`);
  return path;
}

/** Only there while the kernel's br_netfilter is loaded; absent, bridges do what "0" says. */
export const isBridgeNetfilter = (key: string): boolean => /^net[./]bridge[./]/.test(key);

/**
 * Sysctls of the namespace in which this thread is, while it is there. The directories `net/ipv4` and so on are opened once:
 * every namespace has its own under the same name, so with 500 of them looking one up takes 50 to 150 µs, and a file in it 5.
 */
export class SysctlFiles {
  private readonly directories = new Map<string, number>();

  /** Throws ENOENT when there is no such sysctl, EINVAL when the kernel does not take the value. */
  write(key: string, value: string): void {
    const file = this.open(key, O_WRONLY);
    if (file === null && isBridgeNetfilter(key) && value === "0") return;
    if (file === null) throw new Error(missing(key));
    try {
      writeSync(file, value);
    } catch (error) {
      throw new Error(`${key} = ${value}: ${(error as NodeJS.ErrnoException).code ?? "refused"}`, { cause: error });
    } finally {
      closeSync(file);
    }
  }

  /** An open file to read from, or null when there is no such sysctl. */
  openToRead(key: string): number | null {
    return this.open(key, O_RDONLY);
  }

  close(): void {
    for (const directory of this.directories.values()) closeSync(directory);
  }

  private open(key: string, flags: number): number | null {
    const [net = "", family = "", ...rest] = sysctlPath(key).split("/");
    try {
      return openAt(this.directory(`sys/${net}/${family}`), rest.join("/"), flags);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error instanceof SystemCallError ? new Error(`${key}: ${error.message}`, { cause: error }) : error;
    }
  }

  private directory(path: string): number {
    const known = this.directories.get(path);
    if (known !== undefined) return known;
    const opened = openAt(writableProc(), path, O_RDONLY);
    this.directories.set(path, opened);
    return opened;
  }
}

/** Reads the value in an open file to a place in `bytes`; its length, 0 when what it belongs to has gone. */
export function readValue(file: number, bytes: Buffer, start: number, lengthMax: number): number {
  try {
    return readSync(file, bytes, start, lengthMax, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

/** A link's settings are gone with it, e.g. those of an uplink that is misspelt or was unplugged. */
function missing(key: string): string {
  const link = /^net\/ipv[46]\/conf\/([^/]+)\//.exec(key)?.[1];
  return link === undefined ? `${key}: no such sysctl` : `there is no interface ${link} here (${key})`;
}
