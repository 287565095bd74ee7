import type { Role } from "@vpclab/shared/wire/api";
import type { Tables } from "./database";
import { validAt } from "./valid-at";

/** How long a link that signs in works. */
export const SIGN_IN_MS = 30 * 60_000;

export interface NewSessionRow {
  readonly tokenHash: string;
  readonly userId: string;
  readonly byLink: boolean;
  readonly device: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

/** A session that has not expired, of a user who is active, with what decides about him. */
export interface SessionUser {
  readonly sessionId: string;
  readonly byLink: boolean;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly teaches: readonly string[];
  readonly memberOf: readonly string[];
}

export interface SessionRow {
  readonly id: string;
  readonly device: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

export async function createSession(tables: Tables, session: NewSessionRow): Promise<void> {
  await tables.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  await tables.session.create({ data: session });
}

export async function findSessionUser(tables: Tables, tokenHash: string, now: Date): Promise<SessionUser | null> {
  const session = await tables.session.findFirst({
    where: { tokenHash, expiresAt: { gt: now }, user: { state: "active" } },
    select: {
      id: true, byLink: true, createdAt: true, lastSeenAt: true,
      user: { select: { id: true, name: true, role: true, memberships: { select: { classId: true } }, teaches: { select: { id: true } } } },
    },
  });
  if (!session) return null;
  const { memberships, teaches, ...user } = session.user;
  return {
    ...user, sessionId: session.id, byLink: session.byLink, createdAt: session.createdAt, lastSeenAt: session.lastSeenAt,
    teaches: teaches.map(({ id }) => id), memberOf: memberships.map(({ classId }) => classId),
  };
}

export async function touchSession(tables: Tables, id: string, now: Date): Promise<void> {
  await tables.session.updateMany({ where: { id }, data: { lastSeenAt: now } });
}

/** Newest first. */
export const listSessions = (tables: Tables, userId: string, now: Date): Promise<SessionRow[]> =>
  tables.session.findMany({
    where: { userId, expiresAt: { gt: now } }, orderBy: { createdAt: "desc" }, select: { id: true, device: true, createdAt: true, lastSeenAt: true },
  });

/** False: this user has no such session. */
export const deleteSession = async (tables: Tables, userId: string, id: string): Promise<boolean> =>
  (await tables.session.deleteMany({ where: { id, userId } })).count === 1;

/** All sessions of a user, his unused sign-in links, and the browsers that he is known by; `except`: the session that stays. */
export async function deleteSessions(tables: Tables, userId: string, except: string | null): Promise<void> {
  await tables.session.deleteMany({ where: { userId, ...(except === null ? {} : { id: { not: except } }) } });
  await tables.signInToken.deleteMany({ where: { userId } });
  await tables.knownDevice.deleteMany({ where: { userId } });
}

export async function createSignInToken(tables: Tables, token: { hash: string; userId: string; setup: boolean; expiresAt: Date }): Promise<void> {
  await tables.signInToken.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  await tables.signInToken.create({ data: token });
}

/** Uses a token up: of many who try at the same moment exactly one gets the user, the others null. */
export async function redeemSignInToken(tables: Tables, hash: string, setup: boolean, now: Date): Promise<string | null> {
  const { count } = await tables.signInToken.updateMany({
    where: { hash, setup, usedAt: null, expiresAt: validAt(now, SIGN_IN_MS), user: { state: "active" } },
    data: { usedAt: now },
  });
  if (count !== 1) return null;
  const token = await tables.signInToken.findUnique({ where: { hash }, select: { userId: true } });
  return token?.userId ?? null;
}

export const isSetupToken = async (tables: Tables, hash: string, now: Date): Promise<boolean> =>
  (await tables.signInToken.count({ where: { hash, setup: true, usedAt: null, expiresAt: validAt(now, SIGN_IN_MS) } })) === 1;
