import { MintJoinTokenInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const mintJoinToken = procedure.input(MintJoinTokenInput)
  .mutation(({ ctx, input }) => ctx.services.hostAdministration.mintJoinToken(ctx.actor, input.name));
