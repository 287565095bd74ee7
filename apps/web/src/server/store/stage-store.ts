import type { Prisma } from "../../generated/client";
import type { Tables } from "./database";

const columns = {
  id: true, topologyId: true, createdAt: true, expiresAt: true,
  createdBy: { select: { id: true, name: true, role: true, state: true, memberships: { select: { classId: true } }, teaches: { select: { id: true } } } },
} satisfies Prisma.StageLinkSelect;

export type StageLinkRow = Prisma.StageLinkGetPayload<{ select: typeof columns }>;

export async function createStageLink(tables: Tables, data: { tokenHash: string; topologyId: string; createdById: string; expiresAt: Date }, now: Date): Promise<StageLinkRow> {
  await tables.stageLink.deleteMany({ where: { expiresAt: { lte: now } } });
  return tables.stageLink.create({ data, select: columns });
}

/** Those that have not expired, newest first. */
export const listStageLinks = (tables: Tables, topologyId: string, now: Date): Promise<StageLinkRow[]> =>
  tables.stageLink.findMany({ where: { topologyId, expiresAt: { gt: now } }, orderBy: { createdAt: "desc" }, select: columns });

export const findStageLink = (tables: Tables, tokenHash: string, now: Date): Promise<StageLinkRow | null> =>
  tables.stageLink.findFirst({ where: { tokenHash, expiresAt: { gt: now } }, select: columns });

/** False: this topology has no such link. */
export const deleteStageLink = async (tables: Tables, topologyId: string, id: string): Promise<boolean> =>
  (await tables.stageLink.deleteMany({ where: { id, topologyId } })).count === 1;
