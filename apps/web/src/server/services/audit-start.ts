import type { SigningKey } from "../signing/ed25519";
import { lastObjectOf } from "../store/audit-store";
import type { Database } from "../store/database";
import type { AuditLog } from "./audit-log";
import { SYSTEM } from "./audit-scope";

const START = "server.start";

/** Writes down that the server starts and by which key it signs jobs, and that the key is another than last time. */
export async function auditStart({ tables }: Database, auditLog: AuditLog, { keyId }: Pick<SigningKey, "keyId">): Promise<void> {
  const about = { actor: SYSTEM, ip: null, object: { kind: "job-key", id: keyId, name: null } };
  const before = await lastObjectOf(tables, START);
  if (before !== null && before !== keyId) await auditLog.perform({ ...about, action: "key.change" }, () => Promise.resolve());
  await auditLog.perform({ ...about, action: START }, () => Promise.resolve());
}
