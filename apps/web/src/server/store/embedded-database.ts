import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Logger } from "pino";
import type { EmbeddedMessage } from "./embedded-protocol";
import { privateSocketPath } from "./socket-path";

export interface EmbeddedDatabase {
  /** Folder of the socket, which is what PostgreSQL clients call a host. */
  readonly socketDirectory: string;
  /** Process id of the database, for tests that end it. */
  pid(): number | undefined;
  close(): Promise<void>;
}

/** Clients look for this name in the folder that they are given as host. */
const SOCKET_NAME = ".s.PGSQL.5432";
const RESTARTS_MAX = 5;
const RESTART_WINDOW_MS = 60_000;
const CLOSE_MS = 8_000;

interface Options {
  readonly dataDirectory: string;
  readonly log: Logger;
  /** Called when the database cannot be kept running. */
  readonly onFatal: (error: Error) => void;
}

/** Starts PGlite in a process of its own and keeps it running. Throws with a sentence for a person when it cannot start. */
export async function startEmbeddedDatabase({ dataDirectory, log, onFatal }: Options): Promise<EmbeddedDatabase> {
  const files = join(dataDirectory, "database");
  const socketPath = privateSocketPath(join(dataDirectory, "run"), SOCKET_NAME);
  const crashes: number[] = [];
  let closing = false;
  let child = await start(files, socketPath);
  watch(child);

  function watch(current: ChildProcess): void {
    current.once("exit", (code, signal) => {
      if (closing) return;
      log.error({ code, signal }, "the embedded database ended by itself, starting it again");
      restart().catch((error: unknown) => onFatal(error instanceof Error ? error : new Error(String(error))));
    });
  }

  async function restart(): Promise<void> {
    crashes.push(performance.now());
    const recent = crashes.filter((at) => at > performance.now() - RESTART_WINDOW_MS);
    if (recent.length > RESTARTS_MAX) throw new AppError("INTERNAL", `The embedded database ended ${recent.length} times within a minute.`);
    child = await start(files, socketPath);
    if (closing) return void (await stop(child));
    watch(child);
    log.info("the embedded database is back");
  }

  return {
    socketDirectory: socketPath.slice(0, -SOCKET_NAME.length - 1),
    pid: () => child.pid,
    close: async () => {
      closing = true;
      await stop(child);
    },
  };
}

function start(files: string, socketPath: string): Promise<ChildProcess> {
  const { path, execArgv } = entry();
  // The server's environment may hold secrets; this process needs none of it.
  const child = fork(path, [files, socketPath], { execArgv, env: { NODE_ENV: "production" }, stdio: ["ignore", 2, 2, "ipc"] });
  return new Promise((resolve, reject) => {
    child.once("message", (message: EmbeddedMessage) => {
      if (message.type === "ready") resolve(child);
      else reject(new AppError("INTERNAL", message.message));
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new AppError("INTERNAL", `The embedded database did not start (${signal ?? `exit code ${code}`}).`)));
  });
}

/**
 * Beside the bundle lies a bundle; from source the file is TypeScript, which Node 20 cannot read by itself. Who works from source starts it
 * often and lets it live shortly: optimizing PostgreSQL's code would take longer (a second of a processor) than it ever runs.
 */
function entry(): { path: string; execArgv: string[] } {
  const bundled = join(import.meta.dirname, "embedded-database-process.mjs");
  if (existsSync(bundled)) return { path: bundled, execArgv: [] };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return { path: join(import.meta.dirname, "embedded-database-process.ts"), execArgv: ["--liftoff-only", "--import", tsx] };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const kill = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS);
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(kill);
}
