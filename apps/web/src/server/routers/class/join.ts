import { JoinClassInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const joinClass = procedure.input(JoinClassInput)
  .mutation(({ ctx, input }) => ctx.services.classes.join(ctx.actor, () => ctx.services.accounts.classByCode(input.code, ctx.client)));
