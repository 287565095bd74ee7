import { CreateClassInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const createClass = procedure.input(CreateClassInput)
  .mutation(({ ctx, input }) => ctx.services.classes.create(ctx.actor, input));
