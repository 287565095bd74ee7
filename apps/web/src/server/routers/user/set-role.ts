import { SetRoleInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const setRole = procedure.input(SetRoleInput)
  .mutation(({ ctx, input }) => ctx.services.users.setRole(ctx.actor, input));
