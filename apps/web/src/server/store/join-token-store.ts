import type { Tables } from "./database";
import { validAt } from "./valid-at";

/** How long a join token works. */
export const JOIN_TOKEN_MS = 15 * 60_000;

export interface NewJoinToken {
  readonly id: string;
  readonly secretHash: string;
  readonly local: boolean;
  /** Null: of the local host, which is called as it says. */
  readonly hostName: string | null;
  readonly mintedById: string | null;
  readonly expiresAt: Date;
}

/** At most one token for the local agent, and one for a name, is valid at a time: a new one takes the earlier ones back. */
export async function createJoinToken(tables: Tables, token: NewJoinToken): Promise<void> {
  const { local, hostName } = token;
  await tables.joinToken.deleteMany({ where: { local, hostName, usedAt: null } });
  await tables.joinToken.create({ data: token });
}

/**
 * Uses a token up: of many who try at the same moment exactly one gets an answer, the others null. A token for a name is left as
 * it is when an agent of another name comes with it.
 */
export async function redeemJoinToken(
  tables: Tables, { id, secretHash, hostName }: Pick<NewJoinToken, "id" | "secretHash"> & { hostName: string }, now: Date,
): Promise<Pick<NewJoinToken, "local" | "hostName"> | null> {
  const { count } = await tables.joinToken.updateMany({
    where: { id, secretHash, usedAt: null, expiresAt: validAt(now, JOIN_TOKEN_MS), OR: [{ hostName: null }, { hostName }] },
    data: { usedAt: now },
  });
  if (count !== 1) return null;
  return tables.joinToken.findUnique({ where: { id }, select: { local: true, hostName: true } });
}

export async function bindJoinToken(tables: Tables, id: string, hostId: string): Promise<void> {
  await tables.joinToken.update({ where: { id }, data: { hostId } });
}
