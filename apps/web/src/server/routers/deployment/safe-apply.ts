import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const safeApply = procedure.input(TopologyIdInput)
  .query(({ ctx, input }) => ctx.services.deployments.safeApply(ctx.actor, input.id));
