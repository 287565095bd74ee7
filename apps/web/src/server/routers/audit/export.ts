import { AuditExportInput } from "@vpclab/shared/wire/audit-api";
import { procedure } from "../../trpc";

export const exportAudit = procedure.input(AuditExportInput)
  .mutation(({ ctx, input }) => ctx.services.audits.export(ctx.actor, input));
