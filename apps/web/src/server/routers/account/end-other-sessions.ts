import { procedure } from "../../trpc";

export const endOtherSessions = procedure
  .mutation(({ ctx }) => ctx.services.sessions.endOthers(ctx.actor));
