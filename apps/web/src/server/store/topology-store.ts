import type { Layout } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Deployment } from "@vpclab/shared/wire/live";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";
import { readDocument } from "./document";
import { fromJson, toJson } from "./json";
import { isUuid } from "./uuid";

export interface TopologyRow {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly ownerName: string;
  /** Ids of the owner's classes, as a member and as the instructor. */
  readonly ownerMemberOf: readonly string[];
  readonly ownerTeaches: readonly string[];
  readonly hostId: string | null;
  readonly revision: number;
  readonly document: Topology;
  readonly layout: Layout;
  readonly generation: number;
  /** Last report of the host. */
  readonly deployment: Deployment | null;
  /** Last change of the drawing or its name. */
  readonly updatedAt: Date;
}

const ownerColumns = { name: true, memberships: { select: { classId: true } }, teaches: { select: { id: true } } } satisfies Prisma.UserSelect;
const include = { owner: { select: ownerColumns } } satisfies Prisma.TopologyInclude;

type Stored = Prisma.TopologyGetPayload<{ include: typeof include }>;

const ownerOf = ({ owner }: Pick<Stored, "owner">): Pick<TopologyRow, "ownerName" | "ownerMemberOf" | "ownerTeaches"> => ({
  ownerName: owner.name, ownerMemberOf: owner.memberships.map(({ classId }) => classId), ownerTeaches: owner.teaches.map(({ id }) => id),
});

const rowOf = ({ owner, ...stored }: Stored): TopologyRow => ({
  ...stored,
  ...ownerOf({ owner }),
  document: readDocument(stored.document),
  layout: fromJson<Layout>(stored.layout),
  deployment: stored.deployment === null ? null : readDeployment(stored.deployment),
});

/** Reports of hosts that knew no public addresses yet have none. */
const readDeployment = (stored: Prisma.JsonValue): Deployment => ({ publicAddresses: {}, ...fromJson<Omit<Deployment, "publicAddresses">>(stored) });

export const listTopologies = async (tables: Tables): Promise<TopologyRow[]> =>
  (await tables.topology.findMany({ orderBy: { name: "asc" }, include })).map(rowOf);

/** Who the topologies belong to, without their documents. */
export const listTopologyOwners = async (tables: Tables): Promise<Pick<TopologyRow, "id" | "ownerId" | "ownerMemberOf" | "ownerTeaches">[]> =>
  (await tables.topology.findMany({ select: { id: true, ownerId: true, ...include } })).map(({ owner, ...row }) => ({ ...row, ...ownerOf({ owner }) }));

export async function findTopology(tables: Tables, id: string): Promise<TopologyRow | null> {
  if (!isUuid(id)) return null;
  const stored = await tables.topology.findUnique({ where: { id }, include });
  return stored && rowOf(stored);
}

export async function findTopologyNamed(tables: Tables, name: string): Promise<TopologyRow | null> {
  const stored = await tables.topology.findUnique({ where: { name }, include });
  return stored && rowOf(stored);
}

/** Like `findTopology`; nobody else changes the row until the transaction ends. Only inside of one. */
export async function findTopologyLocked(tables: Tables, id: string): Promise<TopologyRow | null> {
  if (!isUuid(id)) return null;
  await tables.$queryRaw(Prisma.sql`SELECT 1 FROM "Topology" WHERE "id" = ${id}::uuid FOR UPDATE`);
  return findTopology(tables, id);
}

/** Any number, the same in every server and another than the migrations'. */
const PEERINGS_LOCK = 518_221_908;

/**
 * Before a transaction locks or writes more than one topology: there is one such transaction at a time, so that two of them
 * never wait for each other's rows. Ends with the transaction.
 */
export async function lockPeerings(tables: Tables): Promise<void> {
  await tables.$executeRaw(Prisma.sql`SELECT pg_advisory_xact_lock(${PEERINGS_LOCK})`);
}

export interface NewTopology {
  readonly name: string;
  readonly ownerId: string;
  readonly hostId: string | null;
  readonly document: Topology;
  readonly layout: Layout;
}

