import { procedure } from "../../trpc";

export const listTopologies = procedure
  .query(({ ctx }) => ctx.services.topologies.list(ctx.actor));
