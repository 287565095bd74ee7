import { RuleHitsInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const ruleHits = procedure.input(RuleHitsInput)
  .query(({ ctx, input }) => ctx.services.ruleHits.of(ctx.actor, input));
