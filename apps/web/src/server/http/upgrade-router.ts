import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import type { SessionService } from "../services/people";
import type { OpenSockets } from "./open-sockets";
import type { Origins } from "./origins";
import type { StageDoor } from "./stage-sockets";
import type { SessionCookie } from "./session-cookie";

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface BrowserDoor {
  readonly server: WebSocketServer;
  readonly origins: Origins;
  readonly cookie: SessionCookie;
  readonly sessions: SessionService;
  readonly open: OpenSockets;
}

interface Options {
  readonly agents: WebSocketServer;
  /** null on the agents' own unix socket, where no browser comes. */
  readonly browsers: BrowserDoor | null;
  /** Next's own sockets (hot reload), in development only. */
  readonly pages: UpgradeHandler | null;
  /** null on the agents' own unix socket. */
  readonly stage: StageDoor | null;
}

/** Where an audience comes: no cookie is read there. */
export const STAGE_PATH = "/api/stage";

const STATUS_TEXT = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error" } as const;
type Status = keyof typeof STATUS_TEXT;

/** The one place that hands out connections: each has exactly one of three meanings, or is ended. */
export function upgradeRouter({ agents, browsers, pages, stage }: Options): UpgradeHandler {
  return (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const url = request.url ?? "";
    const accept = (server: WebSocketServer, onOpen?: (client: WebSocket) => void) =>
      server.handleUpgrade(request, socket, head, (client) => {
        onOpen?.(client);
        server.emit("connection", client, request);
      });
    if (url === "/agent") {
      const fromBrowser = request.headers.cookie !== undefined || request.headers.origin !== undefined;
      return fromBrowser ? refuse(socket, 400) : accept(agents);
    }
    if (!browsers) return refuse(socket, 404);
    if (url !== "/api/ws" && !(url === STAGE_PATH && stage) && !(pages && url.startsWith("/_next/"))) return refuse(socket, 404);
    if (!browsers.origins.allows(request.headers.origin)) return refuse(socket, 403);
    if (url === STAGE_PATH && stage) return stage.isFull(request) ? refuse(socket, 429) : accept(stage.server);
    if (url !== "/api/ws") return pages?.(request, socket, head);
    const token = browsers.cookie.read(request);
    if (token === null) return refuse(socket, 401);
    browsers.sessions.userOf(token).then(
      (user) => {
        if (!user) return refuse(socket, 401);
        if (browsers.open.isFull(user.id)) return refuse(socket, 429);
        accept(browsers.server, (client) => browsers.open.add(user.id, client));
      },
      () => refuse(socket, 500),
    );
  };
}

function refuse(socket: Duplex, status: Status): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_TEXT[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
