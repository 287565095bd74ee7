import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import next from "next";
import pino from "pino";
import { readConfig } from "./src/env";
import { readExpected, verdictLines, verifyStoredAudit } from "./src/server/audit-command";
import { mintSignIn, rotateKey } from "./src/server/mint-sign-in";
import { runServer } from "./src/server/run-server";
import { controlSocketPath } from "./src/server/start-server";
import type { Pages } from "./src/server/start-server";

// node dist/server.mjs               the server; a line of JSON on stdout when it is ready, the log on stderr
// node dist/server.mjs mint-signin   a sign-in link of the server that runs with the same DATA_DIR
// node dist/server.mjs verify-audit [--expect SEQUENCE:HASH]…   whether the audit log is as it was written; exit code 1 when it is not
// node dist/server.mjs rotate-key    it signs with a new key from now on; hosts follow by themselves

const here = import.meta.dirname;
const webDirectory = basename(here) === "dist" ? dirname(here) : here;
const bundledMigrations = join(here, "migrations");
const migrationsDirectory = existsSync(bundledMigrations) ? bundledMigrations : join(webDirectory, "../../prisma/migrations");

const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

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
  await runServer({ config, migrationsDirectory, log, openPages: () => openNext(config.development), print });
}

async function verifyAudit(args: readonly string[]): Promise<void> {
  const config = readConfig();
  const log = pino({ level: "error" }, pino.destination(2));
  const verdict = await verifyStoredAudit(config, readExpected(args), { controlSocket: controlSocketPath(config.dataDirectory), migrationsDirectory, log });
  for (const line of verdictLines(verdict)) process.stdout.write(`${line}\n`);
  process.exitCode = verdict.fault ? 1 : 0;
}

async function main(command: string | undefined, args: readonly string[]): Promise<void> {
  if (command === undefined) return serve();
  if (command === "verify-audit") return verifyAudit(args);
  const socket = (): string => controlSocketPath(readConfig().dataDirectory);
  if (command === "mint-signin") return print({ event: "sign-in", url: await mintSignIn(socket(), "/link") });
  if (command === "rotate-key") return print({ event: "key-rotated", keySet: await rotateKey(socket()) });
  throw new Error(`“${command}” is no command of the server: there are mint-signin, verify-audit and rotate-key.`);
}

main(process.argv[2], process.argv.slice(3)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
