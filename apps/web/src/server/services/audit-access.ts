import { AppError } from "@vpclab/shared/errors/app-error";
import type { Actor } from "./services";

/** Roles whose users read the audit log, which tells of everybody. */
const READS_AUDIT: Record<Actor["role"], boolean> = { admin: true };

/** Throws FORBIDDEN. */
export function mustReadAudit({ role }: Actor): void {
  if (!READS_AUDIT[role]) throw new AppError("FORBIDDEN", "The audit log is for administrators.");
}
