import type { AuditHead } from "@vpclab/shared/wire/audit";
import type { AuditVerdict } from "@vpclab/shared/wire/audit-api";
import type { AuditFault } from "@vpclab/shared/wire/audit-chain";
import { AUDIT_GENESIS, entryFault } from "@vpclab/shared/wire/audit-chain";
import { auditHashAt, auditPage, countAudit, readAuditHead } from "../store/audit-store";
import type { Tables } from "../store/database";

const PAGE = 1000;

/** A head that somebody outside of the database has kept. */
export interface KeptHead extends AuditHead {
  /** Who, for the report: `the agent of web1`. */
  readonly by: string;
}

export interface AuditReport extends Omit<AuditVerdict, "at"> {
  /** The last entry that was verified. */
  readonly head: AuditHead;
}

const CLOCK_NOTES_MAX = 20;

/**
 * Reads the whole chain, in pages. What it cannot show: a chain that was written anew from some entry on, or cut, with all hashes and
 * the head made to fit, is a whole chain. Only a head that was kept elsewhere contradicts it.
 */
export async function verifyAudit(tables: Tables, kept: readonly KeptHead[] = []): Promise<AuditReport> {
  const wanted = keptBySequence(kept);
  const clockSetBack: number[] = [];
  let head: AuditHead = AUDIT_GENESIS;
  let at = 0;
  const report = (fault: AuditFault | null): AuditReport => ({
    verifiedTo: head.sequence, head: { sequence: head.sequence, hash: head.hash }, fault, compared: kept.length, clockSetBack,
  });
  for (;;) {
    const page = await auditPage(tables, head.sequence, PAGE);
    for (const entry of page) {
      const fault = entryFault(head, entry) ?? keptFault(wanted.get(entry.sequence) ?? [], entry);
      if (fault) return report(fault);
      if (entry.at < at && clockSetBack.length < CLOCK_NOTES_MAX) clockSetBack.push(entry.sequence);
      ({ at } = entry);
      head = entry;
    }
    if (page.length === 0) break;
  }
  return report(await endFault(tables, head) ?? laterFault(kept, head));
}

function keptBySequence(kept: readonly KeptHead[]): ReadonlyMap<number, KeptHead[]> {
  const found = new Map<number, KeptHead[]>();
  for (const one of kept) found.set(one.sequence, [...(found.get(one.sequence) ?? []), one]);
  return found;
}

function keptFault(kept: readonly KeptHead[], { sequence, hash }: AuditHead): AuditFault | null {
  const other = kept.find((one) => one.hash !== hash);
  return other ? { sequence, reason: `entry ${sequence} is not the one that ${other.by} has seen: the chain was written anew from here or before` } : null;
}

/** Others may add to the chain while it is read: then the head is further, and its entry is there. */
async function endFault(tables: Tables, end: AuditHead): Promise<AuditFault | null> {
  const head = await readAuditHead(tables);
  if (!head) return { sequence: end.sequence + 1, reason: "the head is missing" };
  if (head.sequence < end.sequence) return { sequence: head.sequence + 1, reason: `the head says ${head.sequence}, but there are entries up to ${end.sequence}` };
  const hash = head.sequence === 0 ? AUDIT_GENESIS.hash : await auditHashAt(tables, head.sequence);
  if (hash === null) return { sequence: end.sequence + 1, reason: `the head says ${head.sequence}, but the entries end with ${end.sequence}: later ones were removed` };
  if (hash !== head.hash) return { sequence: head.sequence, reason: `the head is not that of entry ${head.sequence}` };
  const count = await countAudit(tables, end.sequence);
  return count === end.sequence ? null : { sequence: 1, reason: `there are ${count} entries with numbers up to ${end.sequence}: some stand beside the chain` };
}

function laterFault(kept: readonly KeptHead[], end: AuditHead): AuditFault | null {
  const later = kept.find(({ sequence }) => sequence > end.sequence);
  return later ? { sequence: end.sequence + 1, reason: `${later.by} has seen entry ${later.sequence}, but the entries end with ${end.sequence}: later ones were removed` } : null;
}
