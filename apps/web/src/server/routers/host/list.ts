import { procedure } from "../../trpc";

export const listHosts = procedure
  .query(({ ctx }) => ctx.services.hosts.list(ctx.actor));
