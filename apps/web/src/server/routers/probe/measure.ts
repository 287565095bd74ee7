import { MeasureInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const measureFlows = procedure.input(MeasureInput)
  .mutation(({ ctx, input }) => {
    ctx.services.limits.admitFlows(ctx.actor, input.flows.length);
    return ctx.services.probes.measure(ctx.actor, input);
  });
