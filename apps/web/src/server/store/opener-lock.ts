import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";

/**
 * PGlite has no lock of its own: two processes on one folder lose each other's rows without an error. An abstract unix
 * socket (unix(7)) can be bound once only and is gone with its process, whatever ends it. The answer is null when
 * another process holds it.
 */
export function takeOpenerLock(directory: string): Promise<Server | null> {
  const digest = createHash("sha256").update(realpathSync(directory)).digest("hex");
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    server.listen(`\0vpclab-database-${digest}`, () => resolve(server));
  });
}

/** Whether somebody answers on a unix socket; abstract names are per network namespace, paths are not. */
export function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
