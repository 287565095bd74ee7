import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = resolve(import.meta.dirname, "../../../..");

export interface LabServer {
  readonly origin: string;
  readonly controlSocket: string;
  /** One-time link; valid once. */
  readonly signIn: string;
  /** An empty folder for sign-ins. */
  readonly configDir: string;
  /** Makes the host do something else (the web server's testing/lab-process.ts has the names). */
  host(trick: string): Promise<void>;
  close(): Promise<void>;
}

/** The real server with its database in a process of its own, and a host whose kernel is a map. */
export async function startLabServer(): Promise<LabServer> {
  const folder = mkdtempSync(join(tmpdir(), "vpcctl-server-"));
  const child = fork(join(ROOT, "apps/web/src/server/testing/lab-process.ts"), [join(ROOT, "prisma/migrations")], {
    execArgv: ["--import", pathToFileURL(createRequire(join(ROOT, "apps/web/package.json")).resolve("tsx")).href],
    env: { ...process.env, DATA_DIR: join(folder, "data"), PORT: "0", VPCLAB_LOCAL_AGENT: "1" },
  });
  const ended = new Promise<never>((_, reject) => child.once("exit", (code) => reject(new Error(`the server ended with ${code}`))));
  ended.catch(() => undefined);
  const next = <T>(fits: (message: T) => boolean): Promise<T> => Promise.race([ended, new Promise<T>((resolve) => {
    const hear = (message: T) => {
      if (!fits(message)) return;
      child.off("message", hear as never);
      resolve(message);
    };
    child.on("message", hear as never);
  })]);
  const ready = await next<{ origin: string; controlSocket: string; signIn: string }>((message) => "origin" in message);
  return {
    ...ready,
    configDir: join(folder, "config"),
    async host(trick) {
      const done = next<{ done?: string }>((message) => message.done === trick);
      child.send(trick);
      await done;
    },
    async close() {
      child.disconnect();
      await ended.catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
