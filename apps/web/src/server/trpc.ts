import { AppError } from "@vpclab/shared/errors/app-error";
import { initTRPC } from "@trpc/server";
import { auditedCall, endOfCall } from "./audited-call";
import { AuditScope, userActor } from "./services/audit-scope";
import type { BrowserConnection, Services } from "./services/services";
import { toTrpcError, wireErrorOf } from "./trpc-errors";

export interface Context {
  readonly services: Services;
  /** Value of the session cookie, not yet checked. */
  readonly sessionToken: string | null;
  /** Address of who asks; null: over a socket of this machine. */
  readonly ip: string | null;
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
  if (!result.ok && result.error.cause instanceof AppError) throw toTrpcError(result.error.cause);
  return result;
});

/**
 * Every mutation and every refusal is written to the audit log, a mutation in the transaction that does it. What a subscription is
 * refused with comes later, while it runs, and is written by its socket.
 */
const withAudit = t.middleware(async ({ ctx, path, type, next, getRawInput }) => {
  if (type === "subscription") return next();
  const call = auditedCall({ path, ip: ctx.ip, input: await getRawInput().catch(() => null) });
  const judge = (result: Awaited<ReturnType<typeof next>>) => (result.ok ? null : endOfCall(result.error));
  const { auditLog } = ctx.services;
  return type === "mutation" ? auditLog.perform(call, () => next(), judge) : auditLog.watch(call, () => next(), judge);
});

/**
 * The only kind of procedure there is: nothing is answered without a session. The session is read again for every call,
 * so that a revoked one ends at once, also on an open socket.
 */
export const procedure = t.procedure.use(withAudit).use(withAppErrors).use(async ({ ctx, next }) => {
  const user = ctx.sessionToken === null ? null : await ctx.services.sessions.userOf(ctx.sessionToken);
  if (!user) throw new AppError("UNAUTHENTICATED", "You are not signed in. Run `npm run signin` and open the link it prints.");
  AuditScope.current()?.noteActor(userActor(user));
  return next({ ctx: { ...ctx, actor: user } });
});

export const router = t.router;
