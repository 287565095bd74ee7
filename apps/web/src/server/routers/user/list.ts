import { procedure } from "../../trpc";

export const listUsers = procedure
  .query(({ ctx }) => ctx.services.users.list(ctx.actor));
