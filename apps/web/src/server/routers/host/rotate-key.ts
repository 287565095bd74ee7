import { procedure } from "../../trpc";

export const rotateKey = procedure
  .mutation(({ ctx }) => ctx.services.hostAdministration.rotateKey(ctx.actor));
