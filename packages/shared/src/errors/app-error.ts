import type { ErrorCode } from "./error-code";
import { ERROR_CODES } from "./error-code";
import type { Issue } from "./issue";

/** What crosses a process boundary of an error: nothing else does (no stack, no SQL, no path of the machine). */
export interface WireError {
  readonly code: ErrorCode;
  readonly publicMessage: string;
  /** The single fields that are wrong, when the error is about input. */
  readonly issues?: readonly Issue[];
  /** Finds the full error in the log of the process that raised it. */
  readonly traceId?: string;
  /** Seconds after which the same call may succeed. */
  readonly retryAfterS?: number;
}

/** An error at an edge (I/O, process, network). Pure code returns `Issue[]` or `Result` instead. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, publicMessage: string, options: { issues?: readonly Issue[]; cause?: unknown; retryAfterS?: number } = {}) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.issues = options.issues ?? [];
    this.retryAfterS = options.retryAfterS;
  }

  /** The first error decides the code, all of them travel along. Issues must not be empty. */
  static fromIssues(issues: readonly Issue[]): AppError {
    const first = issues[0];
    if (!first) throw new Error("AppError.fromIssues needs at least one issue");
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
    return new AppError(first.code, first.message + more, { issues });
  }

  toWire(traceId?: string): WireError {
    return {
      code: this.code,
      publicMessage: this.message,
      ...(this.issues.length > 0 ? { issues: this.issues } : {}),
      ...(traceId ? { traceId } : {}),
      ...(this.retryAfterS === undefined ? {} : { retryAfterS: this.retryAfterS }),
    };
  }
}

/** Any thrown value as something that may leave the process: an unknown error becomes INTERNAL without its text. */
export function toWireError(thrown: unknown, traceId?: string): WireError {
  if (thrown instanceof AppError) return thrown.toWire(traceId);
  return { code: "INTERNAL", publicMessage: "Something went wrong on our side.", ...(traceId ? { traceId } : {}) };
}

export const isErrorCode = (value: unknown): value is ErrorCode => ERROR_CODES.includes(value as ErrorCode);
