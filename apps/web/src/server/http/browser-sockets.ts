import { AppError } from "@vpclab/shared/errors/app-error";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { liveRouter } from "../routers/app-router";
import type { BrowserConnection, Services } from "../services/services";
import { BrowserSocket } from "./browser-socket";
import type { SessionCookie } from "./session-cookie";
import { logFailure } from "./trpc-http";

const FRAME_BYTES_MAX = 64 * 1024;
const SUBSCRIPTIONS_MAX = 20;
/** A connection that was told to close and does not is cut off. */
const CLOSE_MS = 2_000;

interface Options {
  readonly services: Services;
  readonly cookie: SessionCookie;
  readonly log: Logger;
}

/** Subscriptions of the pages. Upgrades come from the upgrade router, which has checked origin and session. */
export function browserSockets({ services, cookie, log }: Options): { server: WebSocketServer; close: () => void } {
  const server = new WebSocketServer({
    noServer: true, WebSocket: BrowserSocket, maxPayload: FRAME_BYTES_MAX, maxFragments: 64, perMessageDeflate: false,
    // Not yet known to the types of ws.
    ...({ closeTimeout: CLOSE_MS } as object),
  });
  applyWSSHandler({
    wss: server,
    router: liveRouter,
    createContext: ({ req, res }) => ({ services, sessionToken: cookie.read(req), connection: connectionOf(res) }),
    keepAlive: { enabled: true, pingMs: 20_000, pongWaitMs: 10_000 },
    onError: ({ error, path }) => logFailure(log, error, path),
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
