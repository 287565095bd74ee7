import { z } from "zod";
import { AUDIT_OUTCOMES } from "./audit";
import type { AuditEntry, AuditHead } from "./audit";
import type { AuditFault } from "./audit-chain";

/** Inputs and answers of the procedures `audit.*`, which are for administrators. */
const filter = {
  /** Name or id of who did it, or a kind of actor such as `anonymous`. */
  actor: z.string().max(128).optional(),
  action: z.string().max(64).optional(),
  /** Name or id of what it was about. */
  object: z.string().max(128).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  /** Unix milliseconds, both inclusive. */
  from: z.int().min(0).max(8.64e15).optional(),
  until: z.int().min(0).max(8.64e15).optional(),
  /** Only entries before this sequence number. */
  cursor: z.int().min(1).max(2_147_483_647).nullish(),
};
/** Newest first. */
export const AuditListInput = z.strictObject({ ...filter, limit: z.int().min(1).max(200) });
/** A mutation, because it is written down who took the log away. At most `AUDIT_EXPORT_MAX` entries at a time, newest first. */
export const AuditExportInput = z.strictObject(filter);
export const AUDIT_EXPORT_MAX = 5000;
export type AuditFilter = Omit<z.infer<typeof AuditExportInput>, "cursor">;

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** `cursor` of the next page; null: this is the last one. */
  readonly next: number | null;
}

/** What is known of the chain without reading it. */
export interface AuditChain {
  readonly head: AuditHead;
  /** Of the last verification since the server started. */
  readonly verified: AuditVerdict | null;
  /** Hosts whose agents have seen heads of this chain in signed jobs. */
  readonly witnesses: readonly AuditWitness[];
}

export interface AuditVerdict {
  /** Unix milliseconds. */
  readonly at: number;
  /** Entries from 1 to this one are as they were written. */
  readonly verifiedTo: number;
  /** First place where the chain is not as it was written; null: it is. */
  readonly fault: AuditFault | null;
  /** Heads kept outside of the database that it was compared with. */
  readonly compared: number;
  /** Entries that bear an earlier time than the one before: the clock was set back. No fault of the chain. */
  readonly clockSetBack: readonly number[];
}

export interface AuditWitness {
  readonly host: string;
  /** The newest head that its agent has told of. */
  readonly head: AuditHead | null;
  readonly seenAt: number;
  /** What of its heads this server's chain did not agree with when it told of them. */
  readonly fault: AuditFault | null;
}

export interface AuditListAnswer extends AuditPage {
  readonly chain: AuditChain;
}
