import { ClassIdInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const renewCode = procedure.input(ClassIdInput)
  .mutation(({ ctx, input }) => ctx.services.classes.renewCode(ctx.actor, input.id));
