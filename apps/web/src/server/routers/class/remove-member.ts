import { ClassMemberInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const removeMember = procedure.input(ClassMemberInput)
  .mutation(({ ctx, input }) => ctx.services.classes.removeMember(ctx.actor, input));
