import type { Topology } from "@vpclab/shared/topology/topology";
import type { Tables } from "./database";
import { readDocument } from "./document";

export interface RevisionRow {
  readonly revision: number;
  readonly author: string;
  readonly createdAt: Date;
}

/** Newest first. */
export async function listRevisions(tables: Tables, topologyId: string, max: number): Promise<RevisionRow[]> {
  const rows = await tables.revision.findMany({
    where: { topologyId },
    orderBy: { revision: "desc" },
    take: max,
    select: { revision: true, createdAt: true, author: { select: { name: true } } },
  });
  return rows.map(({ revision, createdAt, author }) => ({ revision, createdAt, author: author.name }));
}

export async function findDocument(tables: Tables, topologyId: string, revision: number): Promise<Topology | null> {
  const row = await tables.revision.findUnique({
    where: { topologyId_revision: { topologyId, revision } }, select: { document: true },
  });
  return row && readDocument(row.document);
}

/** Name of who wrote a revision. */
export async function findAuthor(tables: Tables, topologyId: string, revision: number): Promise<string> {
  const row = await tables.revision.findUnique({
    where: { topologyId_revision: { topologyId, revision } }, select: { author: { select: { name: true } } },
  });
  return row?.author.name ?? "unknown";
}
