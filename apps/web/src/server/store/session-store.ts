import type { Me } from "@vpclab/shared/wire/api";
import type { Tables } from "./database";

export async function createSession(tables: Tables, session: { tokenHash: string; userId: string; expiresAt: Date }): Promise<void> {
  await tables.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  await tables.session.create({ data: session });
}

/** The user of a session that has not expired. */
export async function findSessionUser(tables: Tables, tokenHash: string, now: Date): Promise<Me | null> {
  const session = await tables.session.findFirst({
    where: { tokenHash, expiresAt: { gt: now } },
    select: { user: { select: { id: true, name: true, role: true } } },
  });
  return session?.user ?? null;
}

export async function createSignInToken(tables: Tables, token: { hash: string; userId: string; expiresAt: Date }): Promise<void> {
  await tables.signInToken.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  await tables.signInToken.create({ data: token });
}

/** Uses a token up: of many who try at the same moment exactly one gets the user, the others null. */
export async function redeemSignInToken(tables: Tables, hash: string, now: Date): Promise<string | null> {
  const { count } = await tables.signInToken.updateMany({
    where: { hash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count !== 1) return null;
  const token = await tables.signInToken.findUnique({ where: { hash }, select: { userId: true } });
  return token?.userId ?? null;
}
