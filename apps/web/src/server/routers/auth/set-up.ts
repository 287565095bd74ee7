import { SetUpInput } from "@vpclab/shared/wire/people";
import { openProcedure } from "../../trpc";
import { handOut } from "./hand-out";

export const setUp = openProcedure.input(SetUpInput)
  .mutation(async ({ ctx, input }) => handOut(ctx, await ctx.services.accounts.setUp(input, ctx.client)));
