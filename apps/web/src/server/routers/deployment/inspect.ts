import { InspectInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const inspectDeployment = procedure.input(InspectInput)
  .query(({ ctx, input }) => ctx.services.plans.inspect(ctx.actor, input));
