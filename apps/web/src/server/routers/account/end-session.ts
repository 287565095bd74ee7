import { SessionIdInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const endSession = procedure.input(SessionIdInput)
  .mutation(({ ctx, input }) => ctx.services.sessions.end(ctx.actor, input.id));
