import { RenameTopologyInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const renameTopology = procedure.input(RenameTopologyInput)
  .mutation(({ ctx, input }) => ctx.services.topologies.rename(ctx.actor, input));
