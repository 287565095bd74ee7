import { HostIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const unlockHost = procedure.input(HostIdInput)
  .mutation(({ ctx, input }) => ctx.services.hostAdministration.unlock(ctx.actor, input.id));
