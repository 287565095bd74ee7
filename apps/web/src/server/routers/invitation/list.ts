import { procedure } from "../../trpc";

export const listInvitations = procedure
  .query(({ ctx }) => ctx.services.invitations.list(ctx.actor));
