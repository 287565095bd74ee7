import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { writeOwned } from "./owned-file.mjs";
import { INSTANCE, RUN_RECORD } from "./paths.mjs";

/**
 * `<data>/run.json`: who runs here, for a second `up`, for `down` and for `signin`. Holds no secret:
 * {up, server, agent: process identities or null, url, mode}.
 */
export function readRunRecord() {
  try {
    return JSON.parse(readFileSync(RUN_RECORD, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

export const writeRunRecord = (record) => writeOwned(RUN_RECORD, `${JSON.stringify(record, null, 2)}\n`);
export const removeRunRecord = () => rmSync(RUN_RECORD, { force: true });

/**
 * Takes the lock of this data folder: an abstract unix socket, which the kernel gives to one process only and takes away
 * when that process dies, however it dies. Resolves to null when somebody else holds it.
 */
export function takeLock() {
  return new Promise((resolve, reject) => {
    const lock = createServer((socket) => socket.destroy());
    lock.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    lock.listen(`\0vpclab-up-${INSTANCE}`, () => {
      lock.unref();
      resolve({ release: () => lock.close() });
    });
  });
}
