import { UserIdInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const removeUser = procedure.input(UserIdInput)
  .mutation(({ ctx, input }) => ctx.services.users.remove(ctx.actor, input.id));
