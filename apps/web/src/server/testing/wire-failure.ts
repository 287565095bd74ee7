import { TRPCClientError } from "@trpc/client";
import type { WireError } from "@vpclab/shared/errors/app-error";

/** The error that a call was refused with; fails when it was not refused. */
export async function failureOf(call: Promise<unknown>): Promise<WireError> {
  const outcome = await call.then(
    () => "it succeeded",
    (error: unknown) => error,
  );
  if (!(outcome instanceof TRPCClientError)) throw new Error(`expected a refusal, but ${String(outcome)}`, { cause: outcome });
  return outcome.data as WireError;
}

/** `code path` of each wrong field, e.g. `NAME_GRAMMAR name`. */
export const issuesOf = (failure: WireError): string[] =>
  (failure.issues ?? []).map((issue) => `${issue.code} ${issue.path.join(".")}`);
