import { isErrorCode } from "@vpclab/shared/errors/app-error";
import type { WireError } from "@vpclab/shared/errors/app-error";

/** The server's own words about a failed call; a lost connection and the like become an INTERNAL of their own. */
export function wireErrorOf(thrown: unknown): WireError {
  const data = (thrown as { data?: Partial<WireError> | null } | null)?.data;
  if (data && isErrorCode(data.code) && typeof data.publicMessage === "string") return data as WireError;
  return { code: "INTERNAL", publicMessage: "The server cannot be reached. Is it still running?" };
}
