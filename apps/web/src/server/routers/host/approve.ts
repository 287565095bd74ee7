import { HostIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const approveHost = procedure.input(HostIdInput)
  .mutation(({ ctx, input }) => ctx.services.hostAdministration.approve(ctx.actor, input.id));
