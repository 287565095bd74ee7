import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const cancelDeployment = procedure.input(TopologyIdInput)
  .mutation(({ ctx, input }) => ctx.services.deployments.cancel(ctx.actor, input.id));
