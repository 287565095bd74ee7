import { RegisterInput } from "@vpclab/shared/wire/people";
import { openProcedure } from "../../trpc";
import { handOut } from "./hand-out";

export const register = openProcedure.input(RegisterInput)
  .mutation(async ({ ctx, input }) => handOut(ctx, await ctx.services.accounts.register(input, ctx.client)));
