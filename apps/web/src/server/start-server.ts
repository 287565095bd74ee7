import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { AgentHub } from "./agents/agent-hub";
import type { SessionTimes } from "./agents/agent-session";
import { LiveBus } from "./bus/live-bus";
import type { Config } from "./config";
import { AgentApi } from "./http/agent-api";
import { browserSockets } from "./http/browser-sockets";
import { controlApi } from "./http/control-api";
import { closeServer, httpServer, listenOnPort, listenOnSocket } from "./http/listen";
import { originsOf } from "./http/origins";
import { requestRouter } from "./http/request-router";
import type { RequestHandler } from "./http/request-router";
import { notFound } from "./http/respond";
import { sessionCookie } from "./http/session-cookie";
import { trpcOverHttp } from "./http/trpc-http";
import { upgradeRouter } from "./http/upgrade-router";
import type { UpgradeHandler } from "./http/upgrade-router";
import { loadFeeds } from "./load-feeds";
import { Activities } from "./services/activity-service";
import { Deployments } from "./services/deployment-service";
import { Enrolment } from "./services/enrolment-service";
import { HostAdministration } from "./services/host-administration";
import { HostAdmission } from "./services/host-admission";
import { HostChoice } from "./services/host-choice";
import { HostReports } from "./services/host-reports";
import { Hosts, publishHost } from "./services/host-service";
import { Live } from "./services/live-service";
import { Peerings } from "./services/peering-service";
import { Plans } from "./services/plan-service";
import { Probes } from "./services/probe-service";
import type { Services } from "./services/services";
import { Sessions } from "./services/session-service";
import { Topologies } from "./services/topology-service";
import { JobKeys } from "./signing/job-key";
import { openDatabase } from "./store/database";
import { privateSocketPath } from "./store/socket-path";
import { ensureAdmin } from "./store/user-store";
import { writePrivateFile } from "./write-private-file";

/** What renders the pages: Next, or nothing in tests. */
export interface Pages {
  readonly handle: RequestHandler;
  readonly upgrade: UpgradeHandler | null;
  readonly close: () => Promise<void>;
}

/** Printed as a line of JSON for whoever started the server. */
export interface Ready {
  readonly event: "ready";
  readonly url: string;
  /** One-time link for the administrator. */
  readonly signIn: string;
  /** Token for an agent of this machine; null when it is already enrolled, not wanted, or written to a file. */
  readonly joinToken: string | null;
}

export interface RunningServer {
  readonly ready: Ready;
  readonly port: number;
  /** Process id of the embedded database; tests end it. */
  databasePid(): number | undefined;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly config: Config;
  readonly migrationsDirectory: string;
  readonly log: Logger;
  readonly openPages: () => Promise<Pages>;
  /** The server cannot go on and should end. */
  readonly onFatal: (error: Error) => void;
  /** Shorter in tests. */
  readonly agentTimes?: SessionTimes;
  /** The clock by which join tokens expire; turned in tests. */
  readonly nowMs?: () => number;
}

/** Name of the administrator's socket in the data directory. */
export const CONTROL_SOCKET = "control.sock";
export const controlSocketPath = (dataDirectory: string): string => privateSocketPath(join(dataDirectory, "run"), CONTROL_SOCKET);

