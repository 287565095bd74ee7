import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { WebSocket, WebSocketServer } from "ws";
import type { SessionService } from "../services/people";
import type { HandshakePace } from "./handshake-pace";
import type { HttpRefusals } from "./http-refusals";
import type { OpenSockets } from "./open-sockets";
import type { Origins } from "./origins";
import type { StageDoor } from "./stage-sockets";
import type { TokenCookie } from "./token-cookie";

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface BrowserDoor {
  readonly server: WebSocketServer;
  readonly origins: Origins;
  readonly cookie: TokenCookie;
  readonly sessions: SessionService;
  readonly open: OpenSockets;
  readonly pace: HandshakePace;
}

interface Options {
  readonly agents: WebSocketServer;
  /** null on the agents' own unix socket, where no browser comes. */
  readonly browsers: BrowserDoor | null;
  /** Next's own sockets (hot reload), in development only. */
  readonly pages: UpgradeHandler | null;
  readonly refused: HttpRefusals;
  /** null on the agents' own unix socket. */
  readonly stage: StageDoor | null;
}

/** Where an audience comes: no cookie is read there. */
export const STAGE_PATH = "/api/stage";

const STATUS_TEXT = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error" } as const;
type Status = keyof typeof STATUS_TEXT;
/** What an address that leads nowhere is answered is no refusal. */
const CODE: Partial<Record<Status, ErrorCode>> = { 400: "SCHEMA", 401: "UNAUTHENTICATED", 403: "FORBIDDEN", 429: "RATE_LIMITED" };

/** The one place that hands out connections: each has exactly one of three meanings, or is ended. */
export function upgradeRouter({ agents, browsers, pages, stage, refused }: Options): UpgradeHandler {
  return (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const url = request.url ?? "";
    const refuse = (status: Status) => {
      const code = CODE[status];
      if (code) refused(request, url === "/agent" ? "agent.hello" : "socket.open", code);
      answer(socket, status);
    };
    const accept = (server: WebSocketServer, onOpen?: (client: WebSocket) => void) =>
      server.handleUpgrade(request, socket, head, (client) => {
        onOpen?.(client);
        server.emit("connection", client, request);
      });
    if (url === "/agent") {
      const fromBrowser = request.headers.cookie !== undefined || request.headers.origin !== undefined;
      return fromBrowser ? refuse(400) : accept(agents);
    }
    if (!browsers) return refuse(404);
    if (url !== "/api/ws" && !(url === STAGE_PATH && stage) && !(pages && url.startsWith("/_next/"))) return refuse(404);
    if (!browsers.origins.allows(request.headers.origin)) return refuse(403);
    if (url === STAGE_PATH && stage) return stage.isFull(request) ? refuse(429) : accept(stage.server);
    if (url !== "/api/ws") return pages?.(request, socket, head);
    const token = browsers.cookie.read(request);
    if (token === null) return refuse(401);
    browsers.sessions.userOf(token).then(
      (user) => {
        if (!user) return refuse(401);
        const begin = () => {
          if (browsers.open.isFull(user.id)) return refuse(429);
          accept(browsers.server, (client) => browsers.open.add(user.id, client));
        };
        if (!browsers.pace.wait(user.id, socket, begin)) refuse(429);
      },
      () => refuse(500),
    );
  };
}

function answer(socket: Duplex, status: Status): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_TEXT[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
