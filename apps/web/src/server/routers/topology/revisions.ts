import { RevisionsInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const listRevisions = procedure.input(RevisionsInput)
  .query(({ ctx, input }) => ctx.services.topologies.revisions(ctx.actor, input));
