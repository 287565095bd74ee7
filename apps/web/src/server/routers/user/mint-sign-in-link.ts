import { UserIdInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const mintSignInLink = procedure.input(UserIdInput)
  .mutation(({ ctx, input }) => ctx.services.users.mintSignInLink(ctx.actor, input.id));
