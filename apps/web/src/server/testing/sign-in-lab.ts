import pino from "pino";
import { AppError } from "@vpclab/shared/errors/app-error";
import { AccessChanges } from "../services/access-changes";
import { Accounts } from "../services/account-service";
import { KnownDevices } from "../services/known-devices";
import { Passwords } from "../services/passwords";
import type { PasswordCost } from "../services/passwords";
import { Sessions } from "../services/session-service";
import { openDatabase } from "../store/database";
import type { Database } from "../store/database";
import { createUser } from "../store/user-store";
import { PASSWORD } from "./people";
import { MIGRATIONS, standardDatabase, testStorage } from "./test-database";

const CHEAP: PasswordCost = { logN: 7, r: 8, p: 1 };

/** Counts the hashes and how many run at once. */
class CountedPasswords extends Passwords {
  checks = 0;
  running = 0;
  runningMost = 0;
  override async check(password: string, stored: string | null): Promise<boolean> {
    this.checks += 1;
    this.running += 1;
    this.runningMost = Math.max(this.running, this.runningMost);
    const right = await super.check(password, stored);
    this.running -= 1;
    return right;
  }
}

/** What a try to sign in came to: `in`, or the code that it was refused with. */
export const outcomeOf = (trying: Promise<unknown>): Promise<string> =>
  trying.then(() => "in", (error: unknown) => (error instanceof AppError ? error.code : String(error)));

/** Accounts on a database of their own, with a clock that stands still until it is moved. */
export class SignInLab {
  nowMs = Date.now();
  passwords = new CountedPasswords(CHEAP);
  devices!: KnownDevices;
  sessions!: Sessions;
  accounts!: Accounts;

  private constructor(
    readonly database: Database,
    private readonly remove: () => void,
  ) {
    this.begin();
  }

  static async open(): Promise<SignInLab> {
    const { databaseUrl: url, dataDirectory, remove } = await testStorage(standardDatabase());
    const database = await openDatabase({ url, dataDirectory, migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), onFatal: (error) => console.error(error) });
    return new SignInLab(database, remove);
  }

  async close(): Promise<void> {
    await this.database.close();
    this.remove();
  }

  /** Fresh counts, as after a restart. */
  begin(cost: PasswordCost = CHEAP): void {
    this.nowMs = Date.now();
    this.passwords = new CountedPasswords(cost);
    const changes = new AccessChanges();
    const nowMs = () => this.nowMs;
    this.devices = new KnownDevices(this.database, nowMs);
    this.sessions = new Sessions(this.database, this.devices, changes, () => new Date(this.nowMs));
    this.accounts = new Accounts(this.database, this.sessions, this.devices, this.passwords, changes, { nowMs, steadyMs: nowMs });
  }

  /** Students of this name with a number behind it, all with the same password, hashed at the cost of now. */
  async students(called: string, count: number): Promise<void> {
    const passwordHash = await this.passwords.hash(PASSWORD);
    for (let i = 0; i < count; i++) await createUser(this.database.tables, { name: `${called}${i}`, role: "student", passwordHash });
  }

  signIn(name: string, password: string, ip: string, deviceToken: string | null = null) {
    return this.accounts.signIn({ name, password }, { ip, device: "", deviceToken });
  }

  outcome(...args: Parameters<SignInLab["signIn"]>): Promise<string> {
    return outcomeOf(this.signIn(...args));
  }
}
