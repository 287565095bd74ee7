import pino from "pino";
import { readConfig } from "../../env";
import { runServer } from "../run-server";

// The server as a process, without pages: <migrations directory>. Tells its parent when it is ready.
await runServer({
  config: readConfig(),
  migrationsDirectory: process.argv[2] ?? "",
  log: pino({ level: "silent" }),
  openPages: async () => ({ handle: (_, response) => void response.end("page"), upgrade: null, close: async () => {} }),
  print: (ready) => process.send?.(ready),
});
