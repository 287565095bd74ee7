import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const listRevisions = procedure.input(TopologyIdInput)
  .query(({ ctx, input }) => ctx.services.topologies.revisions(ctx.actor, input.id));
