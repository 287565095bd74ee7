import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface ServerProcess {
  readonly url: string;
  /** One-time link that signs the browser in. */
  readonly signIn: string;
  /** Lets one host of this machine in, where that was asked for. */
  readonly joinToken: string | null;
  stop(): Promise<void>;
}

/** The built server on a free port with an empty database of its own; its log comes out when it cannot start. */
export async function startServer(more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "vpclab-e2e-"));
  const child = spawn(process.execPath, [join(import.meta.dirname, "../dist/server.mjs")], {
    env: { ...process.env, NODE_ENV: "production", PORT: "0", DATA_DIR: dataDirectory, LOG_LEVEL: "warn", NEXT_TELEMETRY_DISABLED: "1", ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = await new Promise<Omit<ServerProcess, "stop">>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith('{"event":"ready"')) resolve(JSON.parse(line) as Omit<ServerProcess, "stop">);
    });
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}:\n${log.join("\n")}`)));
  });
  return {
    ...ready,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}
