import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const teardownTopology = procedure.input(TopologyIdInput)
  .mutation(({ ctx, input }) => ctx.services.deployments.teardown(ctx.actor, input.id));
