import { procedure } from "../../trpc";

export const verifyAudit = procedure
  .mutation(({ ctx }) => ctx.services.audits.verify(ctx.actor));
