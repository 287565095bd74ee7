import { randomUUID } from "node:crypto";
import { issuesOfSchema } from "@vpclab/shared/topology/schema-issues";
import { AppError, toWireError } from "@vpclab/shared/errors/app-error";
import type { WireError } from "@vpclab/shared/errors/app-error";
import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { isUnavailable } from "./store/unavailable";

type TrpcCode = TRPCError["code"];

/** Codes whose HTTP status is not 400. Everything else is about the caller's input. */
const STATUS: Partial<Record<ErrorCode, TrpcCode>> = {
  UNAUTHENTICATED: "UNAUTHORIZED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  CONFLICT: "CONFLICT",
  NAME_TAKEN: "CONFLICT",
  ID_DUPLICATE: "CONFLICT",
  IN_USE: "CONFLICT",
  TOO_LARGE: "PAYLOAD_TOO_LARGE",
  RATE_LIMITED: "TOO_MANY_REQUESTS",
  INTERNAL: "INTERNAL_SERVER_ERROR",
  UNAVAILABLE: "SERVICE_UNAVAILABLE",
  HOST_OFFLINE: "SERVICE_UNAVAILABLE",
  AGENT_TIMEOUT: "GATEWAY_TIMEOUT",
  NOT_APPLIED: "PRECONDITION_FAILED",
};

/** tRPC's own refusals (unknown procedure, wrong method, broken JSON) in our codes. */
const OWN_CODE: Partial<Record<TrpcCode, ErrorCode>> = {
  BAD_REQUEST: "SCHEMA",
  NOT_FOUND: "NOT_FOUND",
  METHOD_NOT_SUPPORTED: "SCHEMA",
  UNSUPPORTED_MEDIA_TYPE: "SCHEMA",
  PAYLOAD_TOO_LARGE: "TOO_LARGE",
  UNAUTHORIZED: "UNAUTHENTICATED",
  TOO_MANY_REQUESTS: "RATE_LIMITED",
};

/** What went wrong as an error with words for a person, where it has some: ours, or a database that is away. */
export function expectedError(thrown: unknown): AppError | null {
  if (thrown instanceof AppError) return thrown;
  if (!isUnavailable(thrown)) return null;
  const message = "The server's database does not answer, so nothing was changed. What is applied goes on running. Try again in a moment; if it stays so, the server's log says why.";
  return new AppError("UNAVAILABLE", message, { cause: thrown });
}

export const toTrpcError = (error: AppError): TRPCError =>
  new TRPCError({ code: STATUS[error.code] ?? "BAD_REQUEST", message: error.message, cause: error });

const traceIds = new WeakMap<TRPCError, string>();

/** The same error has the same id in the answer and in the log. */
export function traceIdOf(error: TRPCError): string {
  const known = traceIds.get(error);
  if (known) return known;
  const made = randomUUID();
  traceIds.set(error, made);
  return made;
}

/** What a caller may know of an error: a code, a sentence, the wrong fields; never a stack, a query or a path of the machine. */
export function wireErrorOf(error: TRPCError): WireError {
  const traceId = traceIdOf(error);
  if (error.cause instanceof AppError) return error.cause.toWire(traceId);
  if (error.cause instanceof ZodError) {
    const issues = issuesOfSchema(error.cause);
    return issues.length > 0 ? AppError.fromIssues(issues).toWire(traceId) : toWireError(error, traceId);
  }
  if (error.code === "PARSE_ERROR" || error.cause instanceof SyntaxError) {
    return { code: "JSON_SYNTAX", publicMessage: "The request is not valid JSON.", traceId };
  }
  const code = OWN_CODE[error.code];
  if (!code) return toWireError(error, traceId);
  // tRPC's own messages name at most the procedure.
  return { code, publicMessage: code === "TOO_LARGE" ? "The request is larger than 1 MiB." : error.message, traceId };
}

