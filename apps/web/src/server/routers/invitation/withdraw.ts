import { InvitationIdInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const withdrawInvitation = procedure.input(InvitationIdInput)
  .mutation(({ ctx, input }) => ctx.services.invitations.withdraw(ctx.actor, input.id));
