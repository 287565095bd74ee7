import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import next from "next";
import pino from "pino";
import { readConfig } from "./src/env";
import { mintSignIn } from "./src/server/mint-sign-in";
import { controlSocketPath, startServer } from "./src/server/start-server";
import type { Pages, RunningServer } from "./src/server/start-server";

// node dist/server.mjs               the server; one line of JSON on stdout when it is ready, the log on stderr
// node dist/server.mjs mint-signin   a sign-in link of the server that runs with the same DATA_DIR

/** A shutdown that hangs (a socket nobody closes) ends here. */
const SHUTDOWN_MS = 8_000;

const here = import.meta.dirname;
const webDirectory = basename(here) === "dist" ? dirname(here) : here;
const bundledMigrations = join(here, "migrations");
const migrationsDirectory = existsSync(bundledMigrations) ? bundledMigrations : join(webDirectory, "../../prisma/migrations");

const print = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function openNext(development: boolean): Promise<Pages> {
  const app = next({ dev: development, dir: webDirectory });
  await app.prepare();
  const handle = app.getRequestHandler();
  const upgrade = app.getUpgradeHandler();
  return {
    handle: (request, response) => handle(request, response),
    upgrade: development ? (request, socket, head) => void upgrade(request, socket, head) : null,
    close: () => app.close(),
  };
}

async function serve(): Promise<void> {
  const config = readConfig();
  const log = pino({ level: config.logLevel }, pino.destination(2));
  let running: RunningServer | null = null;
  let stopping = false;

  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(exitCode || 1), SHUTDOWN_MS).unref();
    await running?.close();
    process.exit(exitCode);
  }

  const onFatal = (error: Error) => {
    log.fatal({ reason: error.message }, "the server cannot go on");
    void stop(1);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  running = await startServer({ config, migrationsDirectory, log, onFatal, openPages: () => openNext(config.development) });
  if (stopping) return running.close();
  print(running.ready);
}

async function main(command: string | undefined): Promise<void> {
  if (command === undefined) return serve();
  if (command !== "mint-signin") throw new Error(`“${command}” is no command of the server: there is only mint-signin.`);
  print({ event: "sign-in", url: await mintSignIn(controlSocketPath(readConfig().dataDirectory)) });
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
