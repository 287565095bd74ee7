import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const getTopology = procedure.input(TopologyIdInput)
  .query(({ ctx, input }) => ctx.services.topologies.get(ctx.actor, input.id));
