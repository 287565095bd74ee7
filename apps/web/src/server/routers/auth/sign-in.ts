import { SignInInput } from "@vpclab/shared/wire/people";
import { openProcedure } from "../../trpc";
import { handOut } from "./hand-out";

export const signIn = openProcedure.input(SignInInput)
  .mutation(async ({ ctx, input }) => handOut(ctx, await ctx.services.accounts.signIn(input, ctx.client)));
