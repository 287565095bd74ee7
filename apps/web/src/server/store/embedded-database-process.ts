import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { AppError } from "@vpclab/shared/errors/app-error";
import { checkDataVersion } from "./data-version";
import type { EmbeddedMessage } from "./embedded-protocol";
import { isListening, takeOpenerLock } from "./opener-lock";

// The embedded database's own process: node embedded-database-process.mjs <data directory> <socket path>, with an IPC
// channel to the server. It lives exactly as long as that channel.

/** An earlier server that is just stopping gets this long to let go of the data. */
const LOCK_WAIT_MS = 8_000;
const LOCK_RETRY_MS = 100;

const [dataDirectory = "", socketPath = ""] = process.argv.slice(2);

const tell = (message: EmbeddedMessage) => process.send?.(message);

async function waitForLock(): Promise<void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const lock = (await isListening(socketPath)) ? null : await takeOpenerLock(dataDirectory);
    if (lock) return;
    if (performance.now() > deadline) {
      throw new AppError(
        "INTERNAL",
        `Another vpclab server uses the database in ${dataDirectory}. Stop it (npm run down), or choose another DATA_DIR.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
  }
}

/** The numbers that files have for an error inside WebAssembly (wasi), which come without words. */
const WASI_WORDS: Readonly<Record<number, string>> = {
  19: "Disk quota exceeded", 22: "File too large", 29: "Input/output error", 51: "No space left on device", 69: "Read-only file system",
};

function textOf(error: unknown): string {
  const { errno } = error as { errno?: number };
  const words = typeof errno === "number" ? WASI_WORDS[errno] : undefined;
  return words ?? (error instanceof Error ? error.message : String(error));
}

/** A new database stands under its name only when it is whole: a disk that is full on the way leaves nothing that looks like one. */
async function makeAtFirst(): Promise<void> {
  if (readdirSync(dataDirectory).length > 0) return;
  const draft = `${dataDirectory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  try {
    await (await PGlite.create(draft)).close();
    renameSync(draft, dataDirectory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

async function open(): Promise<() => Promise<void>> {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  await waitForLock();
  checkDataVersion(dataDirectory);
  await makeAtFirst();
  const database = await PGlite.create(dataDirectory);
  rmSync(socketPath, { force: true });
  const server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: 8 });
  await server.start();
  chmodSync(socketPath, 0o600);
  return async () => {
    await server.stop();
    await database.close();
    rmSync(socketPath, { force: true });
  };
}

// Ctrl-C reaches the whole group: the server says when, by closing the channel.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

const opened = open();
process.once("disconnect", () => {
  // A close that hangs must not leave an orphan: the data survives a kill.
  setTimeout(() => process.exit(1), 5_000).unref();
  void opened.then((close) => close()).finally(() => process.exit(0));
});
opened.then(
  () => tell({ type: "ready" }),
  (error: unknown) => {
    tell({ type: "failed", message: textOf(error) });
    process.exitCode = 1;
    process.disconnect?.();
  },
);
