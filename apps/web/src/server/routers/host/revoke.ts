import { HostIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const revokeHost = procedure.input(HostIdInput)
  .mutation(({ ctx, input }) => ctx.services.hostAdministration.revoke(ctx.actor, input.id));