/** A topology at revision 1. */
export async function createTopology(tables: Tables, { document, layout, ...rest }: NewTopology): Promise<TopologyRow> {
  const stored = await tables.topology.create({ data: { ...rest, revision: 1, document: toJson(document), layout: toJson(layout), updatedAt: new Date() }, include });
  await tables.revision.create({
    data: { topologyId: stored.id, revision: 1, document: toJson(document), authorId: rest.ownerId, summary: "created" },
  });
  return rowOf(stored);
}

/**
 * Writes revision `base + 1`, if `base` is still the newest one: of many who try with the same base exactly one gets
 * true. Call it inside a transaction, because the revision's own row is written beside it.
 */
export async function saveRevision(
  tables: Tables, id: string, base: number, change: { document: Topology; authorId: string; summary: string },
): Promise<boolean> {
  const document = toJson(change.document);
  const { count } = await tables.topology.updateMany({ where: { id, revision: base }, data: { revision: base + 1, document, updatedAt: new Date() } });
  if (count !== 1) return false;
  // Where the boxes stand now is where they stood at the revision before: what this one moves or removes follows after it.
  await tables.$executeRaw(Prisma.sql`
    UPDATE "Revision" SET "layout" = (SELECT "layout" FROM "Topology" WHERE "id" = ${id}::uuid) WHERE "topologyId" = ${id}::uuid AND "revision" = ${base}`);
  await tables.revision.create({ data: { topologyId: id, revision: base + 1, document, authorId: change.authorId, summary: change.summary } });
  return true;
}

export async function saveLayout(tables: Tables, id: string, layout: Layout): Promise<void> {
  await tables.topology.update({ where: { id }, data: { layout: toJson(layout) } });
}

export async function renameTopology(tables: Tables, id: string, name: string): Promise<void> {
  await tables.topology.update({ where: { id }, data: { name, updatedAt: new Date() } });
}

export async function deleteTopology(tables: Tables, id: string): Promise<void> {
  await tables.topology.delete({ where: { id } });
}

export async function saveDeployment(tables: Tables, id: string, deployment: Deployment): Promise<void> {
  await tables.topology.updateMany({ where: { id }, data: { deployment: toJson(deployment) } });
}

/** Counts one generation further: what the host should hold has changed. */
export async function nextGeneration(tables: Tables, id: string, hostId: string | null): Promise<number> {
  const { generation } = await tables.topology.update({
    where: { id }, data: { generation: { increment: 1 }, hostId }, select: { generation: true },
  });
  return generation;
}

/** To another host, which holds nothing of it yet. */
export async function moveTopology(tables: Tables, id: string, hostId: string): Promise<void> {
  await tables.topology.update({ where: { id }, data: { hostId, deployment: Prisma.DbNull } });
}

/** By host id; names in their order. */
export async function listTopologyNamesByHost(tables: Tables): Promise<ReadonlyMap<string, readonly string[]>> {
  const byHost = new Map<string, string[]>();
  const rows = await tables.topology.findMany({ where: { hostId: { not: null } }, select: { name: true, hostId: true }, orderBy: { name: "asc" } });
  for (const { hostId, name } of rows) if (hostId !== null) byHost.set(hostId, [...(byHost.get(hostId) ?? []), name]);
  return byHost;
}

/** The host knows higher numbers than this database: the next one asked for must lie above them. */
export async function raiseGeneration(tables: Tables, id: string, atLeast: number): Promise<void> {
  await tables.topology.updateMany({ where: { id, generation: { lt: atLeast } }, data: { generation: atLeast } });
}

/** Topologies that were made before there was any host get this one; answers their ids. */
export async function adoptTopologies(tables: Tables, hostId: string): Promise<string[]> {
  const orphans = await tables.topology.findMany({ where: { hostId: null }, select: { id: true } });
  const ids = orphans.map(({ id }) => id);
  if (ids.length > 0) await tables.topology.updateMany({ where: { id: { in: ids }, hostId: null }, data: { hostId } });
  return ids;
}

export const listTopologiesOn = (tables: Tables, hostId: string): Promise<{ id: string; generation: number }[]> =>
  tables.topology.findMany({ where: { hostId }, select: { id: true, generation: true }, orderBy: { id: "asc" } });
