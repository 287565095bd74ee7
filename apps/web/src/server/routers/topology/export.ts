import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const exportTopology = procedure.input(TopologyIdInput)
  .query(({ ctx, input }) => ctx.services.topologies.export(ctx.actor, input.id));
