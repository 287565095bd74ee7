import { ClassIdInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const withdrawCode = procedure.input(ClassIdInput)
  .mutation(({ ctx, input }) => ctx.services.classes.withdrawCode(ctx.actor, input.id));
