import { AnswerPeeringInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const answerPeering = procedure.input(AnswerPeeringInput)
  .mutation(({ ctx, input }) => ctx.services.peerings.answer(ctx.actor, input));
