import { PreviewInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

/** Changes nothing; a document is too long for the address of a query. */
export const previewDeployment = procedure.input(PreviewInput)
  .mutation(({ ctx, input }) => ctx.services.plans.preview(ctx.actor, input));
