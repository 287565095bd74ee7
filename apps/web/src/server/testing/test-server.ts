import { join } from "node:path";
import pino from "pino";
import { WebSocket } from "ws";
import { createClient } from "../../trpc/client";
import type { SessionTimes } from "../agents/agent-session";
import type { Config } from "../config";
import { mintSignIn } from "../mint-sign-in";
import type { DeploymentTimes } from "../services/deployment-service";
import type { PasswordCost } from "../services/passwords";
import { controlSocketPath, startServer } from "../start-server";
import type { RunningServer } from "../start-server";
import { MIGRATIONS, testStorage } from "./test-database";
import type { DatabaseKind, TestStorage } from "./test-database";

const TIMES: SessionTimes = { helloMs: 2_000, pingMs: 15_000, planMs: 1_000, probeMs: 1_000 };

/** A thousandth of the real work: what is tested is not how hard a hash is to guess. */
const TEST_COST: PasswordCost = { logN: 7, r: 8, p: 1 };

export type TestClient = ReturnType<typeof createClient>["client"];

export interface TestServer {
  readonly origin: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly agentSocket: string;
  readonly running: RunningServer;
  /** Join token of the local agent. */
  readonly joinToken: string | null;
  /** `Cookie` header of a signed-in browser. */
  signIn(): Promise<string>;
  /** A signed-in client. `origin`: through a proxy in front of the server. */
  client(options?: { origin?: string }): Promise<TestClient>;
  /** Stops and starts again on the same data and port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The whole server but for the pages, on a database of the given kind. */
export interface TestServerOptions {
  readonly times?: Partial<SessionTimes>;
  readonly passwordCost?: PasswordCost;
  readonly deploymentTimes?: DeploymentTimes;
  readonly storage?: TestStorage;
  readonly config?: Partial<Config>;
  readonly nowMs?: () => number;
}

export async function startTestServer(kind: DatabaseKind, overrides: TestServerOptions = {}): Promise<TestServer> {
  const storage = overrides.storage ?? (await testStorage(kind));
  const agentSocket = join(storage.dataDirectory, "agent.sock");
  const config: Config = {
    host: "127.0.0.1", port: 0, publicUrl: null, dataDirectory: storage.dataDirectory, databaseUrl: storage.databaseUrl,
    agentSocket, localAgent: true, joinTokenFile: null, logLevel: "error", development: false, ...overrides.config,
  };
  const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });
  const start = (port: number) =>
    startServer({
      config: { ...config, port }, migrationsDirectory: MIGRATIONS, log, agentTimes: { ...TIMES, ...overrides.times }, nowMs: overrides.nowMs, deploymentTimes: overrides.deploymentTimes,
      passwordCost: overrides.passwordCost ?? TEST_COST,
      onFatal: (error) => console.error(error),
      openPages: async () => ({ handle: (_, response) => void response.end("page"), upgrade: null, close: async () => {} }),
    });
  let running = await start(0);
  const closers: (() => Promise<void>)[] = [];
  const server: TestServer = {
    get origin() { return `http://127.0.0.1:${running.port}`; },
    get port() { return running.port; },
    get running() { return running; },
    get joinToken() { return running.ready.joinToken; },
    dataDirectory: storage.dataDirectory,
    agentSocket,
    signIn: async () => {
      const link = new URL(await mintSignIn(controlSocketPath(storage.dataDirectory)));
      const response = await fetch(`${server.origin}${link.pathname}${link.search}`, { redirect: "manual" });
      return response.headers.get("set-cookie")?.split(";")[0] ?? "";
    },
    client: async ({ origin = server.origin } = {}) => {
      const made = clientFor(origin, { cookie: await server.signIn(), origin: `http://127.0.0.1:${running.port}` });
      closers.push(made.close);
      return made.client;
    },
    restart: async () => {
      const { port } = running;
      await running.close();
      running = await start(port);
    },
    close: async () => {
      for (const close of closers) await close();
      await running.close();
      storage.remove();
    },
  };
  return server;
}

/** A browser's client: what a browser adds by itself stands in `headers`. */
export function clientFor(origin: string, headers: Record<string, string>): ReturnType<typeof createClient> {
  class BrowserSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers });
    }
  }
  return createClient({
    origin,
    fetch: (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } }),
    WebSocket: BrowserSocket as unknown as typeof globalThis.WebSocket,
  });
}
