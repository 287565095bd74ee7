import { ActivityEntryInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const getActivity = procedure.input(ActivityEntryInput)
  .query(({ ctx, input }) => ctx.services.activities.get(ctx.actor, input.entryId));
