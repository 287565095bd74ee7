import { DuplicateTopologyInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const duplicateTopology = procedure.input(DuplicateTopologyInput)
  .mutation(({ ctx, input }) => ctx.services.topologies.duplicate(ctx.actor, input));
