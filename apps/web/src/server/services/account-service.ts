import { AppError } from "@vpclab/shared/errors/app-error";
import { userName } from "@vpclab/shared/wire/people";
import type { Account, ChangePasswordInput, RegisterInput, SetUpInput, SignInInput } from "@vpclab/shared/wire/people";
import type { z } from "zod";
import type { AccessChanges } from "./access-changes";
import { addMember, findClassByCode } from "../store/class-store";
import { isUniqueViolation } from "../store/database";
import type { Database, Tables } from "../store/database";
import { invitationWorks, redeemInvitation } from "../store/invitation-store";
import { deleteSession, deleteSessions, isSetupToken, redeemSignInToken } from "../store/session-store";
import type { KnownDeviceRow } from "../store/known-device-store";
import { createUser, findUser, findUserNamed, hasPasswords, lockUsers, updateUser } from "../store/user-store";
import type { Actor } from "./actor";
import { AccountDelays } from "./account-delays";
import { AuditScope } from "./audit-scope";
import { hashOfJoinCode } from "./class-service";
import { FailureWindow } from "./failure-window";
import type { KnownDevices } from "./known-devices";
import type { Passwords } from "./passwords";
import type { AccountService, Client, SignedIn, StillKnown } from "./people";
import type { Sessions } from "./session-service";
import { hashOf } from "./tokens";

const MINUTE_MS = 60_000;

/** For whom a guess is counted: anybody who tries this name, or a browser or session that its owner has signed in with. */
type Guesser = { readonly name: string; readonly ip: Client["ip"] } | { readonly known: string };

interface Options {
  readonly nowMs?: () => number;
  /** Milliseconds of a clock that only goes forward: pauses must not grow when the machine's time is set. */
  readonly steadyMs?: () => number;
  /** Somebody has chosen a password. */
  readonly onPassword?: () => void;
}

