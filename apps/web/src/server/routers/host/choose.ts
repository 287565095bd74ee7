import { ChooseHostInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const chooseHost = procedure.input(ChooseHostInput)
  .mutation(({ ctx, input }) => ctx.services.hostChoice.choose(ctx.actor, input));
