import { procedure } from "../../trpc";

export const me = procedure
  .query(({ ctx }) => ctx.actor);