/** What people do without a session, and with their own account. */
export class Accounts implements AccountService {
  private readonly now: () => Date;
  readonly #onPassword: () => void;
  /** By name, and apart from them by known device or session: strangers' guesses do not delay whoever has those. */
  readonly #delays: AccountDelays;
  readonly #knownDelays: AccountDelays;
  readonly #wrongPasswords: FailureWindow;
  readonly #wrongCodes: FailureWindow;

  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly devices: KnownDevices,
    private readonly passwords: Passwords,
    private readonly changes: AccessChanges,
    { nowMs = Date.now, steadyMs = () => performance.now(), onPassword = () => undefined }: Options = {},
  ) {
    this.now = () => new Date(nowMs());
    this.#onPassword = onPassword;
    this.#delays = new AccountDelays(steadyMs);
    this.#knownDelays = new AccountDelays(steadyMs);
    this.#wrongPasswords = new FailureWindow(100, 10 * MINUTE_MS, steadyMs);
    this.#wrongCodes = new FailureWindow(20, 60 * MINUTE_MS, steadyMs);
  }

  /** Unknown, disabled and wrong get the same answer after the same work. Throws UNAUTHENTICATED, RATE_LIMITED. */
  async signIn(input: z.infer<typeof SignInInput>, client: Client): Promise<SignedIn> {
    const named = userName.safeParse(input.name);
    const name = named.data ?? input.name;
    const found = named.success ? await findUserNamed(this.database.tables, named.data) : null;
    const user = found?.state === "active" ? found : null;
    const device = await this.devices.find(client.deviceToken);
    const guesser = device && device.userId === user?.id ? { known: device.id } : { name, ip: client.ip };
    if (!(await this.#isRight(guesser, input.password, user?.passwordHash ?? null)) || !user) throw wrongPassword();
    return this.database.transaction((tables) => this.#signedIn(tables, user.id, client, device));
  }

  /** The first start: its link's user gets name and password. Throws NOT_FOUND once anybody has a password, and for any other token. */
  async setUp({ token, name, password }: z.infer<typeof SetUpInput>, client: Client): Promise<SignedIn> {
    if (!(await this.isSetupOpen(token))) throw noSuchSetup();
    const passwordHash = await this.passwords.hash(password);
    return this.#withPassword(() => this.database.transaction(async (tables) => {
      await lockUsers(tables);
      const userId = (await hasPasswords(tables)) ? null : await redeemSignInToken(tables, hashOf(token), true, this.now());
      if (userId === null) throw noSuchSetup();
      await updateUser(tables, userId, { name, passwordHash });
      return this.#signedIn(tables, userId, client);
    }));
  }

  async isSetupOpen(token: string): Promise<boolean> {
    return (await isSetupToken(this.database.tables, hashOf(token), this.now())) && !(await hasPasswords(this.database.tables));
  }

  /** A new account by an invitation or a class's join code. Throws NOT_FOUND for one that does not work, NAME_TAKEN. */
  async register({ code, name, password }: z.infer<typeof RegisterInput>, client: Client): Promise<SignedIn> {
    await this.#tryCode(client.ip, async () => (await invitationWorks(this.database.tables, hashOf(code), this.now())) || (await this.#classOf(this.database.tables, code)));
    const passwordHash = await this.passwords.hash(password);
    return this.#withPassword(() => this.database.transaction(async (tables) => {
      const invitation = await redeemInvitation(tables, hashOf(code), this.now());
      const classId = invitation ? invitation.classId : await this.#classOf(tables, code);
      if (!invitation && classId === null) throw wrongCode();
      const user = await createUser(tables, { name, role: invitation?.role ?? "student", passwordHash });
      if (classId !== null) await addMember(tables, classId, user.id);
      return this.#signedIn(tables, user.id, client);
    }));
  }

  /** Id of the class whose join code this is. Wrong ones are counted. Throws NOT_FOUND, RATE_LIMITED. */
  async classByCode(code: string, { ip }: Client): Promise<string> {
    return this.#tryCode(ip, () => this.#classOf(this.database.tables, code));
  }

  async get(actor: Actor): Promise<Account> {
    const user = await findUser(this.database.tables, actor.id);
    return { name: actor.name, hasPassword: typeof user?.passwordHash === "string", byLink: actor.byLink };
  }

  /** All other sessions and their sockets end. Throws FORBIDDEN when the current password is wrong. */
  async changePassword(actor: Actor, { current, password }: z.infer<typeof ChangePasswordInput>): Promise<StillKnown> {
    if (!actor.byLink || current !== null) await this.#mustKnowPassword(actor, current ?? "");
    const passwordHash = await this.passwords.hash(password);
    const device = await this.#withPassword(() => this.database.transaction(async (tables) => {
      AuditScope.current()?.noteObject({ kind: "user", id: actor.id, name: actor.name }, null);
      await updateUser(tables, actor.id, { passwordHash });
      await deleteSessions(tables, actor.id, actor.sessionId);
      return this.devices.remember(tables, actor.id, null);
    }));
    this.changes.announce();
    return { id: actor.id, device };
  }

  async signOut(actor: Actor): Promise<{ id: string }> {
    await this.database.transaction(async (tables) => {
      AuditScope.current()?.noteObject({ kind: "session", id: actor.sessionId, name: null }, null);
      await deleteSession(tables, actor.id, actor.sessionId);
    });
    this.changes.announce();
    return { id: actor.id };
  }

  async #mustKnowPassword(actor: Actor, current: string): Promise<void> {
    const user = await findUser(this.database.tables, actor.id);
    if (await this.#isRight({ known: actor.sessionId }, current, user?.passwordHash ?? null)) return;
    throw AppError.fromIssues([{ severity: "error", code: "FORBIDDEN", path: ["current"], message: "This is not your current password." }]);
  }

  /** Throws RATE_LIMITED before any hash is made. */
  async #isRight(guesser: Guesser, password: string, stored: string | null): Promise<boolean> {
    const [delays, key] = "known" in guesser ? [this.#knownDelays, guesser.known] : [this.#delays, guesser.name];
    const address = "known" in guesser ? null : (guesser.ip ?? "");
    const mayTry = () => refuseFor(Math.max(delays.waitMs(key), address === null ? 0 : this.#wrongPasswords.waitMs(address)));
    mayTry();
    return this.passwords.inTurn(async () => {
      mayTry();
      delays.begin(key);
      const right = await this.passwords.check(password, stored);
      if (right) delays.succeeded(key);
      else if (address !== null) this.#wrongPasswords.add(address);
      return right;
    });
  }

  async #tryCode<T>(ip: Client["ip"], find: () => Promise<T | null | false>): Promise<T> {
    refuseFor(this.#wrongCodes.waitMs(ip ?? ""));
    const found = await find();
    if (found !== null && found !== false) return found;
    this.#wrongCodes.add(ip ?? "");
    throw wrongCode();
  }

  #classOf(tables: Tables, code: string): Promise<string | null> {
    return findClassByCode(tables, hashOfJoinCode(code), this.now());
  }

  async #signedIn(tables: Tables, userId: string, client: Client, before: KnownDeviceRow | null = null): Promise<SignedIn> {
    const user = await findUser(tables, userId);
    if (user?.state !== "active") throw wrongPassword();
    AuditScope.current()?.noteObject({ kind: "user", id: user.id, name: user.name }, null);
    const session = await this.sessions.begin(tables, user, { byLink: false, device: client.device });
    return { me: { id: user.id, name: user.name, role: user.role }, session, device: await this.devices.remember(tables, user.id, before) };
  }

  /** Writes a password, perhaps the first of all. */
  async #withPassword<T>(write: () => Promise<T>): Promise<T> {
    const answer = await nameIsFree(write);
    this.#onPassword();
    return answer;
  }
}

const wrongPassword = (): AppError => new AppError("UNAUTHENTICATED", "Name or password is wrong.");
const noSuchSetup = (): AppError => new AppError("NOT_FOUND", "There is nothing here.");
const wrongCode = (): AppError => new AppError("NOT_FOUND", "This code does not work: it was used, has expired or was withdrawn. Ask whoever gave it to you for another.");

function refuseFor(waitMs: number): void {
  if (waitMs <= 0) return;
  const wait = waitMs < MINUTE_MS ? `${Math.ceil(waitMs / 1000)} seconds` : `${Math.ceil(waitMs / MINUTE_MS)} minutes`;
  throw new AppError("RATE_LIMITED", `Too many wrong tries. Try again in ${wait}.`);
}

/** The database decides whether a name is taken. */
async function nameIsFree<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw AppError.fromIssues([{ severity: "error", code: "NAME_TAKEN", path: ["name"], message: "Somebody has this name already; choose another." }]);
  }
}
