import { join } from "node:path";
import type { Logger } from "pino";
import { AgentHub } from "./agents/agent-hub";
import type { SessionTimes } from "./agents/agent-session";
import { AccessChanges } from "./services/access-changes";
import { LiveBus } from "./bus/live-bus";
import type { Config } from "./config";
import { AgentApi } from "./http/agent-api";
import { browserSockets } from "./http/browser-sockets";
import { controlApi } from "./http/control-api";
import { deviceCookie } from "./http/device-cookie";
import { httpRefusals } from "./http/http-refusals";
import { HandshakePace } from "./http/handshake-pace";
import { closeServer, httpServer, listenOnPort, listenOnSocket } from "./http/listen";
import { OpenSockets } from "./http/open-sockets";
import { originsOf } from "./http/origins";
import { requestRouter } from "./http/request-router";
import type { RequestHandler } from "./http/request-router";
import { notFound } from "./http/respond";
import { securityHeaders } from "./http/security-headers";
import { sessionCookie } from "./http/session-cookie";
import { stageSockets } from "./http/stage-sockets";
import { trpcOverHttp } from "./http/trpc-http";
import { upgradeRouter } from "./http/upgrade-router";
import type { UpgradeHandler } from "./http/upgrade-router";
import { loadFeeds } from "./load-feeds";
import { Accounts } from "./services/account-service";
import { Activities } from "./services/activity-service";
import { CallLimits } from "./services/call-limits";
import { Classes } from "./services/class-service";
import { AuditLog } from "./services/audit-log";
import { SYSTEM } from "./services/audit-scope";
import type { AuditedAction } from "./services/audit-scope";
import { auditedAgents } from "./services/audited-agents";
import { auditedDatabase } from "./services/audited-database";
import { Audits } from "./services/audit-service";
import { auditStart } from "./services/audit-start";
import { Deployments } from "./services/deployment-service";
import type { DeploymentTimes } from "./services/deployment-service";
import { Enrolment } from "./services/enrolment-service";
import { HostBoard } from "./services/host-board";
import { HostAdministration } from "./services/host-administration";
import { HostAdmission } from "./services/host-admission";
import { HostChoice } from "./services/host-choice";
import { HostReports } from "./services/host-reports";
import { Hosts, publishHost } from "./services/host-service";
import { Invitations } from "./services/invitation-service";
import { KnownDevices } from "./services/known-devices";
import { Live } from "./services/live-service";
import { Passwords } from "./services/passwords";
import type { PasswordCost } from "./services/passwords";
import { Peerings } from "./services/peering-service";
import { Plans } from "./services/plan-service";
import { Presences } from "./services/presence-service";
import { Probes } from "./services/probe-service";
import { RuleHitsOfHosts } from "./services/rule-hits-service";
import type { Services } from "./services/services";
import { Sessions } from "./services/session-service";
import { Stages } from "./services/stage-service";
import { Topologies } from "./services/topology-service";
import { Users } from "./services/user-service";
import { JobKeys } from "./signing/job-key";
import { openDatabase } from "./store/database";
import { SIGN_IN_MS } from "./store/session-store";
import { privateSocketPath } from "./store/socket-path";
import { ensureAdmin, hasPasswords } from "./store/user-store";
import { SetupLinkFile } from "./setup-link-file";
import { openDataDirectory, startError } from "./start-error";
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
  /** One-time link for the administrator: at the first start to the page where he chooses name and password, later one that signs him in. */
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
  /** The clock by which join tokens, links and sessions expire; turned in tests. */
  readonly nowMs?: () => number;
  readonly deploymentTimes?: DeploymentTimes;
  /** Cheaper in tests. */
  readonly passwordCost?: PasswordCost;
}

/** Name of the administrator's socket in the data directory. */
export const CONTROL_SOCKET = "control.sock";
/** Name of the file in the data directory that has the first start's link. */
export const SETUP_LINK_FILE = "setup-link";
export const controlSocketPath = (dataDirectory: string): string => privateSocketPath(join(dataDirectory, "run"), CONTROL_SOCKET);

