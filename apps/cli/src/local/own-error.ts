import { AppError, isErrorCode } from "@vpclab/shared/errors/app-error";
import type { Issue } from "@vpclab/shared/errors/issue";

/** Another bundle has a class AppError of its own, which `instanceof` does not know; anything else stays as it is. */
export function ownError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error) || error.name !== "AppError") return error;
  const { code, issues } = error as Error & { code?: unknown; issues?: readonly Issue[] };
  return isErrorCode(code) ? new AppError(code, error.message, { issues: issues ?? [], cause: error }) : error;
}
