import { procedure } from "../../trpc";

export const listSessions = procedure
  .query(({ ctx }) => ctx.services.sessions.list(ctx.actor));
