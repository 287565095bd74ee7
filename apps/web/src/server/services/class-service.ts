import { randomInt } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { ClassInfo, OnceTold } from "@vpclab/shared/wire/people";
import type { AccessChanges } from "./access-changes";
import * as classes from "../store/class-store";
import type { ClassRow } from "../store/class-store";
import { isUniqueViolation } from "../store/database";
import type { Database, Tables } from "../store/database";
import { forbidden, mustBeAllowed } from "./access";
import type { Actor } from "./actor";
import { AuditScope } from "./audit-scope";
import { can } from "./can";
import type { ClassService } from "./people";
import { hashOf } from "./tokens";

const CODE_MS = 7 * 24 * 3_600_000;
/** Read aloud and typed: no letters or digits that look alike. 10 of 31 signs: 49 bits. */
const SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const SIGNS_OF_CODE = 10;

export class Classes implements ClassService {
  constructor(
    private readonly database: Database,
    private readonly changes: AccessChanges,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async list(actor: Actor): Promise<readonly ClassInfo[]> {
    const rows = await classes.listClasses(this.database.tables);
    return rows.filter((row) => can(actor, "view", facts(row))).map((row) => this.#infoFor(actor, row));
  }

  async create(actor: Actor, { name }: { name: string }): Promise<ClassInfo> {
    mustBeAllowed(actor, "createClass");
    try {
      const row = await this.database.transaction(async (tables) => {
        const made = await classes.createClass(tables, { name, instructorId: actor.id });
        AuditScope.current()?.noteMade(objectOf(made), null);
        return made;
      });
      this.changes.announce();
      return this.#infoFor({ ...actor, teaches: [...actor.teaches, row.id] }, row);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw AppError.fromIssues([{ severity: "error", code: "NAME_TAKEN", path: ["name"], message: `There is already a class called “${name}”; choose another name.` }]);
    }
  }

  /** Its members keep their accounts and topologies. */
  async remove(actor: Actor, id: string): Promise<{ id: string }> {
    await this.#change(actor, id, (tables) => classes.deleteClass(tables, id));
    this.changes.announce();
    return { id };
  }

  /** A new join code; the one before does not work any more. */
  async renewCode(actor: Actor, id: string): Promise<OnceTold> {
    const code = newJoinCode();
    const expiresAt = new Date(this.now().getTime() + CODE_MS);
    await this.#change(actor, id, (tables) => classes.setJoinCode(tables, id, { hash: hashOfJoinCode(code), expiresAt }));
    return { token: code, expiresAt: expiresAt.toISOString() };
  }

  async withdrawCode(actor: Actor, id: string): Promise<{ id: string }> {
    await this.#change(actor, id, (tables) => classes.setJoinCode(tables, id, null));
    return { id };
  }

  async removeMember(actor: Actor, { id, userId }: { id: string; userId: string }): Promise<{ id: string }> {
    await this.#change(actor, id, async (tables) => {
      if (!(await classes.removeMember(tables, id, userId))) throw new AppError("NOT_FOUND", "There is no such member; somebody may have removed him.");
    });
    this.changes.announce();
    return { id };
  }

  /** `find`: the class that a code belongs to; it counts the wrong ones. */
  async join(actor: Actor, find: () => Promise<string>): Promise<{ id: string }> {
    mustBeAllowed(actor, "joinClass");
    const id = await find();
    await this.database.transaction(async (tables) => {
      const row = await classes.findClass(tables, id);
      if (!row) throw noSuchClass();
      AuditScope.current()?.noteObject(objectOf(row), null);
      await classes.addMember(tables, id, actor.id);
    });
    this.changes.announce();
    return { id };
  }

  async #change(actor: Actor, id: string, change: (tables: Tables) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tables) => {
      const row = await classes.findClass(tables, id);
      if (!row || !can(actor, "view", facts(row))) throw noSuchClass();
      if (!can(actor, "manage", facts(row))) throw forbidden();
      AuditScope.current()?.noteObject(objectOf(row), null);
      await change(tables);
    });
  }

  #infoFor(actor: Actor, row: ClassRow): ClassInfo {
    const mine = can(actor, "manage", facts(row));
    const codeWorks = row.joinCodeExpiresAt !== null && row.joinCodeExpiresAt > this.now();
    return {
      id: row.id, name: row.name, instructor: row.instructorName, mine,
      joinCodeExpiresAt: mine && codeWorks ? (row.joinCodeExpiresAt?.toISOString() ?? null) : null,
      members: mine ? row.members : [],
    };
  }
}

const objectOf = ({ id, name }: ClassRow) => ({ kind: "class", id, name }) as const;
const facts = ({ id, instructorId }: ClassRow) => ({ kind: "class", id, instructorId }) as const;

export const noSuchClass = (): AppError => new AppError("NOT_FOUND", "There is no such class; it may have been deleted.");

function newJoinCode(): string {
  const signs = Array.from({ length: SIGNS_OF_CODE }, () => SIGNS.charAt(randomInt(SIGNS.length))).join("");
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
}

/** However it was typed. */
export const hashOfJoinCode = (code: string): string => hashOf(`class ${code.toUpperCase().replace(/[\s-]/g, "")}`);
