import { procedure } from "../../trpc";

export const hostsOverview = procedure
  .query(({ ctx }) => ctx.services.hostAdministration.overview(ctx.actor));
