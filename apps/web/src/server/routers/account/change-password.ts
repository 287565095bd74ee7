import { ChangePasswordInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const changePassword = procedure.input(ChangePasswordInput)
  .mutation(({ ctx, input }) => ctx.services.accounts.changePassword(ctx.actor, input, ctx.client));
