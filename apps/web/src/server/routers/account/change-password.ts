import { ChangePasswordInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";
import { stayKnown } from "../auth/hand-out";

export const changePassword = procedure.input(ChangePasswordInput)
  .mutation(async ({ ctx, input }) => stayKnown(ctx, await ctx.services.accounts.changePassword(ctx.actor, input)));
