import { ProbeInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const runProbe = procedure.input(ProbeInput)
  .mutation(({ ctx, input }) => ctx.services.probes.run(ctx.actor, input));
