import { join } from "node:path";
import { Readable } from "node:stream";
import pino from "pino";
import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import type { Agent } from "../apps/agent/src/agent";
import { enrol } from "../apps/agent/src/enrol/enrol";
import { readToken } from "../apps/agent/src/enrol/read-token";
import { parseServerAddress } from "../apps/agent/src/link/server-address";
import { PolicySchema } from "../apps/agent/src/policy/policy";
import { openStateDir } from "../apps/agent/src/state/state-dir";
import { newAgent, RecordingLog } from "../apps/agent/test/link/agent-fixture";
import { mintSignIn } from "../apps/web/src/server/mint-sign-in";
import type { RunningServer } from "../apps/web/src/server/start-server";
import { controlSocketPath, startServer } from "../apps/web/src/server/start-server";
import { createClient } from "../apps/web/src/trpc/client";
import { FaultProxy } from "./fault-proxy";

/**
 * Shorter than the product's times, so that what takes half a minute there can be tried a thousand times here; long enough for a
 * machine that does much else, where an embedded database may need seconds for a handshake.
 */
const AGENT_TIMES = { handshakeMs: 6_000, pingEveryMs: 500, silenceMaxMs: 3_000 };
const AGENT_DELAYS = { firstMs: 50, ceilingMs: 500 };
const SERVER_TIMES = { helloMs: 6_000, pingMs: 1_000, planMs: 2_000, probeMs: 2_000 };
const DEPLOYMENT_TIMES = { acceptMs: 4_000, doneMs: 10_000, expiredMs: 1_000 };
const LOOK_EVERY_MS = 400;
const MIGRATIONS = join(import.meta.dirname, "../prisma/migrations");
/** A random drawing may publish any port; what is tried here is the way, not a host's policy. */
const POLICY = { rules: PolicySchema.parse({ publishedPorts: { from: 1, to: 65_535 } }), source: "the torture" };

export type LabClient = ReturnType<typeof createClient>["client"];

/** The real server and the real agent, with a way between them that can be spoiled, and a kernel in memory. */
export class WayLab {
  kernel = new FakeKernel();
  readonly log = new RecordingLog();
  agent: Agent | null = null;

  private constructor(readonly server: RunningServer, readonly proxy: FaultProxy, readonly client: LabClient, private readonly stateDir: string) {}

  static async start(folder: string): Promise<WayLab> {
    const server = await startServer({
      config: {
        host: "127.0.0.1", port: 0, publicUrl: null, dataDirectory: join(folder, "data"), databaseUrl: null, agentSocket: null, localAgent: true,
        joinTokenFile: null, logLevel: "error", development: false,
      },
      migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), agentTimes: SERVER_TIMES, deploymentTimes: DEPLOYMENT_TIMES,
      onFatal: (error) => { throw error; },
      openPages: () => Promise.resolve({ handle: (_, response) => void response.end(), upgrade: null, close: () => Promise.resolve() }),
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const stateDir = await openStateDir(join(folder, "agent"));
    const token = await readToken(null, Readable.from([server.ready.joinToken ?? ""]));
    await enrol({ stateDir, address: parseServerAddress(origin), url: origin, token, hostName: "lab", mode: "sandbox" });
    const proxy = await FaultProxy.listen(`ws://127.0.0.1:${server.port}/agent`);
    return new WayLab(server, proxy, (await signedIn(server.port, await mintSignIn(controlSocketPath(join(folder, "data"))))).client, stateDir);
  }

  /** An agent on what the one before has left on its disk; `anew`: on a machine that has just started. */
  async startAgent({ anew = false } = {}): Promise<void> {
    if (anew) this.kernel = new FakeKernel();
    this.agent = await newAgent(this.stateDir, this.kernel, this.proxy.url, {
      log: this.log, policy: POLICY, timing: AGENT_TIMES, delays: AGENT_DELAYS, resyncEveryMs: LOOK_EVERY_MS,
    });
    await this.agent.start();
  }

  async stopAgent(): Promise<void> {
    await this.agent?.stop();
    this.agent = null;
  }

  async close(): Promise<void> {
    await this.stopAgent();
    await this.proxy.close();
    await this.server.close();
  }
}

/** A browser's client, by a link that signs in once. */
export async function signedIn(port: number, signIn: string): Promise<ReturnType<typeof createClient>> {
  const origin = `http://127.0.0.1:${port}`;
  const link = new URL(signIn);
  const response = await fetch(`${origin}${link.pathname}${link.search}`, { redirect: "manual" });
  const headers = { cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "", origin: link.origin };
  return createClient({
    origin, fetch: (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } }),
  });
}
