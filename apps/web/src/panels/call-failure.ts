import { TRPCClientError } from "@trpc/client";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { CallFailure } from "../canvas/state/editor-api";

const UNREACHABLE = "The server cannot be reached. Is it still running?";

/** The server's own sentence about a failed call; without an answer of it, nobody was reached. */
export function failureOf(thrown: unknown): CallFailure {
  if (thrown instanceof AppError) return { offline: false, message: thrown.message };
  const data = thrown instanceof TRPCClientError ? (thrown.data as { publicMessage?: unknown; retryAfterS?: unknown } | null | undefined) : null;
  return typeof data?.publicMessage === "string"
    ? { offline: false, message: data.publicMessage, ...(typeof data.retryAfterS === "number" ? { retryAfterS: data.retryAfterS } : {}) }
    : { offline: true, message: UNREACHABLE };
}
