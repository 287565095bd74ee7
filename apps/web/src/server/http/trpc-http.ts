import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";
import { decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import type { JsonLimits } from "@vpclab/shared/wire/strict-json";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import type { Logger } from "pino";
import { callRouter } from "../routers/app-router";
import type { Services } from "../services/services";
import { isJudged } from "../audited-call";
import { traceIdOf, wireErrorOf } from "../trpc-errors";
import type { TRPCError } from "@trpc/server";
import { crossSiteRefusal } from "./cross-site";
import type { HttpRefusal } from "./cross-site";
import type { Origins } from "./origins";
import { clientOf } from "./client-of";
import { FairTurns } from "./fair-turns";
import type { HttpRefusals } from "./http-refusals";
import { readBody } from "./read-body";
import { requestPath } from "./request-path";
import { sendJson } from "./respond";
import type { TokenCookie } from "./token-cookie";

export const TRPC_PATH = "/api/trpc/";
export const BODY_BYTES_MAX = 1024 * 1024;
/** Calls that carry a document or an edit that makes one: the largest topology has about 700 KB. All others are small. */
const DOCUMENT_CALLS = ["topology.import", "topology.save", "deployment.preview"];
const SMALL_BODY_BYTES_MAX = 256 * 1024;
export const BATCH_CALLS_MAX = 10;
/** The largest topology has fewer values than a job may have (50 000), its layout three for each box; coordinates have fractions. */
const BODY_LIMITS: JsonLimits = {
  bytesMax: BODY_BYTES_MAX, depthMax: 32, valuesMax: 100_000, stringBytesMax: BODY_BYTES_MAX, integersOnly: false,
};

interface Options {
  readonly services: Services;
  readonly cookie: TokenCookie;
  readonly devices: TokenCookie;
  readonly origins: Origins;
  readonly refused: HttpRefusals;
  readonly log: Logger;
}

/** Queries and mutations of the pages. */
export function trpcOverHttp({ services, cookie, devices, origins, refused, log }: Options): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const handle = createHTTPHandler({
    router: callRouter,
    basePath: TRPC_PATH,
    maxBatchSize: BATCH_CALLS_MAX,
    createContext: ({ req, res, info }) => ({
      services, sessionToken: cookie.read(req), connection: null, client: clientOf(req, devices.read(req)), callsInRequest: info.calls.length,
      keepSession: (session) => void res.appendHeader("Set-Cookie", cookie.write(session)),
      keepDevice: (device) => void res.appendHeader("Set-Cookie", devices.write(device)),
    }),
    onError: ({ error, path, req }) => {
      logFailure(log, error, path);
      const { code } = wireErrorOf(error);
      if (!isJudged(error) && code !== "INTERNAL") refused(req, callOf(req), code);
    },
    responseMeta: ({ errors }) => {
      const waits = errors.flatMap(({ cause }) => (cause instanceof AppError && cause.retryAfterS !== undefined ? [cause.retryAfterS] : []));
      return waits.length === 0 ? {} : { headers: { "Retry-After": String(Math.max(...waits)) } };
    },
  });
  const turns = new FairTurns();
  return async (request, response) => {
    const refusal = crossSiteRefusal(request, origins) ?? (await takeBody(request)) ?? (await takeTurn(turns, cookie.read(request), response));
    if (refusal) {
      refused(request, callOf(request), refusal.data.code);
      return sendJson(response, refusal.status, { error: { message: refusal.data.publicMessage, code: -32600, data: refusal.data } });
    }
    response.setHeader("Cache-Control", "no-store");
    handle(request, response);
  };
}

/**
 * Reads the body and leaves it where tRPC looks for one that was read already. What is too large, too deep, of too many values
 * or ambiguous is refused before anything is made of it.
 */
async function takeBody(request: IncomingMessage & { body?: string }): Promise<HttpRefusal | null> {
  if (request.method !== "POST") return null;
  try {
    const bytes = await readBody(request, bodyBytesMax(request));
    const decoded = decodeStrictJson(bytes, BODY_LIMITS);
    if (!decoded.ok) return { status: 400, data: { code: decoded.error.code, publicMessage: `The request is not taken: ${decoded.error.message}.` } };
    request.body = bytes.toString("utf8");
    return null;
  } catch (error) {
    if (error instanceof AppError) return { status: 413, data: error.toWire() };
    throw error;
  }
}

/** Its turn ends with its answer. Nobody signs in by turns: who has no session yet has nothing to count him by. */
async function takeTurn(turns: FairTurns, session: string | null, response: ServerResponse): Promise<HttpRefusal | null> {
  const end = session === null ? () => undefined : await turns.begin(session);
  if (end === null) return { status: 429, data: new AppError("RATE_LIMITED", "Too many calls at once. Try again in a second.", { retryAfterS: 1 }).toWire() };
  if (response.closed) end();
  else response.once("close", end);
  return null;
}

const callsOf = (request: IncomingMessage): string[] => (requestPath(request) ?? "").slice(TRPC_PATH.length).split(",");

/** What a request asks for, as the audit log has it: one procedure by its name, a batch and what does not exist without. */
function callOf(request: IncomingMessage): string {
  const [call = "", ...others] = callsOf(request);
  return others.length === 0 && Object.hasOwn(callRouter._def.procedures, call) ? call : "http.call";
}

function bodyBytesMax(request: IncomingMessage): number {
  return callsOf(request).some((call) => DOCUMENT_CALLS.includes(call)) ? BODY_BYTES_MAX : SMALL_BODY_BYTES_MAX;
}

/** Refusals of bad input are the caller's business; what went wrong here is ours. */
export function logFailure(log: Logger, error: TRPCError, path: string | undefined): void {
  const away = error.cause instanceof AppError && error.cause.code === "UNAVAILABLE";
  if (away || error.code === "INTERNAL_SERVER_ERROR") log.error({ err: error.cause ?? error, path, traceId: traceIdOf(error) }, "a call failed");
  else log.debug({ code: error.code, path }, "a call was refused");
}
