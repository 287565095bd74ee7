import { PeeringCandidatesInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const listPeeringCandidates = procedure.input(PeeringCandidatesInput)
  .query(({ ctx, input }) => ctx.services.peerings.candidates(ctx.actor, input));
