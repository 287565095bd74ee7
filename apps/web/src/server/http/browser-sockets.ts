import { AppError } from "@vpclab/shared/errors/app-error";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import type { TRPCError } from "@trpc/server";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { liveRouter } from "../routers/app-router";
import type { BrowserConnection, Services } from "../services/services";
import { auditedCall, endOfCall } from "../audited-call";
import { userActor } from "../services/audit-scope";
import type { Context } from "../trpc";
import { peerAddress } from "./peer-address";
import type { SessionCookie } from "./session-cookie";
import { logFailure } from "./trpc-http";

const FRAME_BYTES_MAX = 64 * 1024;
const SUBSCRIPTIONS_MAX = 20;

interface Options {
  readonly services: Services;
  readonly cookie: SessionCookie;
  readonly log: Logger;
}

/** Subscriptions of the pages. Upgrades come from the upgrade router, which has checked origin and session. */
export function browserSockets({ services, cookie, log }: Options): { server: WebSocketServer; close: () => void } {
  const server = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX, maxFragments: 64, perMessageDeflate: false });
  applyWSSHandler({
    wss: server,
    router: liveRouter,
    createContext: ({ req, res }) => ({ services, sessionToken: cookie.read(req), ip: peerAddress(req), connection: connectionOf(res) }),
    keepAlive: { enabled: true, pingMs: 20_000, pongWaitMs: 10_000 },
    onError: ({ error, path, input, ctx }) => {
      logFailure(log, error, path);
      if (ctx) void writeRefusal(ctx, path ?? "", input, error).catch((cause: unknown) => log.error({ err: cause }, "a refusal could not be written to the audit log"));
    },
  });
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

/** A subscription is refused while it runs, so nobody who calls it could write that down. */
async function writeRefusal({ services, sessionToken, ip }: Context, path: string, input: unknown, error: TRPCError): Promise<void> {
  const user = sessionToken === null ? null : await services.sessions.userOf(sessionToken);
  const call = auditedCall({ path, ip, input });
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
