import { PointInput, PresenceInput } from "@vpclab/shared/wire/presence";
import { bySubscription, procedure } from "../../trpc";

/** Who else has a topology open, and where; the caller is seen by the others as long as it runs. */
export const livePresence = procedure.input(PresenceInput).subscription(async function* ({ ctx, input, signal }) {
  const close = ctx.connection?.openSubscription();
  try {
    yield* ctx.services.presence.follow(input.id, {
      signal: signal ?? new AbortController().signal, connection: ctx.connection,
      actorNow: async () => (ctx.sessionToken === null ? null : ctx.services.sessions.userOf(ctx.sessionToken)),
    });
  } finally {
    close?.();
  }
});

/** Where the caller is now. It changes nothing that is kept, so it is in no log. */
export const livePoint = bySubscription.input(PointInput).mutation(({ ctx, input }) => {
  ctx.services.presence.say(ctx.connection, input.id, input.patch);
  return null;
});
