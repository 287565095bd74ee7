import type { Role } from "@vpclab/shared/wire/api";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";

const ADMIN_NAME = "admin";

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly state: "active" | "disabled" | "deleted";
  readonly passwordHash: string | null;
}
const columns = { id: true, name: true, role: true, state: true, passwordHash: true } satisfies Prisma.UserSelect;

export interface ListedUser extends Omit<UserRow, "passwordHash"> {
  readonly classes: readonly { readonly id: string; readonly name: string }[];
  readonly topologies: number;
  readonly lastSeenAt: Date | null;
}

/** Whom the machine's own administrator signs in as. Made at the first start, without a password. */
export async function ensureAdmin(tables: Tables): Promise<UserRow> {
  const found = await tables.user.findFirst({ where: { role: "admin", state: "active" }, orderBy: { createdAt: "asc" }, select: columns });
  return found ?? tables.user.create({ data: { name: ADMIN_NAME, role: "admin" }, select: columns });
}

/** Once somebody has a password, the first start is over for good. */
export const hasPasswords = async (tables: Tables): Promise<boolean> =>
  (await tables.user.count({ where: { passwordHash: { not: null } } })) > 0;

export const findUser = (tables: Tables, id: string): Promise<UserRow | null> => tables.user.findUnique({ where: { id }, select: columns });

export const findUserNamed = (tables: Tables, name: string): Promise<UserRow | null> => tables.user.findUnique({ where: { name }, select: columns });

export const createUser = (tables: Tables, user: { name: string; role: Role; passwordHash: string }): Promise<UserRow> =>
  tables.user.create({ data: user, select: columns });

export async function updateUser(tables: Tables, id: string, change: Partial<Omit<UserRow, "id">>): Promise<void> {
  await tables.user.update({ where: { id }, data: change });
}

/** In the order of names; without those who are deleted. */
export async function listUsers(tables: Tables): Promise<ListedUser[]> {
  const rows = await tables.user.findMany({
    where: { state: { not: "deleted" } }, orderBy: { name: "asc" },
    select: {
      id: true, name: true, role: true, state: true, memberships: { select: { class: { select: { id: true, name: true } } } },
      _count: { select: { topologies: true } }, sessions: { orderBy: { lastSeenAt: "desc" }, take: 1, select: { lastSeenAt: true } },
    },
  });
  return rows.map(({ memberships, _count, sessions, ...user }) => ({
    ...user, classes: memberships.map((membership) => membership.class), topologies: _count.topologies, lastSeenAt: sessions[0]?.lastSeenAt ?? null,
  }));
}

/** Any number, the same in every server and another than the other locks'. */
const USERS_LOCK = 518_221_909;

/** Before a transaction takes rights from somebody: there is one such transaction at a time, so that the last two administrators do not demote each other. */
export async function lockUsers(tables: Tables): Promise<void> {
  await tables.$executeRaw(Prisma.sql`SELECT pg_advisory_xact_lock(${USERS_LOCK})`);
}

export const countOtherAdmins = (tables: Tables, id: string): Promise<number> =>
  tables.user.count({ where: { role: "admin", state: "active", id: { not: id } } });

/** What belongs to a user goes to others: his topologies to the first active instructor of a class of his, else to `heirId`; his classes to `heirId`. */
export async function handOver(tables: Tables, userId: string, heirId: string): Promise<void> {
  const membership = await tables.classMember.findFirst({
    where: { userId, class: { instructor: { state: "active", id: { not: userId } } } }, orderBy: { joinedAt: "asc" }, select: { class: { select: { instructorId: true } } },
  });
  await tables.topology.updateMany({ where: { ownerId: userId }, data: { ownerId: membership?.class.instructorId ?? heirId } });
  await handOverClasses(tables, userId, heirId);
}

export async function handOverClasses(tables: Tables, userId: string, heirId: string): Promise<void> {
  await tables.class.updateMany({ where: { instructorId: userId }, data: { instructorId: heirId } });
}

export async function deleteInvitationsBy(tables: Tables, userId: string): Promise<void> {
  await tables.invitation.deleteMany({ where: { createdById: userId, usedAt: null } });
}
