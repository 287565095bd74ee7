import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Sessions } from "../services/session-service";
import type { AgentApi } from "./agent-api";
import { requestPath, requestQuery } from "./request-path";
import { notFound, redirect, refuseMethod, sendJson, sendPage, setSecurityHeaders } from "./respond";
import type { SessionCookie } from "./session-cookie";
import { signInPage } from "./sign-in-page";
import { expectedError } from "../trpc-errors";
import { TRPC_PATH } from "./trpc-http";

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

interface Options {
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
  readonly agentApi: AgentApi;
  readonly trpc: RequestHandler;
  /** Next, for everything that is a page or a part of one. */
  readonly pages: RequestHandler;
  readonly isHealthy: () => Promise<boolean>;
  /** Next's development server has requests of its own. */
  readonly development: boolean;
  readonly log: Logger;
}

/** Files that a page is made of hold nothing of anybody, so they need no session. */
const isAsset = (path: string): boolean => path.startsWith("/_next/") || path === "/favicon.ico" || path === "/icon.svg";

export function requestRouter(options: Options): RequestHandler {
  const { sessions, cookie, agentApi, trpc, pages, isHealthy, development, log } = options;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSecurityHeaders(response);
    const path = requestPath(request);
    if (path === null) return notFound(response);
    if (path.startsWith(TRPC_PATH)) return trpc(request, response);
    if (path.startsWith("/agent/v1/")) return agentApi.handle(request, response, path);
    if (development && (path.startsWith("/_next/") || path.startsWith("/__nextjs"))) return pages(request, response);
    if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(response, "GET");
    if (path === "/healthz") return health(response);
    if (path === "/signin") return signIn(request, response);
    if (path.startsWith("/api/") || path === "/agent") return notFound(response);
    if (isAsset(path)) return pages(request, response);
    if (!(await signedIn(request))) return redirect(response, "/signin");
    return pages(request, response);
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
    if (await signedIn(request)) return redirect(response, "/");
    if (token === null) return sendPage(response, 401, signInPage("needed"));
    // Programs that look at a link before a person does must not use it up.
    if (request.method !== "GET") return refuseMethod(response, "GET");
    const session = await sessions.signIn(token);
    if (!session) return sendPage(response, 401, signInPage("refused"));
    redirect(response, "/", { "Set-Cookie": cookie.write(session.token, session.expiresAt) });
  }

  return async (request, response) => {
    try {
      await route(request, response);
    } catch (error) {
      log.error({ err: error, method: request.method }, "a request failed");
      const away = expectedError(error);
      if (!response.headersSent && away?.code === "UNAVAILABLE") sendJson(response, 503, { error: away.toWire() });
      else if (!response.headersSent) sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "Something went wrong on our side." } });
      else response.destroy();
    }
  };
}
