import type { Layout } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { REVISIONS_KEPT } from "@vpclab/shared/wire/api";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";
import { readDocument } from "./document";
import { fromJson } from "./json";

export interface RevisionRow {
  readonly revision: number;
  readonly author: string;
  readonly createdAt: Date;
  readonly summary: string | null;
  /** A host has said that it brought this about. */
  readonly applied: boolean;
}

/** Newest first; below `before`, where that is given. */
export async function listRevisions(tables: Tables, topologyId: string, { before, limit }: { before: number | null; limit: number }): Promise<RevisionRow[]> {
  const rows = await tables.revision.findMany({
    where: { topologyId, ...(before === null ? {} : { revision: { lt: before } }) },
    orderBy: { revision: "desc" },
    take: limit,
    select: { revision: true, createdAt: true, summary: true, author: { select: { name: true } } },
  });
  const applies = await tables.job.findMany({
    where: { topologyId, kind: "apply", state: "applied", revision: { in: rows.map(({ revision }) => revision) } }, distinct: ["revision"], select: { revision: true },
  });
  const applied = new Set(applies.map(({ revision }) => revision));
  return rows.map(({ author, ...row }) => ({ ...row, author: author.name, applied: applied.has(row.revision) }));
}

/** A revision with its layout; that of the newest, and of those that are older than layouts of revisions, is null: the topology's own. */
export async function findRevision(tables: Tables, topologyId: string, revision: number): Promise<{ document: Topology; layout: Layout | null } | null> {
  const row = await tables.revision.findUnique({
    where: { topologyId_revision: { topologyId, revision } }, select: { document: true, layout: true },
  });
  return row && { document: readDocument(row.document), layout: row.layout === null ? null : fromJson<Layout>(row.layout) };
}

export const findDocument = async (tables: Tables, topologyId: string, revision: number): Promise<Topology | null> =>
  (await findRevision(tables, topologyId, revision))?.document ?? null;

/** Name of who wrote a revision. */
export async function findAuthor(tables: Tables, topologyId: string, revision: number): Promise<string> {
  const row = await tables.revision.findUnique({
    where: { topologyId_revision: { topologyId, revision } }, select: { author: { select: { name: true } } },
  });
  return row?.author.name ?? "unknown";
}

/** As many applies keep the revision that they asked for: the newest says what the host should hold, those before tell what was there. */
const APPLIES_KEPT = 100;

/** After revision `newest` was written. */
export async function dropOldRevisions(tables: Tables, topologyId: string, newest: number): Promise<void> {
  if (newest <= REVISIONS_KEPT) return;
  await tables.$executeRaw(Prisma.sql`
    DELETE FROM "Revision" WHERE "topologyId" = ${topologyId}::uuid AND "revision" <= ${newest - REVISIONS_KEPT}
      AND "revision" NOT IN (SELECT "revision" FROM "Job" WHERE "topologyId" = ${topologyId}::uuid ORDER BY "generation" DESC LIMIT ${APPLIES_KEPT})
      AND "revision" NOT IN (SELECT "revision" FROM "Job" WHERE "topologyId" = ${topologyId}::uuid AND "state" = 'applied' ORDER BY "generation" DESC LIMIT ${APPLIES_KEPT})`);
}
