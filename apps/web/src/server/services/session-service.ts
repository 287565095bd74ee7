import type { Role } from "@vpclab/shared/wire/api";
import type { SessionInfo } from "@vpclab/shared/wire/people";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { AccessChanges } from "./access-changes";
import type { Database, Tables } from "../store/database";
import {
  createSession, createSignInToken, deleteSession, deleteSessions, findSessionUser, listSessions, redeemSignInToken, SIGN_IN_MS, touchSession,
} from "../store/session-store";
import { findUser } from "../store/user-store";
import { CLOCK_SLACK_MS } from "../store/valid-at";
import type { Actor } from "./actor";
import type { KnownDevices } from "./known-devices";
import type { NewSession, SessionService, StillKnown } from "./people";
import { AuditScope, userActor } from "./audit-scope";
import { hashOf, newSecret } from "./tokens";

const HOUR_MS = 3_600_000;
/** Whoever works with others' topologies is asked for his password more often. */
const STAFF = { absoluteMs: 12 * HOUR_MS, idleMs: 2 * HOUR_MS };
const LEARNER = { absoluteMs: 7 * 24 * HOUR_MS, idleMs: 7 * 24 * HOUR_MS };
const LIFETIME: Record<Role, { readonly absoluteMs: number; readonly idleMs: number }> = { admin: STAFF, instructor: STAFF, student: LEARNER, viewer: LEARNER };
/** A session's last use is written down at most this often. */
const TOUCH_MS = 60_000;
const DEVICE_CHARS_MAX = 200;

export interface SessionOrigin {
  readonly byLink: boolean;
  /** `User-Agent` header. */
  readonly device: string;
}

/** Sessions, and the one-time links that begin one. The database has hashes only. */
export class Sessions implements SessionService {
  constructor(
    private readonly database: Database,
    private readonly devices: KnownDevices,
    private readonly changes: AccessChanges,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async userOf(sessionToken: string): Promise<Actor | null> {
    const now = this.now();
    const found = await findSessionUser(this.database.tables, hashOf(sessionToken), now);
    if (!found) return null;
    const { createdAt, lastSeenAt, ...actor } = found;
    // It began while this machine's clock was ahead, so its end is too far away.
    if (createdAt.getTime() - now.getTime() > CLOCK_SLACK_MS) {
      await deleteSession(this.database.tables, actor.id, actor.sessionId);
      return null;
    }
    const idleForMs = now.getTime() - lastSeenAt.getTime();
    if (idleForMs > LIFETIME[actor.role].idleMs) return null;
    // Also one that was used in the future, by a clock that has been put right since.
    if (Math.abs(idleForMs) > TOUCH_MS) await touchSession(this.database.tables, actor.sessionId, now);
    return actor;
  }

  /** A new session, written with what it follows from. Its cookie's value is told once. */
  async begin(tables: Tables, user: Pick<Actor, "id" | "name" | "role">, { byLink, device }: SessionOrigin): Promise<NewSession> {
    const now = this.now();
    const session = { token: newSecret(), expiresAt: new Date(now.getTime() + LIFETIME[user.role].absoluteMs) };
    await createSession(tables, {
      tokenHash: hashOf(session.token), userId: user.id, byLink, device: device.replace(/[^\x20-\x7e]/g, "").slice(0, DEVICE_CHARS_MAX),
      createdAt: now, lastSeenAt: now, expiresAt: session.expiresAt,
    });
    AuditScope.current()?.noteActor(userActor(user));
    return session;
  }

  /** Token of a link that signs this user in once, within half an hour; `setup`: one for the first start's page instead. */
  async mintSignIn(userId: string, { setup = false } = {}): Promise<string> {
    const token = newSecret();
    const expiresAt = new Date(this.now().getTime() + SIGN_IN_MS);
    await this.database.transaction((tables) => createSignInToken(tables, { hash: hashOf(token), userId, setup, expiresAt }));
    return token;
  }

  /** A new session for a link's token, or null when the token is unknown, used or expired. */
  async signIn(signInToken: string, device = ""): Promise<NewSession | null> {
    return this.database.transaction(async (tables) => {
      const userId = await redeemSignInToken(tables, hashOf(signInToken), false, this.now());
      const user = userId === null ? null : await findUser(tables, userId);
      if (user) return this.begin(tables, user, { byLink: true, device });
      AuditScope.current()?.noteEnd("refused", "UNAUTHENTICATED");
      return null;
    });
  }

  async list(actor: Actor): Promise<readonly SessionInfo[]> {
    const rows = await listSessions(this.database.tables, actor.id, this.now());
    return rows.map(({ id, device, createdAt, lastSeenAt }) => ({
      id, device, createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt.toISOString(), current: id === actor.sessionId,
    }));
  }

  /** Ends one of the actor's own sessions and its sockets. */
  async end(actor: Actor, id: string): Promise<{ id: string }> {
    await this.database.transaction(async (tables) => {
      AuditScope.current()?.noteObject({ kind: "session", id, name: null }, null);
      if (!(await deleteSession(tables, actor.id, id))) throw new AppError("NOT_FOUND", "There is no such session; it may have ended already.");
    });
    this.changes.announce();
    return { id };
  }

  async endOthers(actor: Actor): Promise<StillKnown> {
    const device = await this.database.transaction(async (tables) => {
      AuditScope.current()?.noteObject({ kind: "user", id: actor.id, name: actor.name }, null);
      await deleteSessions(tables, actor.id, actor.sessionId);
      return this.devices.remember(tables, actor.id, null);
    });
    this.changes.announce();
    return { id: actor.sessionId, device };
  }
}
