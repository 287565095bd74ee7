import { AuditListInput } from "@vpclab/shared/wire/audit-api";
import { procedure } from "../../trpc";

export const listAudit = procedure.input(AuditListInput)
  .query(({ ctx, input }) => ctx.services.audits.list(ctx.actor, input));
