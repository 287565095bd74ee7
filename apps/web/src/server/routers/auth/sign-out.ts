import { procedure } from "../../trpc";

export const signOut = procedure
  .mutation(async ({ ctx }) => {
    const answer = await ctx.services.accounts.signOut(ctx.actor);
    ctx.keepSession?.(null);
    return answer;
  });
