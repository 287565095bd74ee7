import type { Tables } from "./database";

export interface NewJoinToken {
  readonly id: string;
  readonly secretHash: string;
  readonly local: boolean;
  readonly expiresAt: Date;
}

/** At most one token for the local agent is valid at a time: a new one takes the earlier ones back. */
export async function createJoinToken(tables: Tables, token: NewJoinToken): Promise<void> {
  if (token.local) await tables.joinToken.deleteMany({ where: { local: true, usedAt: null } });
  await tables.joinToken.create({ data: token });
}

/** Uses a token up: of many who try at the same moment exactly one gets an answer, the others null. */
export async function redeemJoinToken(tables: Tables, id: string, secretHash: string, now: Date): Promise<{ local: boolean } | null> {
  const { count } = await tables.joinToken.updateMany({
    where: { id, secretHash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count !== 1) return null;
  return tables.joinToken.findUnique({ where: { id }, select: { local: true } });
}

export async function bindJoinToken(tables: Tables, id: string, hostId: string): Promise<void> {
  await tables.joinToken.update({ where: { id }, data: { hostId } });
}
