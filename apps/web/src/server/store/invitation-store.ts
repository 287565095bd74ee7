import type { Role } from "@vpclab/shared/wire/api";
import type { Prisma } from "../../generated/client";
import type { Tables } from "./database";

const columns = {
  id: true, role: true, classId: true, expiresAt: true, class: { select: { name: true, instructorId: true } }, createdBy: { select: { name: true } },
} satisfies Prisma.InvitationSelect;

export type InvitationRow = Prisma.InvitationGetPayload<{ select: typeof columns }>;

export const createInvitation = async (
  tables: Tables, data: { hash: string; role: Role; classId: string | null; createdById: string; expiresAt: Date },
): Promise<{ id: string }> => {
  await tables.invitation.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  return tables.invitation.create({ data, select: { id: true } });
};

/** Those that still work, newest first. */
export const listInvitations = (tables: Tables, now: Date): Promise<InvitationRow[]> =>
  tables.invitation.findMany({ where: { usedAt: null, expiresAt: { gt: now } }, orderBy: { createdAt: "desc" }, select: columns });

export const findInvitation = (tables: Tables, id: string): Promise<InvitationRow | null> =>
  tables.invitation.findUnique({ where: { id }, select: columns });

export async function deleteInvitation(tables: Tables, id: string): Promise<void> {
  await tables.invitation.deleteMany({ where: { id } });
}

export const invitationWorks = async (tables: Tables, hash: string, now: Date): Promise<boolean> =>
  (await tables.invitation.count({ where: { hash, usedAt: null, expiresAt: { gt: now } } })) === 1;

/** Uses an invitation up: of many who try at the same moment exactly one gets it. */
export async function redeemInvitation(tables: Tables, hash: string, now: Date): Promise<Pick<InvitationRow, "role" | "classId"> | null> {
  const { count } = await tables.invitation.updateMany({ where: { hash, usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } });
  return count === 1 ? tables.invitation.findUnique({ where: { hash }, select: { role: true, classId: true } }) : null;
}
