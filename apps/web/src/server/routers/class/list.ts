import { procedure } from "../../trpc";

export const listClasses = procedure
  .query(({ ctx }) => ctx.services.classes.list(ctx.actor));
