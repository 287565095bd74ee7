import { HostIdInput } from "@vpclab/shared/wire/api";
import { procedure } from "../../trpc";

export const checkHost = procedure.input(HostIdInput)
  .mutation(({ ctx, input }) => ctx.services.hostAdministration.check(ctx.actor, input.id));
