import { ClassIdInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const removeClass = procedure.input(ClassIdInput)
  .mutation(({ ctx, input }) => ctx.services.classes.remove(ctx.actor, input.id));