/** Puts the server together and starts it. Nothing is reachable before everything is there. */
export async function startServer({ config, migrationsDirectory, log, openPages, onFatal, agentTimes, nowMs }: StartOptions): Promise<RunningServer> {
  mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 });
  const keys = JobKeys.open(join(config.dataDirectory, "keys"));
  const database = await openDatabase({ url: config.databaseUrl, dataDirectory: config.dataDirectory, migrationsDirectory, log, onFatal });
  const closing: (() => void | Promise<void>)[] = [() => database.close()];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const bus = new LiveBus();
    const admin = await ensureAdmin(database.tables);
    await loadFeeds(database, bus);

    const hub = new AgentHub({ keys, log, times: agentTimes });
    const deployments = new Deployments(database, bus, hub);
    const cutOff = (hostId: string, reason: string) => {
      hub.disconnect(hostId, reason);
      return publishHost(database, bus, hub, hostId);
    };
    hub.open(new HostAdmission(database, log, (hostId) => cutOff(hostId, "locked")), new HostReports(database, bus, deployments, hub, log));
    const sessions = new Sessions(database);
    const enrolment = new Enrolment(database, keys, log, (hostId) => cutOff(hostId, "key replaced"), nowMs);
    const services: Services = {
      sessions, deployments,
      topologies: new Topologies(database, bus, hub),
      plans: new Plans(database, hub),
      peerings: new Peerings(database, bus),
      probes: new Probes(database, bus, hub),
      hosts: new Hosts(database, hub),
      hostAdministration: new HostAdministration(database, enrolment, keys, hub, log, cutOff, () => origins.main),
      hostChoice: new HostChoice(database, bus, hub, deployments),
      live: new Live(database, bus),
      activities: new Activities(database),
    };
    closing.push(() => deployments.close());

    const pages = await openPages();
    closing.push(() => pages.close());
    const agentApi = new AgentApi(enrolment, log);

    // The port is part of cookie name and origins, so it is taken before the first request is answered.
    let handle: RequestHandler = (_, response) => notFound(response);
    let upgrade: UpgradeHandler = (_, socket) => socket.destroy();
    const server = httpServer((request, response) => handle(request, response), (...args) => upgrade(...args));
    const port = await listenOnPort(server, config.host, config.port);
    // Closed in reverse: a server waits for the sockets that were upgraded, so those are ended first.
    closing.push(() => closeServer(server));
    const origins = originsOf({ publicUrl: config.publicUrl, port });
    const cookie = sessionCookie({ secure: origins.main.startsWith("https:"), port });
    const browsers = browserSockets({ services, cookie, log });
    closing.push(() => browsers.close());
    const isHealthy = async () => (await database.tables.user.count()) > 0;
    handle = requestRouter({
      sessions, cookie, agentApi, isHealthy, log, pages: pages.handle, development: config.development,
      trpc: trpcOverHttp({ services, cookie, origins, log }),
    });
    upgrade = upgradeRouter({ agents: hub.server, browsers: { server: browsers.server, origins, cookie, sessions }, pages: pages.upgrade });

    const mintSignInUrl = async () => `${origins.main}/signin?token=${await sessions.mintSignIn(admin.id)}`;
    const control = httpServer(controlApi({ mintSignInUrl, rotateKey: () => services.hostAdministration.rotateKey(admin), log }), null);
    await listenOnSocket(control, controlSocketPath(config.dataDirectory));
    closing.push(() => closeServer(control));
    if (config.agentSocket !== null) {
      const local = httpServer(
        (request, response) => {
          const path = request.url ?? "";
          return path.startsWith("/agent/v1/") ? agentApi.handle(request, response, path) : notFound(response);
        },
        upgradeRouter({ agents: hub.server, browsers: null, pages: null }),
      );
      await listenOnSocket(local, config.agentSocket);
      closing.push(() => closeServer(local));
    }
    closing.push(() => hub.close());

    const joinToken = await localJoinToken(config, enrolment);
    const ready: Ready = { event: "ready", url: origins.main, signIn: await mintSignInUrl(), joinToken };
    return { ready, port, databasePid: () => database.embeddedPid(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A token for the agent of this machine. A file gets a fresh one at every start, so that an agent that lost its state
 * can come back as the same host; in the ready line one stands only when there is no local host yet.
 */
async function localJoinToken(config: Config, enrolment: Enrolment): Promise<string | null> {
  if (!config.localAgent) return null;
  if (config.joinTokenFile !== null) {
    writePrivateFile(config.joinTokenFile, `${await enrolment.mintLocalToken()}\n`);
    return null;
  }
  return (await enrolment.hasLocalHost()) ? null : enrolment.mintLocalToken();
}
