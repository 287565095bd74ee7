import { SetDisabledInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const setDisabled = procedure.input(SetDisabledInput)
  .mutation(({ ctx, input }) => ctx.services.users.setDisabled(ctx.actor, input));
