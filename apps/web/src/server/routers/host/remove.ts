import { HostIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const removeHost = procedure.input(HostIdInput)
  .mutation(({ ctx, input }) => ctx.services.hostAdministration.remove(ctx.actor, input.id));
