import { z } from "zod";

/**
 * The audit log: who did or tried what on the *server*, and what came of it; what hosts did on their kernels stands in the
 * activity log. Append-only; each entry's hash covers the one before it (`audit-chain.ts`).
 */
export const AUDIT_OUTCOMES = ["begun", "done", "refused", "failed"] as const;
/**
 * `begun`: written before something is done that no transaction can take back; the same action's end follows. `failed`: the server or
 * a host could not do what was allowed.
 */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export const AUDIT_ACTOR_KINDS = ["user", "agent", "system", "anonymous"] as const;

export interface AuditActor {
  /** `system`: the server by itself, or whoever may open its files. `anonymous`: nobody is signed in. */
  readonly kind: (typeof AUDIT_ACTOR_KINDS)[number];
  /** Id of a user or of a host. */
  readonly id: string | null;
  readonly name: string | null;
  /** A user's role at that time. */
  readonly role: string | null;
}

export interface AuditObject {
  /** `topology`, `host`, `user`, … */
  readonly kind: string;
  readonly id: string | null;
  readonly name: string | null;
}

/** What is written down of one action. */
export interface AuditRecord {
  /** Unix milliseconds by the server's clock. The order is that of the sequence numbers, whatever the clock says. */
  readonly at: number;
  readonly actor: AuditActor;
  /** Where the request came from; null: over a socket of this machine, or from the server itself. */
  readonly ip: string | null;
  /** Path of a procedure (`topology.save`), or one of the other actions, e.g. `auth.sign-in`, `host.enrol`, `agent.hello`. */
  readonly action: string;
  readonly object: AuditObject | null;
  readonly revisionBefore: number | null;
  readonly revisionAfter: number | null;
  readonly outcome: AuditOutcome;
  /** Code of the error, for what was refused or failed. */
  readonly errorCode: string | null;
  readonly jobId: string | null;
  /** The same as in the answer and in the server's log. */
  readonly traceId: string | null;
  /** How many times: refusals that are alike are counted together. */
  readonly count: number;
}

/** The newest entry of a chain. `sequence` 0: nothing is in it yet. `hash`: SHA-256. */
export const AuditHeadSchema = z.strictObject({ sequence: z.int().min(0).max(2_147_483_647), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditHead = Readonly<z.infer<typeof AuditHeadSchema>>;
/** Heads that one agent keeps and tells of. */
export const AUDIT_HEADS_MAX = 64;

export interface AuditEntry extends AuditRecord, AuditHead {
  /** 1, 2, 3 … without gaps. */
  readonly sequence: number;
  readonly previousHash: string;
}

const CHARS_MAX = { name: 128, text: 64 } as const;

/** The record as it is stored: of bounded size, and text that every database gives back as it took it. */
export function boundedRecord(record: AuditRecord): AuditRecord {
  const { actor, object } = record;
  return {
    ...record,
    actor: { kind: actor.kind, id: text(actor.id), name: name(actor.name), role: text(actor.role) },
    ip: text(record.ip), action: text(record.action) ?? "",
    object: object && { kind: text(object.kind) ?? "", id: text(object.id), name: name(object.name) },
    errorCode: text(record.errorCode), jobId: text(record.jobId), traceId: text(record.traceId),
  };
}

const text = (value: string | null): string | null => storable(value, CHARS_MAX.text);
const name = (value: string | null): string | null => storable(value, CHARS_MAX.name);

/** PostgreSQL has no U+0000, and UTF-8 has no half surrogate pairs: neither would come back as it was hashed. */
const storable = (value: string | null, charsMax: number): string | null =>
  value === null ? null : value.slice(0, charsMax).replace(/[\0\p{Cs}]/gu, "\ufffd");
