import { AppError } from "@vpclab/shared/errors/app-error";
import { initTRPC } from "@trpc/server";
import type { BrowserConnection, Services } from "./services/services";
import { expectedError, toTrpcError, wireErrorOf } from "./trpc-errors";

export interface Context {
  readonly services: Services;
  /** Value of the session cookie, not yet checked. */
  readonly sessionToken: string | null;
  /** The WebSocket of a subscription; null for plain HTTP. */
  readonly connection: BrowserConnection | null;
}

const t = initTRPC.context<Context>().create({
  /** An error's `data` is a `WireError` and nothing else. */
  errorFormatter: ({ shape, error }) => {
    const data = wireErrorOf(error);
    return { ...shape, message: data.publicMessage, data };
  },
});

const withAppErrors = t.middleware(async ({ next }) => {
  const result = await next();
  const expected = result.ok ? null : expectedError(result.error.cause);
  if (expected) throw toTrpcError(expected);
  return result;
});

/**
 * The only kind of procedure there is: nothing is answered without a session. The session is read again for every call,
 * so that a revoked one ends at once, also on an open socket.
 */
export const procedure = t.procedure.use(withAppErrors).use(async ({ ctx, next }) => {
  const user = ctx.sessionToken === null ? null : await ctx.services.sessions.userOf(ctx.sessionToken);
  if (!user) throw new AppError("UNAUTHENTICATED", "You are not signed in. Run `npm run signin` and open the link it prints.");
  return next({ ctx: { ...ctx, actor: user } });
});

export const router = t.router;
