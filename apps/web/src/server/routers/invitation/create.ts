import { CreateInvitationInput } from "@vpclab/shared/wire/people";
import { procedure } from "../../trpc";

export const createInvitation = procedure.input(CreateInvitationInput)
  .mutation(({ ctx, input }) => ctx.services.invitations.create(ctx.actor, input));
