import pino from "pino";
import { readConfig } from "../../env";
import { runServer } from "../run-server";

// The server as a process, without pages: <migrations directory>. Tells its parent when it is ready. Its log is silent, but for
// what a test asks for by the level debug.
const config = readConfig();
await runServer({
  config,
  migrationsDirectory: process.argv[2] ?? "",
  log: pino({ level: config.logLevel === "debug" ? "debug" : "silent" }, pino.destination(2)),
  openPages: async () => ({ handle: (_, response) => void response.end("page"), upgrade: null, close: async () => {} }),
  print: (ready) => process.send?.(ready),
});
