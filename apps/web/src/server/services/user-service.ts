import { AppError } from "@vpclab/shared/errors/app-error";
import type { Role } from "@vpclab/shared/wire/api";
import type { OnceTold, UserInfo } from "@vpclab/shared/wire/people";
import type { AccessChanges } from "./access-changes";
import { leaveClasses } from "../store/class-store";
import type { Database, Tables } from "../store/database";
import { deleteSessions, SIGN_IN_MS } from "../store/session-store";
import * as users from "../store/user-store";
import type { ListedUser } from "../store/user-store";
import { forbidden, mustBeAllowed } from "./access";
import type { Actor } from "./actor";
import { AuditScope } from "./audit-scope";
import { can } from "./can";
import type { ActionOn } from "./can";
import type { UserService } from "./people";
import type { Sessions } from "./session-service";

/** Other people's accounts. What takes a right away ends the sessions that had it. */
export class Users implements UserService {
  constructor(
    private readonly database: Database,
    private readonly sessions: Pick<Sessions, "mintSignIn">,
    private readonly changes: AccessChanges,
  ) {}

  async list(actor: Actor): Promise<readonly UserInfo[]> {
    mustBeAllowed(actor, "viewPeople");
    const rows = await users.listUsers(this.database.tables);
    return rows.filter((row) => can(actor, "view", facts(row))).map(({ state, lastSeenAt, ...row }) => ({
      ...row, disabled: state === "disabled", lastSeenAt: lastSeenAt?.toISOString() ?? null,
    }));
  }

  async setRole(actor: Actor, { id, role }: { id: string; role: Role }): Promise<{ id: string }> {
    return this.#change(actor, id, async (tables, user) => {
      if (user.role === role) return;
      if (role !== "admin") await mustNotBeLastAdmin(tables, user);
      if (isStaff(role)) await leaveClasses(tables, id);
      else await users.handOverClasses(tables, id, actor.id);
      await users.updateUser(tables, id, { role });
      await deleteSessions(tables, id, null);
    });
  }

  async setDisabled(actor: Actor, { id, disabled }: { id: string; disabled: boolean }): Promise<{ id: string }> {
    return this.#change(actor, id, async (tables, user) => {
      if (disabled) await mustNotBeLastAdmin(tables, user);
      await users.updateUser(tables, id, { state: disabled ? "disabled" : "active" });
      if (disabled) await deleteSessions(tables, id, null);
    });
  }

  /** What he has drawn goes to his instructor or the actor; he stays the author of what he wrote, under a name that is free again. */
  async remove(actor: Actor, id: string): Promise<{ id: string }> {
    return this.#change(actor, id, async (tables, user) => {
      await mustNotBeLastAdmin(tables, user);
      if (id === actor.id) throw new AppError("CONFLICT", "You cannot delete yourself; another administrator can.");
      await users.handOver(tables, id, actor.id);
      await leaveClasses(tables, id);
      await users.deleteInvitationsBy(tables, id);
      await deleteSessions(tables, id, null);
      await users.updateUser(tables, id, { state: "deleted", passwordHash: null, name: `${user.name} (deleted ${id.slice(-12)})` });
    });
  }

  /** For somebody who forgot his password: a link that signs him in once and lets him choose another. */
  async mintSignInLink(actor: Actor, id: string): Promise<OnceTold> {
    const user = await this.#find(this.database.tables, actor, "mintSignInLink", id);
    if (user.state === "disabled") throw new AppError("CONFLICT", `“${user.name}” is disabled. Enable the account first.`);
    return { token: await this.sessions.mintSignIn(id), expiresAt: new Date(Date.now() + SIGN_IN_MS).toISOString() };
  }

  async #change(actor: Actor, id: string, change: (tables: Tables, user: ListedUser) => Promise<void>): Promise<{ id: string }> {
    await this.database.transaction(async (tables) => {
      await users.lockUsers(tables);
      await change(tables, await this.#find(tables, actor, "manage", id));
    });
    this.changes.announce();
    return { id };
  }

  async #find(tables: Tables, actor: Actor, action: ActionOn<"user">, id: string): Promise<ListedUser> {
    const user = (await users.listUsers(tables)).find((user) => user.id === id);
    if (!user || !can(actor, "view", facts(user))) throw new AppError("NOT_FOUND", "There is no such user; the account may have been deleted.");
    if (!can(actor, action, facts(user))) throw forbidden();
    AuditScope.current()?.noteObject({ kind: "user", id, name: user.name }, null);
    return user;
  }
}

const facts = ({ id, role, classes }: ListedUser) => ({ kind: "user", id, role, memberOf: classes.map((found) => found.id) }) as const;
const isStaff = (role: Role): boolean => role === "admin" || role === "instructor";

async function mustNotBeLastAdmin(tables: Tables, user: ListedUser): Promise<void> {
  if (user.role !== "admin" || user.state !== "active" || (await users.countOtherAdmins(tables, user.id)) > 0) return;
  throw new AppError("CONFLICT", `“${user.name}” is the last administrator. Make somebody else one first.`);
}
