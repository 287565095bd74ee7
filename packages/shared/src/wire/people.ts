import { z } from "zod";
import { ROLES } from "./api";
import type { Role } from "./api";

/** Inputs and answers of the procedures about accounts, classes and invitations. */
const NAME_RULE = "A name has 2 to 32 characters: lower-case letters, digits, dots, dashes and underscores, and it begins with a letter.";
export const PASSWORD_CHARS_MIN = 12;
export const PASSWORD_CHARS_MAX = 128;

/** What a person signs in with. */
export const userName = z.string().max(64).trim().toLowerCase().regex(/^[a-z][a-z0-9._-]{1,31}$/, NAME_RULE);
export const newPassword = z.string()
  .min(PASSWORD_CHARS_MIN, `A password has at least ${PASSWORD_CHARS_MIN} characters; a few words are easier to keep than signs.`)
  .max(PASSWORD_CHARS_MAX, `A password has at most ${PASSWORD_CHARS_MAX} characters.`);
const givenPassword = z.string().max(PASSWORD_CHARS_MAX);
const secret = z.string().min(1).max(128);
const id = z.uuid();
const role = z.enum(ROLES);

export const SignInInput = z.strictObject({ name: z.string().max(64), password: givenPassword });
/** `token`: of the link that the first start prints. */
export const SetUpInput = z.strictObject({ token: secret, name: userName, password: newPassword });
/** `code`: of an invitation, or a class's join code. */
export const RegisterInput = z.strictObject({ code: secret, name: userName, password: newPassword });
/** `current: null`: only in a session that a one-time link began. */
export const ChangePasswordInput = z.strictObject({ current: givenPassword.nullable(), password: newPassword });
export const SessionIdInput = z.strictObject({ id });

export const UserIdInput = z.strictObject({ id });
export const SetRoleInput = z.strictObject({ id, role });
export const SetDisabledInput = z.strictObject({ id, disabled: z.boolean() });

export const CreateInvitationInput = z.strictObject({ role, classId: id.nullable() });
export const InvitationIdInput = z.strictObject({ id });

/** Shown to people only: anything printable. */
export const CreateClassInput = z.strictObject({ name: z.string().trim().min(1).max(64).regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, "A name has no control characters.") });
export const ClassIdInput = z.strictObject({ id });
export const ClassMemberInput = z.strictObject({ id, userId: id });
export const JoinClassInput = z.strictObject({ code: secret });

export interface SessionInfo {
  readonly id: string;
  /** Browser or program, as it called itself. */
  readonly device: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  /** The session that asks. */
  readonly current: boolean;
}

/** The signed-in user, as his own page sees him. */
export interface Account {
  readonly name: string;
  readonly hasPassword: boolean;
  /** A password can be chosen without the one before: a one-time link began this session. */
  readonly byLink: boolean;
}

export interface UserInfo {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly classes: readonly { readonly id: string; readonly name: string }[];
  readonly topologies: number;
  readonly lastSeenAt: string | null;
}

export interface ClassInfo {
  readonly id: string;
  readonly name: string;
  readonly instructor: string;
  /** May the caller change it. */
  readonly mine: boolean;
  /** Until when its join code works; null: it has none. Whoever may not change the class sees neither this nor the members. */
  readonly joinCodeExpiresAt: string | null;
  readonly members: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
}

export interface InvitationInfo {
  readonly id: string;
  readonly role: Role;
  readonly className: string | null;
  readonly createdBy: string;
  readonly expiresAt: string;
}

/** Told once; the server keeps a hash. */
export interface OnceTold {
  readonly token: string;
  readonly expiresAt: string;
}
