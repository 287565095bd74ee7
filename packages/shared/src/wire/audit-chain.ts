import { sha256 } from "@noble/hashes/sha2.js";
import type { AuditEntry, AuditHead, AuditRecord } from "./audit";
import { boundedRecord } from "./audit";

/** The end of an empty chain. */
export const AUDIT_GENESIS: AuditHead = { sequence: 0, hash: "0".repeat(64) };

const FORMAT = "vpclab-audit-v1";

/**
 * Hash of an entry: SHA-256, as 64 hex digits, of the UTF-8 bytes of one JSON array without white space,
 *
 *   ["vpclab-audit-v1", sequence, previousHash, at, actor kind, actor id, actor name, actor role, ip, action, object kind, object id,
 *    object name, revisionBefore, revisionAfter, outcome, errorCode, jobId, traceId, count]
 *
 * with `at` in Unix milliseconds, null for what is not there, and strings escaped as ECMA-262's JSON.stringify does. Every field has
 * its place and its type, so two different entries have different bytes.
 */
export function auditHash(record: AuditRecord, { sequence, hash: previousHash }: AuditHead): string {
  const { at, actor, ip, action, object, revisionBefore, revisionAfter, outcome, errorCode, jobId, traceId, count } = record;
  const bytes = new TextEncoder().encode(JSON.stringify([
    FORMAT, sequence + 1, previousHash, at, actor.kind, actor.id, actor.name, actor.role, ip, action,
    object?.kind ?? null, object?.id ?? null, object?.name ?? null, revisionBefore, revisionAfter, outcome, errorCode, jobId, traceId, count,
  ]));
  return Array.from(sha256(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The entry that follows `head`. */
export function nextAuditEntry(head: AuditHead, record: AuditRecord): AuditEntry {
  const bounded = boundedRecord(record);
  return { ...bounded, sequence: head.sequence + 1, previousHash: head.hash, hash: auditHash(bounded, head) };
}

/** Where a chain is not as it was written: nothing from this sequence number on is proved. */
export interface AuditFault {
  readonly sequence: number;
  readonly reason: string;
}

/** What is wrong with an entry that should follow `head`; null: it does. */
export function entryFault(head: AuditHead, entry: AuditEntry): AuditFault | null {
  const sequence = head.sequence + 1;
  if (entry.sequence !== sequence) {
    const reason = entry.sequence > sequence ? `entry ${sequence} is missing: ${entry.sequence} follows ${head.sequence}` : `entry ${entry.sequence} is there twice`;
    return { sequence, reason };
  }
  if (entry.previousHash !== head.hash) return { sequence, reason: `entry ${sequence} does not follow entry ${head.sequence}: one of the two was put in place of another` };
  if (entry.hash !== auditHash(entry, head)) return { sequence, reason: `entry ${sequence} was changed after it had been written` };
  return null;
}
