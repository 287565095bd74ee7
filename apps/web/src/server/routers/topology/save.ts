import { SaveTopologyInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const saveTopology = procedure.input(SaveTopologyInput)
  .mutation(({ ctx, input }) => ctx.services.topologies.save(ctx.actor, input));
