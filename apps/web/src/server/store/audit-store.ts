import { AppError } from "@vpclab/shared/errors/app-error";
import type { AuditActor, AuditEntry, AuditHead, AuditOutcome, AuditRecord } from "@vpclab/shared/wire/audit";
import { nextAuditEntry } from "@vpclab/shared/wire/audit-chain";
import type { AuditFilter } from "@vpclab/shared/wire/audit-api";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";

const HEAD_ID = 1;

/**
 * Adds entries to the end of the chain and answers the new head. Only inside a transaction, as its last work: until it ends nobody else
 * adds one, and whoever holds the head must wait for no other row. Throws INTERNAL when there is no head to add to.
 */
export async function appendAudit(tables: Tables, records: readonly AuditRecord[]): Promise<AuditHead> {
  const [locked] = await tables.$queryRaw<AuditHead[]>(Prisma.sql`SELECT "sequence", "hash" FROM "AuditHead" WHERE "id" = ${HEAD_ID} FOR UPDATE`);
  if (!locked) throw new AppError("INTERNAL", "The audit log has lost its head.");
  const entries: AuditEntry[] = [];
  let head = locked;
  for (const record of records) entries.push((head = nextAuditEntry(head, record)) as AuditEntry);
  if (entries.length === 0) return head;
  await tables.auditEntry.createMany({ data: entries.map(rowOf) });
  await tables.auditHead.update({ where: { id: HEAD_ID }, data: { sequence: head.sequence, hash: head.hash } });
  return { sequence: head.sequence, hash: head.hash };
}

export const readAuditHead = (tables: Tables): Promise<AuditHead | null> =>
  tables.auditHead.findUnique({ where: { id: HEAD_ID }, select: { sequence: true, hash: true } });

/** Entries behind a sequence number, oldest first. */
export const auditPage = async (tables: Tables, after: number, limit: number): Promise<AuditEntry[]> =>
  (await tables.auditEntry.findMany({ where: { sequence: { gt: after } }, orderBy: { sequence: "asc" }, take: limit })).map(entryOf);

export const countAudit = (tables: Tables, upTo: number): Promise<number> => tables.auditEntry.count({ where: { sequence: { lte: upTo } } });

/** Hash of one entry; null: there is none of this number. */
export const auditHashAt = async (tables: Tables, sequence: number): Promise<string | null> =>
  (await tables.auditEntry.findUnique({ where: { sequence }, select: { hash: true } }))?.hash ?? null;

/** Entries that fit, newest first. */
export async function listAudit(tables: Tables, { actor, action, object, outcome, from, until }: AuditFilter, before: number | null, limit: number): Promise<AuditEntry[]> {
  const rows = await tables.auditEntry.findMany({
    where: {
      ...(before === null ? {} : { sequence: { lt: before } }),
      ...(action === undefined ? {} : { action }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(from === undefined && until === undefined ? {} : { at: { ...(from === undefined ? {} : { gte: new Date(from) }), ...(until === undefined ? {} : { lte: new Date(until) }) } }),
      AND: [
        actor === undefined ? {} : { OR: [{ actorName: actor }, { actorId: actor }, { actorKind: actor }] },
        object === undefined ? {} : { OR: [{ objectName: object }, { objectId: object }] },
      ],
    },
    orderBy: { sequence: "desc" }, take: limit,
  });
  return rows.map(entryOf);
}

type Stored = Prisma.AuditEntryGetPayload<true>;

const rowOf = ({ actor, object, at, ...entry }: AuditEntry): Stored => ({
  ...entry, at: new Date(at), actorKind: actor.kind, actorId: actor.id, actorName: actor.name, actorRole: actor.role,
  objectKind: object?.kind ?? null, objectId: object?.id ?? null, objectName: object?.name ?? null,
});

const entryOf = ({ at, actorKind, actorId, actorName, actorRole, objectKind, objectId, objectName, ...stored }: Stored): AuditEntry => ({
  ...stored, at: at.getTime(), outcome: stored.outcome satisfies AuditOutcome,
  // As it stands there: whatever was put into the row by hand must not keep the chain from being checked.
  actor: { kind: actorKind as AuditActor["kind"], id: actorId, name: actorName, role: actorRole },
  object: objectKind === null && objectId === null && objectName === null ? null : { kind: objectKind ?? "", id: objectId, name: objectName },
});

/** Id of the object of the newest entry of an action. */
export const lastObjectOf = async (tables: Tables, action: string): Promise<string | null> =>
  (await tables.auditEntry.findFirst({ where: { action }, orderBy: { sequence: "desc" }, select: { objectId: true } }))?.objectId ?? null;
