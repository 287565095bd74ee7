import { AppError } from "@vpclab/shared/errors/app-error";
import { initTRPC } from "@trpc/server";
import { auditedCall, endOfCall } from "./audited-call";
import { AuditScope, userActor } from "./services/audit-scope";
import type { Client, NewDevice, NewSession } from "./services/people";
import type { BrowserConnection, Services } from "./services/services";
import { expectedError, toTrpcError, wireErrorOf } from "./trpc-errors";

export interface Context {
  readonly services: Services;
  /** Value of the session cookie, not yet checked. */
  readonly sessionToken: string | null;
  /** The WebSocket of a subscription; null for plain HTTP. */
  readonly connection: BrowserConnection | null;
  readonly client: Client;
  /** Number of calls in the request. */
  readonly callsInRequest: number;
  /** Puts a session into the browser's cookie, or takes it out; null where no answer has headers. */
  readonly keepSession: ((session: NewSession | null) => void) | null;
  /** Makes the browser known. */
  readonly keepDevice: ((device: NewDevice) => void) | null;
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
 * Every mutation and every refusal is written to the audit log, a mutation in the transaction that does it. What a subscription is
 * refused with comes later, while it runs, and is written by its socket.
 */
const withAudit = t.middleware(async ({ ctx, path, type, next, getRawInput }) => {
  if (type === "subscription") return next();
  const call = auditedCall({ path, ip: ctx.client.ip, input: await getRawInput().catch(() => null) });
  const judge = (result: Awaited<ReturnType<typeof next>>) => (result.ok ? null : endOfCall(result.error));
  const { auditLog } = ctx.services;
  return type === "mutation" ? auditLog.perform(call, () => next(), judge) : auditLog.watch(call, () => next(), judge);
});

/**
 * For whoever has no session yet: signing in, and what leads to an account. One request is one try, so that nobody guesses by
 * the batch.
 */
export const openProcedure = t.procedure.use(withAudit).use(withAppErrors).use(({ ctx, next }) => {
  if (ctx.callsInRequest !== 1) throw new AppError("SCHEMA", "This call is sent alone.");
  return next({ ctx });
});

/**
 * The kind of nearly every procedure: nothing is answered without a session. The session is read again for every call,
 * so that a revoked one ends at once, also on an open socket.
 */
export const procedure = t.procedure.use(withAudit).use(withAppErrors).use(async ({ ctx, path, next }) => {
  const user = ctx.sessionToken === null ? null : await ctx.services.sessions.userOf(ctx.sessionToken);
  if (!user) throw new AppError("UNAUTHENTICATED", "You are not signed in.");
  AuditScope.current()?.noteActor(userActor(user));
  ctx.services.limits.admit(user, path);
  return next({ ctx: { ...ctx, actor: user } });
});

/**
 * For what an open subscription of the same socket allows, many times a second: the session was read when the subscription began and
 * whenever access has changed since, so no call reads it again, and none is written down.
 */
export const bySubscription = t.procedure.use(withAppErrors);

/** For whoever has a link and no session; the service looks at the link's token. */
export const audienceProcedure = t.procedure.use(withAppErrors);

export const router = t.router;
