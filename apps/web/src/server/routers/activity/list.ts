import { ActivityListInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const listActivity = procedure.input(ActivityListInput)
  .query(({ ctx, input }) => ctx.services.activities.list(ctx.actor, input));
