import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { WireError } from "@vpclab/shared/errors/app-error";
import { decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import type { JsonLimits } from "@vpclab/shared/wire/strict-json";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import type { Logger } from "pino";
import { callRouter } from "../routers/app-router";
import type { Services } from "../services/services";
import { traceIdOf } from "../trpc-errors";
import type { TRPCError } from "@trpc/server";
import type { Origins } from "./origins";
import { readBody } from "./read-body";
import { sendJson } from "./respond";
import type { SessionCookie } from "./session-cookie";

export const TRPC_PATH = "/api/trpc/";
export const BODY_BYTES_MAX = 1024 * 1024;
export const BATCH_CALLS_MAX = 10;
/** The largest topology has fewer values than a job may have (50 000), its layout three for each box; coordinates have fractions. */
const BODY_LIMITS: JsonLimits = {
  bytesMax: BODY_BYTES_MAX, depthMax: 32, valuesMax: 100_000, stringBytesMax: BODY_BYTES_MAX, integersOnly: false,
};

interface Options {
  readonly services: Services;
  readonly cookie: SessionCookie;
  readonly origins: Origins;
  readonly log: Logger;
}

/** Queries and mutations of the pages. */
export function trpcOverHttp({ services, cookie, origins, log }: Options): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const handle = createHTTPHandler({
    router: callRouter,
    basePath: TRPC_PATH,
    maxBatchSize: BATCH_CALLS_MAX,
    createContext: ({ req }) => ({ services, sessionToken: cookie.read(req), connection: null }),
    onError: ({ error, path }) => logFailure(log, error, path),
  });
  return async (request, response) => {
    const refusal = refusalOf(request, origins) ?? (await takeBody(request));
    if (refusal) return sendJson(response, refusal.status, { error: { message: refusal.data.publicMessage, code: -32600, data: refusal.data } });
    response.setHeader("Cache-Control", "no-store");
    handle(request, response);
  };
}

interface HttpRefusal {
  readonly status: number;
  readonly data: WireError;
}

/**
 * Reads the body and leaves it where tRPC looks for one that was read already. What is too large, too deep, of too many values
 * or ambiguous is refused before anything is made of it.
 */
async function takeBody(request: IncomingMessage & { body?: string }): Promise<HttpRefusal | null> {
  if (request.method !== "POST") return null;
  try {
    const bytes = await readBody(request, BODY_BYTES_MAX);
    const decoded = decodeStrictJson(bytes, BODY_LIMITS);
    if (!decoded.ok) return { status: 400, data: { code: decoded.error.code, publicMessage: `The request is not taken: ${decoded.error.message}.` } };
    request.body = bytes.toString("utf8");
    return null;
  } catch (error) {
    if (error instanceof AppError) return { status: 413, data: error.toWire() };
    throw error;
  }
}

/** What another site could make a browser send without asking first is refused before anything of it is read. */
function refusalOf(request: IncomingMessage, origins: Origins): HttpRefusal | null {
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
  const away = error.cause instanceof AppError && error.cause.code === "UNAVAILABLE";
  if (away || error.code === "INTERNAL_SERVER_ERROR") log.error({ err: error.cause ?? error, path, traceId: traceIdOf(error) }, "a call failed");
  else log.debug({ code: error.code, path }, "a call was refused");
}
