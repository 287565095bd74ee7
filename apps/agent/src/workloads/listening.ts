import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { inNamespace } from "../host/in-namespace";

const STATE_LISTEN = "0A";

/** Inodes of the IPv4 TCP sockets that listen on a port in the network namespace of a process (/proc/<pid>/net/tcp, proc(5)). */
const listeningSockets = (pid: number, port: number): Set<string> => socketsIn(`/proc/${pid}/net/tcp`, port);

/** Whether anybody listens on the port in a named namespace: one look, where finding out who it is takes one at every process. */
export const isListenedOn = (netns: string, port: number): boolean => inNamespace(netns, () => socketsIn("/proc/thread-self/net/tcp", port).size > 0);

function socketsIn(table: string, port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readFileSync(table, "utf8").split("\n").slice(1).map((line) => line.trim().split(/\s+/));
  return new Set(rows.flatMap(([, local, , state, , , , , , inode]) =>
    local?.endsWith(suffix) && state === STATE_LISTEN && inode !== undefined ? [inode] : []));
}

/** Whether this very process listens on the port, not another one in its namespace. False when it has ended. */
export function listensOn(pid: number, port: number): boolean {
  try {
    const sockets = listeningSockets(pid, port);
    return sockets.size > 0 && readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`)) ?? [];
      return inode !== undefined && sockets.has(inode);
    });
  } catch {
    return false;
  }
}
