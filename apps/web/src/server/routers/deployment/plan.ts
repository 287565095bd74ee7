import { TopologyIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const planDeployment = procedure.input(TopologyIdInput)
  .query(({ ctx, input }) => ctx.services.plans.plan(ctx.actor, input.id));
