import { CreateTopologyInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const createTopology = procedure.input(CreateTopologyInput)
  .mutation(({ ctx, input }) => ctx.services.topologies.create(ctx.actor, input));
