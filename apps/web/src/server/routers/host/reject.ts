import { HostIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const rejectHost = procedure.input(HostIdInput)
  .mutation(({ ctx, input }) => ctx.services.hostAdministration.reject(ctx.actor, input.id));
