import type { AuditExportInput, AuditListAnswer, AuditListInput, AuditPage, AuditVerdict } from "@vpclab/shared/wire/audit-api";
import { AUDIT_EXPORT_MAX } from "@vpclab/shared/wire/audit-api";
import type { z } from "zod";
import { listAudit } from "../store/audit-store";
import type { Database } from "../store/database";
import { mustBeAllowed } from "./access";
import type { AuditLog } from "./audit-log";
import { keptHeads, listWitnesses } from "./audit-witness";
import type { Actor, AuditService } from "./services";
import { verifyAudit } from "./verify-audit";
import type { KeptHead } from "./verify-audit";

export class Audits implements AuditService {
  #verified: AuditVerdict | null = null;

  constructor(
    private readonly database: Database,
    private readonly auditLog: Pick<AuditLog, "head">,
  ) {}

  async list(actor: Actor, { limit, cursor, ...filter }: z.infer<typeof AuditListInput>): Promise<AuditListAnswer> {
    mustBeAllowed(actor, "readAudit");
    const { tables } = this.database;
    const entries = await listAudit(tables, filter, cursor ?? null, limit);
    const chain = { head: this.auditLog.head, verified: this.#verified, witnesses: await listWitnesses(tables) };
    return { ...pageOf(entries, limit), chain };
  }

  async verify(actor: Actor): Promise<AuditVerdict> {
    mustBeAllowed(actor, "readAudit");
    return this.check();
  }

  /** `expected`: heads that somebody has kept, besides those that agents have told of. */
  async check(expected: readonly KeptHead[] = []): Promise<AuditVerdict> {
    const { tables } = this.database;
    const report = await verifyAudit(tables, [...(await keptHeads(tables)), ...expected]);
    this.#verified = { at: Date.now(), ...report };
    return this.#verified;
  }

  async export(actor: Actor, { cursor, ...filter }: z.infer<typeof AuditExportInput>): Promise<AuditPage> {
    mustBeAllowed(actor, "readAudit");
    return pageOf(await listAudit(this.database.tables, filter, cursor ?? null, AUDIT_EXPORT_MAX), AUDIT_EXPORT_MAX);
  }
}

const pageOf = (entries: AuditPage["entries"], limit: number): AuditPage =>
  ({ entries, next: entries.length < limit ? null : (entries.at(-1)?.sequence ?? null) });
