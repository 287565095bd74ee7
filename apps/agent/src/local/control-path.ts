import type { FileHandle } from "node:fs/promises";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

export const CONTROL_SOCKET = "control.sock";

export interface ControlPath {
  /** Short whatever the directory's path is: a unix socket's has 107 bytes at most (unix(7)). */
  readonly path: string;
  close(): Promise<void>;
}

/** The agent's control socket by way of an open descriptor of its directory. */
export async function openControlPath(stateDir: string): Promise<ControlPath> {
  const directory: FileHandle = await open(stateDir, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${directory.fd}/${CONTROL_SOCKET}`, close: () => directory.close() };
}
