import type { IncomingMessage, ServerResponse } from "node:http";
import type { WireError } from "@vpclab/shared/errors/app-error";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import type { Logger } from "pino";
import { callRouter } from "../routers/app-router";
import type { Services } from "../services/services";
import { traceIdOf } from "../trpc-errors";
import type { TRPCError } from "@trpc/server";
import type { Origins } from "./origins";
import { sendJson } from "./respond";
import type { SessionCookie } from "./session-cookie";

export const TRPC_PATH = "/api/trpc/";
export const BODY_BYTES_MAX = 1024 * 1024;
export const BATCH_CALLS_MAX = 10;

interface Options {
  readonly services: Services;
  readonly cookie: SessionCookie;
  readonly origins: Origins;
  readonly log: Logger;
}

/** Queries and mutations of the pages. */
export function trpcOverHttp({ services, cookie, origins, log }: Options): (request: IncomingMessage, response: ServerResponse) => void {
  const handle = createHTTPHandler({
    router: callRouter,
    basePath: TRPC_PATH,
    maxBatchSize: BATCH_CALLS_MAX,
    maxBodySize: BODY_BYTES_MAX,
    createContext: ({ req }) => ({ services, sessionToken: cookie.read(req), connection: null }),
    onError: ({ error, path }) => logFailure(log, error, path),
  });
  return (request, response) => {
    const refusal = refusalOf(request, origins);
    if (refusal) return sendJson(response, refusal.status, { error: { message: refusal.data.publicMessage, code: -32600, data: refusal.data } });
    response.setHeader("Cache-Control", "no-store");
    handle(request, response);
  };
}

/** What another site could make a browser send without asking first is refused before anything of it is read. */
function refusalOf(request: IncomingMessage, origins: Origins): { status: number; data: WireError } | null {
  if (request.method === "GET") return null;
  if (request.method !== "POST") return { status: 405, data: { code: "SCHEMA", publicMessage: "Use GET or POST here." } };
  if (request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    return { status: 415, data: { code: "SCHEMA", publicMessage: "Send application/json." } };
  }
  if (!origins.allows(request.headers.origin)) {
    return { status: 403, data: { code: "FORBIDDEN", publicMessage: `This request came from another site. Open vpclab at ${origins.main}, or set PUBLIC_URL to the address you use.` } };
  }
  return null;
}

/** Refusals of bad input are the caller's business; what went wrong here is ours. */
export function logFailure(log: Logger, error: TRPCError, path: string | undefined): void {
  if (error.code === "INTERNAL_SERVER_ERROR") log.error({ err: error.cause ?? error, path, traceId: traceIdOf(error) }, "a call failed");
  else log.debug({ code: error.code, path }, "a call was refused");
}