/** Puts the server together and starts it. Nothing is reachable before everything is there. Throws UNAVAILABLE when its disk takes nothing. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { dataDirectory } = options.config;
  openDataDirectory(dataDirectory);
  return assemble(options).catch((error: unknown) => {
    throw startError(dataDirectory, error);
  });
}

async function assemble(
  { config, migrationsDirectory, log, openPages, onFatal, agentTimes, deploymentTimes, nowMs, passwordCost }: StartOptions,
): Promise<RunningServer> {
  const keys = JobKeys.open(join(config.dataDirectory, "keys"));
  const stored = await openDatabase({ url: config.databaseUrl, dataDirectory: config.dataDirectory, migrationsDirectory, log, onFatal });
  const closing: (() => void | Promise<void>)[] = [() => stored.close()];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const auditLog = await AuditLog.open(stored, log);
    closing.push(() => auditLog.close());
    const database = auditedDatabase(stored, auditLog.moved);
    await auditStart(stored, auditLog, keys.current.key);
    const bus = new LiveBus();
    const changes = new AccessChanges();
    await ensureAdmin(database.tables);
    await loadFeeds(database, bus);

    const hub = new AgentHub({ keys, log, auditLog, times: agentTimes });
    const deployments = new Deployments(database, bus, hub, deploymentTimes);
    const cutOff = (hostId: string, reason: string) => {
      hub.disconnect(hostId, reason);
      return publishHost(database, bus, hub, hostId).then(() => undefined);
    };
    const board = new HostBoard();
    hub.open(new HostAdmission(database, log, (hostId) => cutOff(hostId, "locked"), nowMs), new HostReports(database, bus, deployments, hub, log, auditLog, board));
    const devices = new KnownDevices(database, nowMs ?? Date.now);
    const sessions = new Sessions(database, devices, changes, nowMs && (() => new Date(nowMs())));
    const setupLink = new SetupLinkFile(join(config.dataDirectory, SETUP_LINK_FILE));
    closing.push(() => setupLink.remove());
    const accounts = new Accounts(database, sessions, devices, new Passwords(passwordCost), changes, { nowMs, onPassword: () => setupLink.remove() });
    const enrolment = new Enrolment(database, keys, log, (hostId) => cutOff(hostId, "key replaced"), nowMs);
    const audits = new Audits(database, auditLog);
    const hostAdministration = new HostAdministration(database, enrolment, keys, hub, log, cutOff, () => origins.main, board);
    const presences = new Presences(database, changes);
    const services: Services = {
      sessions, accounts, deployments, auditLog, audits,
      users: new Users(database, sessions, changes),
      classes: new Classes(database, changes),
      invitations: new Invitations(database),
      limits: new CallLimits(),
      topologies: new Topologies(database, bus, hub),
      plans: new Plans(database, hub),
      peerings: new Peerings(database, bus),
      ruleHits: new RuleHitsOfHosts(database, hub),
      probes: new Probes(database, bus, auditedAgents(hub)),
      hosts: new Hosts(database, hub),
      hostAdministration,
      hostChoice: new HostChoice(database, bus, hub, deployments),
      live: new Live(database, bus, changes),
      presence: presences,
      stages: new Stages(database, bus, changes, presences, nowMs),
      activities: new Activities(database),
    };
    closing.push(() => deployments.close());

    const pages = await openPages();
    closing.push(() => pages.close());
    const agentApi = new AgentApi(enrolment, auditLog, log);

    // The port is part of cookie name and origins, so it is taken before the first request is answered.
    let handle: RequestHandler = (_, response) => notFound(response);
    let upgrade: UpgradeHandler = (_, socket) => socket.destroy();
    const server = httpServer((request, response) => handle(request, response), (...args) => upgrade(...args));
    const port = await listenOnPort(server, config.host, config.port);
    // Closed in reverse: a server waits for the sockets that were upgraded, so those are ended first.
    closing.push(() => closeServer(server));
    const origins = originsOf({ publicUrl: config.publicUrl, port });
    const secure = origins.main.startsWith("https:");
    const cookie = sessionCookie({ secure, port });
    const refused = httpRefusals({ auditLog, sessions, cookie });
    const browsers = browserSockets({ services, cookie, changes, log });
    closing.push(() => browsers.close());
    const pace = new HandshakePace();
    closing.push(() => pace.close());
    const stage = stageSockets({ services, log });
    closing.push(() => stage.close());
    const isHealthy = async () => (await database.tables.user.count()) > 0;
    handle = requestRouter({
      sessions, accounts, auditLog, refused, cookie, agentApi, isHealthy, log, pages: pages.handle, development: config.development,
      host: new URL(origins.main).host, secure: securityHeaders({ secure, development: config.development }),
      trpc: trpcOverHttp({ services, cookie, devices: deviceCookie({ secure, port }), origins, refused, log }),
    });
    upgrade = upgradeRouter({ agents: hub.server, browsers: { server: browsers.server, origins, cookie, sessions, open: new OpenSockets(), pace }, pages: pages.upgrade, stage, refused });

    const linkFor = async (setup: boolean): Promise<string> => {
      const admin = await ensureAdmin(database.tables);
      const minting: AuditedAction = { action: "auth.mint-link", actor: SYSTEM, ip: null, object: { kind: "user", id: admin.id, name: admin.name } };
      return `${origins.main}/${setup ? "setup" : "signin"}?token=${await auditLog.perform(minting, () => sessions.mintSignIn(admin.id, { setup }))}`;
    };
    const mintFirstUrl = async () => linkFor(!(await hasPasswords(database.tables)));
    const control = httpServer(controlApi({
      mintSignInUrl: () => linkFor(false), mintFirstUrl, log,
      rotateKey: () => auditLog.perform({ action: "key.replace", actor: SYSTEM, ip: null, object: null }, () => hostAdministration.replaceKey("root")),
      verifyAudit: (expected) => audits.check(expected.map((head) => ({ ...head, by: "whoever expects it" }))),
    }), null);
    await listenOnSocket(control, controlSocketPath(config.dataDirectory));
    closing.push(() => closeServer(control));
    if (config.agentSocket !== null) {
      const local = httpServer(
        (request, response) => {
          const path = request.url ?? "";
          return path.startsWith("/agent/v1/") ? agentApi.handle(request, response, path) : notFound(response);
        },
        upgradeRouter({ agents: hub.server, browsers: null, pages: null, stage: null, refused }),
      );
      await listenOnSocket(local, config.agentSocket);
      closing.push(() => closeServer(local));
    }
    closing.push(() => hub.close());

    const tokenFor: AuditedAction = { action: "host.mint-token", actor: SYSTEM, ip: null, object: null };
    const joinToken = await localJoinToken(config, enrolment, () => auditLog.perform(tokenFor, () => enrolment.mintLocalToken()));
    const first = !(await hasPasswords(database.tables));
    const signIn = await linkFor(first);
    if (first) setupLink.write(signIn, SIGN_IN_MS);
    else setupLink.remove();
    const ready: Ready = { event: "ready", url: origins.main, signIn, joinToken };
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
async function localJoinToken(config: Config, enrolment: Enrolment, mint: () => Promise<string>): Promise<string | null> {
  if (!config.localAgent) return null;
  if (config.joinTokenFile !== null) {
    writePrivateFile(config.joinTokenFile, `${await mint()}\n`);
    return null;
  }
  return (await enrolment.hasLocalHost()) ? null : mint();
}
