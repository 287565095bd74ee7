import { procedure } from "../../trpc";
import { stayKnown } from "../auth/hand-out";

export const endOtherSessions = procedure
  .mutation(async ({ ctx }) => stayKnown(ctx, await ctx.services.sessions.endOthers(ctx.actor)));
