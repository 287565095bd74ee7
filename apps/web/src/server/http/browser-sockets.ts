import type { IncomingMessage } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import type { TRPCError } from "@trpc/server";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { liveRouter } from "../routers/app-router";
import type { AccessChanges } from "../services/access-changes";
import type { SessionService } from "../services/people";
import type { BrowserConnection, Services } from "../services/services";
import { auditedCall, endOfCall } from "../audited-call";
import { userActor } from "../services/audit-scope";
import type { Context } from "../trpc";
import { BrowserSocket } from "./browser-socket";
import { clientOf } from "./client-of";
import type { TokenCookie } from "./token-cookie";
import { logFailure } from "./trpc-http";

const FRAME_BYTES_MAX = 64 * 1024;
const SUBSCRIPTIONS_MAX = 20;
/** Close code of RFC 6455's private range, as HTTP's 401. */
export const SESSION_ENDED = 4401;
const RECHECK_MS = 60_000;
/** A connection that was told to close and does not is cut off. */
const CLOSE_MS = 500;

interface Options {
  readonly services: Services;
  readonly cookie: TokenCookie;
  readonly changes: AccessChanges;
  readonly log: Logger;
}

/** Subscriptions of the pages. Upgrades come from the upgrade router, which has checked origin and session. */
export function browserSockets({ services, cookie, changes, log }: Options): { server: WebSocketServer; close: () => void } {
  const server = new WebSocketServer({
    noServer: true, WebSocket: BrowserSocket, maxPayload: FRAME_BYTES_MAX, maxFragments: 64, perMessageDeflate: false,
    // Not yet known to the types of ws.
    ...({ closeTimeout: CLOSE_MS } as object),
  });
  applyWSSHandler({
    wss: server,
    router: liveRouter,
    createContext: ({ req, res }) => ({
      services, sessionToken: cookie.read(req), connection: connectionOf(res), client: clientOf(req), callsInRequest: 1, keepSession: null, keepDevice: null,
    }),
    keepAlive: { enabled: true, pingMs: 20_000, pongWaitMs: 10_000 },
    onError: ({ error, path, input, ctx }) => {
      logFailure(log, error, path);
      if (ctx) void writeRefusal(ctx, path ?? "", input, error).catch((cause: unknown) => log.error({ err: cause }, "a refusal could not be written to the audit log"));
    },
  });
  server.on("connection", (socket: WebSocket, request: IncomingMessage) => followSession(socket, cookie.read(request), services.sessions, changes));
  return {
    server,
    close: () => {
      for (const socket of server.clients) {
        socket.close(1001, "server stops");
        setTimeout(() => socket.terminate(), 500).unref();
      }
      server.close();
    },
  };
}

/** The socket ends with its session: at once when somebody ends it, within a minute when it runs out. */
function followSession(socket: WebSocket, token: string | null, sessions: SessionService, changes: AccessChanges): void {
  const recheck = async (): Promise<void> => {
    const user = token === null ? null : await sessions.userOf(token);
    if (user !== null) return;
    socket.close(SESSION_ENDED, "signed out");
    setTimeout(() => socket.terminate(), CLOSE_MS).unref();
  };
  const check = () => void recheck().catch(() => socket.terminate());
  const stop = changes.subscribe(check);
  const timer = setInterval(check, RECHECK_MS).unref();
  socket.once("close", () => {
    stop();
    clearInterval(timer);
  });
  // The session may have ended since the upgrade was let in.
  check();
}

/** A subscription is refused while it runs, so nobody who calls it could write that down. */
async function writeRefusal({ services, sessionToken, client }: Context, path: string, input: unknown, error: TRPCError): Promise<void> {
  const user = sessionToken === null ? null : await services.sessions.userOf(sessionToken);
  const call = auditedCall({ path, ip: client.ip, input });
  await services.auditLog.watch(user ? { ...call, actor: userActor(user) } : call, () => Promise.resolve(null), () => endOfCall(error));
}

function connectionOf(socket: WebSocket): BrowserConnection {
  let open = 0;
  return {
    bufferedBytes: () => socket.bufferedAmount,
    openSubscription: () => {
      if (open >= SUBSCRIPTIONS_MAX) throw new AppError("RATE_LIMITED", `One page follows at most ${SUBSCRIPTIONS_MAX} topologies at a time.`);
      open += 1;
      return () => void (open -= 1);
    },
  };
}
