import type { Role } from "@vpclab/shared/wire/api";
import type { Prisma } from "../../generated/client";
import type { Tables } from "./database";

const columns = {
  id: true, name: true, instructorId: true, joinCodeExpiresAt: true, instructor: { select: { name: true } },
  members: { select: { user: { select: { id: true, name: true, role: true } } }, orderBy: { user: { name: "asc" } } },
} satisfies Prisma.ClassSelect;

export interface ClassRow {
  readonly id: string;
  readonly name: string;
  readonly instructorId: string;
  readonly instructorName: string;
  readonly joinCodeExpiresAt: Date | null;
  readonly members: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
}

const rowOf = ({ instructor, members, ...stored }: Prisma.ClassGetPayload<{ select: typeof columns }>): ClassRow => ({
  ...stored, instructorName: instructor.name, members: members.map(({ user }) => user),
});

export const listClasses = async (tables: Tables): Promise<ClassRow[]> =>
  (await tables.class.findMany({ orderBy: { name: "asc" }, select: columns })).map(rowOf);

export async function findClass(tables: Tables, id: string): Promise<ClassRow | null> {
  const stored = await tables.class.findUnique({ where: { id }, select: columns });
  return stored && rowOf(stored);
}

export const createClass = async (tables: Tables, data: { name: string; instructorId: string }): Promise<ClassRow> =>
  rowOf(await tables.class.create({ data, select: columns }));

export async function deleteClass(tables: Tables, id: string): Promise<void> {
  await tables.class.delete({ where: { id } });
}

/** null: the class has no join code any more. */
export async function setJoinCode(tables: Tables, id: string, code: { hash: string; expiresAt: Date } | null): Promise<void> {
  await tables.class.update({ where: { id }, data: { joinCodeHash: code?.hash ?? null, joinCodeExpiresAt: code?.expiresAt ?? null } });
}

/** Id of the class whose join code this is, while it works. */
export async function findClassByCode(tables: Tables, hash: string, now: Date): Promise<string | null> {
  const found = await tables.class.findFirst({ where: { joinCodeHash: hash, joinCodeExpiresAt: { gt: now } }, select: { id: true } });
  return found?.id ?? null;
}

/** Nothing happens when he is a member already. */
export async function addMember(tables: Tables, classId: string, userId: string): Promise<void> {
  await tables.classMember.createMany({ data: [{ classId, userId }], skipDuplicates: true });
}

export const removeMember = async (tables: Tables, classId: string, userId: string): Promise<boolean> =>
  (await tables.classMember.deleteMany({ where: { classId, userId } })).count === 1;

export async function leaveClasses(tables: Tables, userId: string): Promise<void> {
  await tables.classMember.deleteMany({ where: { userId } });
}
