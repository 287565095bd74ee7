import { ImportTopologyInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const importTopology = procedure.input(ImportTopologyInput)
  .mutation(({ ctx, input }) => ctx.services.topologies.import(ctx.actor, input));
