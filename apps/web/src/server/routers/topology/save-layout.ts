import { SaveLayoutInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const saveLayout = procedure.input(SaveLayoutInput)
  .mutation(({ ctx, input }) => ctx.services.topologies.saveLayout(ctx.actor, input));
