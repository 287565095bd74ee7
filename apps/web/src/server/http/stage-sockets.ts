import type { IncomingMessage } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { endOfCall } from "../audited-call";
import { stageRouter } from "../routers/app-router";
import { ANONYMOUS } from "../services/audit-scope";
import type { BrowserConnection, Services } from "../services/services";
import { BrowserSocket } from "./browser-socket";
import { SESSION_ENDED } from "./browser-sockets";
import { clientOf } from "./client-of";
import { peerAddress } from "./peer-address";
import { logFailure } from "./trpc-http";

/** A stage sends a token and nothing more. */
const FRAME_BYTES_MAX = 4 * 1024;
const SOCKETS_MAX = 400;
/** A class room behind one address. */
const SOCKETS_PER_ADDRESS_MAX = 120;
const SUBSCRIPTIONS_MAX = 4;
/** A socket that follows nothing, because its link does not work or not any more, has this long. */
const IDLE_MS = 1_000;
const FIRST_MS = 5_000;
const CLOSE_MS = 500;

export interface StageDoor {
  readonly server: WebSocketServer;
  isFull(request: Pick<IncomingMessage, "socket">): boolean;
}

/** Sockets of an audience: they open with a link's token, serve two subscriptions, and end with the link. */
export function stageSockets({ services, log }: { readonly services: Services; readonly log: Logger }): StageDoor & { close: () => void } {
  const byAddress = new Map<string, number>();
  const server = new WebSocketServer({
    noServer: true, WebSocket: BrowserSocket, maxPayload: FRAME_BYTES_MAX, maxFragments: 4, perMessageDeflate: false,
    // Not yet known to the types of ws.
    ...({ closeTimeout: CLOSE_MS } as object),
  });
  applyWSSHandler({
    wss: server,
    router: stageRouter,
    createContext: ({ req, res }) => ({
      services, sessionToken: null, connection: endingConnection(res), client: clientOf(req), callsInRequest: 1, keepSession: null, keepDevice: null,
    }),
    keepAlive: { enabled: true, pingMs: 20_000, pongWaitMs: 10_000 },
    onError: ({ error, path, ctx }) => {
      logFailure(log, error, path);
      // Nothing of the input is written down: it is the token.
      const opening = { action: "stage.open", actor: ANONYMOUS, ip: ctx?.client.ip ?? null, object: null };
      void services.auditLog.watch(opening, () => Promise.resolve(null), () => endOfCall(error)).catch((cause: unknown) => log.error({ err: cause }, "a refusal could not be written to the audit log"));
    },
  });
  server.on("connection", (socket: WebSocket, request: IncomingMessage) => {
    const address = peerAddress(request) ?? "";
    byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
    socket.once("close", () => {
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    });
  });
  return {
    server,
    isFull: (request) => server.clients.size >= SOCKETS_MAX || (byAddress.get(peerAddress(request) ?? "") ?? 0) >= SOCKETS_PER_ADDRESS_MAX,
    close: () => {
      for (const socket of server.clients) {
        socket.close(1001, "server stops");
        setTimeout(() => socket.terminate(), CLOSE_MS).unref();
      }
      server.close();
    },
  };
}

/** A connection that is closed when nothing is followed on it. */
function endingConnection(socket: WebSocket): BrowserConnection {
  let open = 0;
  const end = () => {
    socket.close(SESSION_ENDED, "the link does not work");
    setTimeout(() => socket.terminate(), CLOSE_MS).unref();
  };
  let timer = setTimeout(end, FIRST_MS);
  socket.once("close", () => clearTimeout(timer));
  return {
    bufferedBytes: () => socket.bufferedAmount,
    openSubscription: () => {
      if (open >= SUBSCRIPTIONS_MAX) throw new AppError("RATE_LIMITED", `A stage follows at most ${SUBSCRIPTIONS_MAX} things at a time.`);
      open += 1;
      clearTimeout(timer);
      return () => {
        open -= 1;
        if (open === 0) timer = setTimeout(end, IDLE_MS);
      };
    },
  };
}
