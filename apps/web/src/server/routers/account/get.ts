import { procedure } from "../../trpc";

export const getAccount = procedure
  .query(({ ctx }) => ctx.services.accounts.get(ctx.actor));
