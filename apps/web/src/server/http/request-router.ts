import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Logger } from "pino";
import type { Accounts } from "../services/account-service";
import { ANONYMOUS } from "../services/audit-scope";
import type { AuditLog } from "../services/audit-log";
import type { Sessions } from "../services/session-service";
import type { AgentApi } from "./agent-api";
import { clientOf } from "./client-of";
import type { HttpRefusals } from "./http-refusals";
import { requestPath, requestQuery } from "./request-path";
import { notFound, redirect, refuseMethod, sendJson, sendPage } from "./respond";
import type { SecurityHeaders } from "./security-headers";
import type { TokenCookie } from "./token-cookie";
import { expectedError } from "../trpc-errors";
import { refusedLinkPage } from "./refused-link-page";
import { TRPC_PATH } from "./trpc-http";

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

interface Options {
  readonly sessions: Sessions;
  readonly accounts: Pick<Accounts, "isSetupOpen">;
  readonly auditLog: AuditLog;
  readonly refused: HttpRefusals;
  readonly cookie: TokenCookie;
  readonly agentApi: AgentApi;
  readonly secure: SecurityHeaders;
  readonly trpc: RequestHandler;
  /** Next, for everything that is a page or a part of one. */
  readonly pages: RequestHandler;
  /** `host:port` of the configured address. */
  readonly host: string;
  readonly isHealthy: () => Promise<boolean>;
  /** Next's development server has requests of its own. */
  readonly development: boolean;
  readonly log: Logger;
}

/** Files that a page is made of hold nothing of anybody, so they need no session. */
const isAsset = (path: string): boolean => path.startsWith("/_next/") || path === "/favicon.ico" || path === "/icon.svg";

export function requestRouter(options: Options): RequestHandler {
  const { sessions, accounts, auditLog, refused, cookie, agentApi, secure, trpc, host, isHealthy, development, log } = options;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    secure(request, response);
    const path = requestPath(request);
    if (path === null) return notFound(response);
    if (path.startsWith(TRPC_PATH)) return trpc(request, response);
    if (path.startsWith("/agent/v1/")) return agentApi.handle(request, response, path);
    if (development && (path.startsWith("/_next/") || path.startsWith("/__nextjs"))) return options.pages(request, response);
    if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(response, "GET");
    if (path === "/healthz") return health(response);
    if (path === "/signin") return signIn(request, response);
    if (path === "/setup") return setUp(request, response);
    if (path === "/join" || path === "/stage") return pages(request, response);
    if (path.startsWith("/api/") || path === "/agent") return notFound(response);
    if (isAsset(path)) return pages(request, response);
    if (!(await signedIn(request))) return redirect(response, "/signin");
    return pages(request, response);
  }

  /** Next, too, learns this server's address from the configuration, not from what a request claims. */
  function pages(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    request.headers.host = host;
    for (const name of Object.keys(request.headers)) if (/^(forwarded$|x-forwarded-|x-middleware-)/.test(name)) delete request.headers[name];
    return options.pages(request, response);
  }

  async function signedIn(request: IncomingMessage): Promise<boolean> {
    const token = cookie.read(request);
    return token !== null && (await sessions.userOf(token)) !== null;
  }

  async function health(response: ServerResponse): Promise<void> {
    const healthy = await isHealthy().catch(() => false);
    sendJson(response, healthy ? 200 : 503, { status: healthy ? "ok" : "database unreachable" });
  }

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = requestQuery(request).get("token");
    if (token === null) return (await signedIn(request)) ? redirect(response, "/") : pages(request, response);
    // Programs that look at a link before a person does must not use it up.
    if (request.method !== "GET") return refuseMethod(response, "GET");
    const { ip, device } = clientOf(request);
    const session = await auditLog.perform({ action: "auth.sign-in", actor: ANONYMOUS, ip, object: null }, () => sessions.signIn(token, device));
    if (session) return redirect(response, "/", { "Set-Cookie": cookie.write(session) });
    if (await signedIn(request)) return redirect(response, "/");
    sendPage(response, 401, refusedLinkPage);
  }

  /** Nothing is there but for the first start's link, as long as nobody has a password. */
  async function setUp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = requestQuery(request).get("token");
    if (token !== null && (await accounts.isSetupOpen(token))) return pages(request, response);
    if (token !== null) refused(request, "auth.setUp", "NOT_FOUND");
    notFound(response);
  }

  return async (request, response) => {
    try {
      await route(request, response);
    } catch (error) {
      const traceId = randomUUID();
      log.error({ err: error, method: request.method, traceId }, "a request failed");
      const away = expectedError(error);
      if (!response.headersSent && away?.code === "UNAVAILABLE") sendJson(response, 503, { error: away.toWire(traceId) });
      else if (!response.headersSent) sendJson(response, 500, { error: toWireError(null, traceId) });
      else response.destroy();
    }
  };
}
