import { LiveInput } from "@vpclab/shared/wire/api";
import { tracked } from "@trpc/server";
import { procedure } from "../../trpc";

/** Everything that happens to one topology. Resumes after `lastEventId`; without one it begins with a snapshot. */
export const liveTopology = procedure.input(LiveInput).subscription(async function* ({ ctx, input, signal }) {
  const close = ctx.connection?.openSubscription();
  try {
    const options = {
      signal: signal ?? new AbortController().signal, connection: ctx.connection,
      actorNow: async () => (ctx.sessionToken === null ? null : ctx.services.sessions.userOf(ctx.sessionToken)),
    };
    for await (const { id, event } of ctx.services.live.subscribe(input, options)) yield tracked(id, event);
  } finally {
    close?.();
  }
});
