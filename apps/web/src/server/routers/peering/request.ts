import { RequestPeeringInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const requestPeering = procedure.input(RequestPeeringInput)
  .mutation(({ ctx, input }) => ctx.services.peerings.request(ctx.actor, input));
