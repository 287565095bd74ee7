import { RevisionInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const getRevision = procedure.input(RevisionInput)
  .query(({ ctx, input }) => ctx.services.topologies.revision(ctx.actor, input));
