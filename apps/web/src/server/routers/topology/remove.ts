import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const removeTopology = procedure.input(TopologyIdInput)
  .mutation(({ ctx, input }) => ctx.services.topologies.remove(ctx.actor, input.id));
