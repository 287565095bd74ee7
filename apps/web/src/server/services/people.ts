import type { Me, Role } from "@vpclab/shared/wire/api";
import type {
  Account, ChangePasswordInput, ClassInfo, CreateInvitationInput, InvitationInfo, OnceTold, RegisterInput, SessionInfo, SetUpInput, SignInInput, UserInfo,
} from "@vpclab/shared/wire/people";
import type { z } from "zod";
import type { Actor } from "./actor";

/** Where a call comes from. */
export interface Client {
  /** Null: over a socket of this machine. */
  readonly ip: string | null;
  /** `User-Agent` header. */
  readonly device: string;
  /** Value of the cookie by which a browser is known, not yet checked. */
  readonly deviceToken: string | null;
}

/** What the cookie keeps. */
export interface NewSession {
  readonly token: string;
  readonly expiresAt: Date;
}
export type NewDevice = NewSession;

export interface SignedIn {
  readonly me: Me;
  readonly session: NewSession;
  readonly device: NewDevice;
}

interface Done {
  readonly id: string;
}

/** What has ended sessions, and made every browser unknown but this one, which gets a new cookie. */
export interface StillKnown extends Done {
  readonly device: NewDevice;
}

export interface SessionService {
  /** The user of a session cookie, or null when it is unknown, expired or revoked. */
  userOf(sessionToken: string): Promise<Actor | null>;
  /** The user's own sessions. */
  list(actor: Actor): Promise<readonly SessionInfo[]>;
  end(actor: Actor, id: string): Promise<Done>;
  endOthers(actor: Actor): Promise<StillKnown>;
}

export interface AccountService {
  signIn(input: z.infer<typeof SignInInput>, client: Client): Promise<SignedIn>;
  setUp(input: z.infer<typeof SetUpInput>, client: Client): Promise<SignedIn>;
  register(input: z.infer<typeof RegisterInput>, client: Client): Promise<SignedIn>;
  /** Id of the class whose join code this is. */
  classByCode(code: string, client: Client): Promise<string>;
  get(actor: Actor): Promise<Account>;
  changePassword(actor: Actor, input: z.infer<typeof ChangePasswordInput>): Promise<StillKnown>;
  signOut(actor: Actor): Promise<Done>;
}

export interface UserService {
  list(actor: Actor): Promise<readonly UserInfo[]>;
  setRole(actor: Actor, input: { id: string; role: Role }): Promise<Done>;
  setDisabled(actor: Actor, input: { id: string; disabled: boolean }): Promise<Done>;
  remove(actor: Actor, id: string): Promise<Done>;
  mintSignInLink(actor: Actor, id: string): Promise<OnceTold>;
}

export interface ClassService {
  list(actor: Actor): Promise<readonly ClassInfo[]>;
  create(actor: Actor, input: { name: string }): Promise<ClassInfo>;
  remove(actor: Actor, id: string): Promise<Done>;
  renewCode(actor: Actor, id: string): Promise<OnceTold>;
  withdrawCode(actor: Actor, id: string): Promise<Done>;
  removeMember(actor: Actor, input: { id: string; userId: string }): Promise<Done>;
  join(actor: Actor, find: () => Promise<string>): Promise<Done>;
}

export interface InvitationService {
  list(actor: Actor): Promise<readonly InvitationInfo[]>;
  create(actor: Actor, input: z.infer<typeof CreateInvitationInput>): Promise<OnceTold>;
  withdraw(actor: Actor, id: string): Promise<Done>;
}
