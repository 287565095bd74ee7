import type { Me } from "@vpclab/shared/wire/api";
import type { Database } from "../store/database";
import { createSession, createSignInToken, findSessionUser, redeemSignInToken } from "../store/session-store";
import { AuditScope, userActor } from "./audit-scope";
import type { SessionService } from "./services";
import { hashOf, newSecret } from "./tokens";

const SESSION_MS = 7 * 24 * 3_600_000;
const SIGN_IN_MS = 30 * 60_000;

export interface NewSession {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Sign-in by one-time links; there are no passwords. */
export class Sessions implements SessionService {
  constructor(private readonly database: Database) {}

  async userOf(sessionToken: string): Promise<Me | null> {
    return findSessionUser(this.database.tables, hashOf(sessionToken), new Date());
  }

  /** Token of a link that signs this user in once, within half an hour. */
  async mintSignIn(userId: string): Promise<string> {
    const token = newSecret();
    await this.database.transaction((tables) => createSignInToken(tables, { hash: hashOf(token), userId, expiresAt: new Date(Date.now() + SIGN_IN_MS) }));
    return token;
  }

  /** A new session for a link's token, or null when the token is unknown, used or expired. */
  async signIn(signInToken: string): Promise<NewSession | null> {
    const session = { token: newSecret(), expiresAt: new Date(Date.now() + SESSION_MS) };
    const signedIn = await this.database.transaction(async (tables) => {
      const userId = await redeemSignInToken(tables, hashOf(signInToken), new Date());
      if (userId === null) {
        AuditScope.current()?.noteEnd("refused", "UNAUTHENTICATED");
        return false;
      }
      await createSession(tables, { tokenHash: hashOf(session.token), userId, expiresAt: session.expiresAt });
      const user = await findSessionUser(tables, hashOf(session.token), new Date());
      if (user) AuditScope.current()?.noteActor(userActor(user));
      return true;
    });
    return signedIn ? session : null;
  }
}
