import { ApplyInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const applyTopology = procedure.input(ApplyInput)
  .mutation(({ ctx, input }) => ctx.services.deployments.apply(ctx.actor, input.id, input.confirmSeconds));
