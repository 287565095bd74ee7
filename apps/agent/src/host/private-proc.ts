import { accessSync, constants, openSync } from "node:fs";
import { mountProc } from "./libc";

const PROC = "/proc";
const WRITTEN = "/proc/sys/net/ipv4/ip_forward";

let root: number | null = null;

/**
 * Descriptor of a /proc where sysctls can be written. Containers get /proc/sys read-only; with the right to mount there is
 * another one to be had, which no path leads to. Where there is not, it is the one that everybody sees.
 */
export function writableProc(): number {
  root ??= isReadOnly() ? (mountProc() ?? openSync(PROC, "r")) : openSync(PROC, "r");
  return root;
}

function isReadOnly(): boolean {
  try {
    accessSync(WRITTEN, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EROFS";
  }
}
