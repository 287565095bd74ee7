import { randomInt } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { ClassInfo, OnceTold } from "@vpclab/shared/wire/people";
import type { AccessChanges } from "./access-changes";
import * as classes from "../store/class-store";
import type { ClassRow } from "../store/class-store";
import { isUniqueViolation } from "../store/database";
import type { Database } from "../store/database";
import { forbidden, mustBeAllowed } from "./access";
import type { Actor } from "./actor";
import { can } from "./can";
import type { ActionOn } from "./can";
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
      const row = await classes.createClass(this.database.tables, { name, instructorId: actor.id });
      this.changes.announce();
      return this.#infoFor({ ...actor, teaches: [...actor.teaches, row.id] }, row);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw AppError.fromIssues([{ severity: "error", code: "NAME_TAKEN", path: ["name"], message: `There is already a class called “${name}”; choose another name.` }]);
    }
  }

  /** Its members keep their accounts and topologies. */
  async remove(actor: Actor, id: string): Promise<{ id: string }> {
    await this.#find(actor, "manage", id);
    await classes.deleteClass(this.database.tables, id);
    this.changes.announce();
    return { id };
  }

  /** A new join code; the one before does not work any more. */
  async renewCode(actor: Actor, id: string): Promise<OnceTold> {
    await this.#find(actor, "manage", id);
    const code = newJoinCode();
    const expiresAt = new Date(this.now().getTime() + CODE_MS);
    await classes.setJoinCode(this.database.tables, id, { hash: hashOfJoinCode(code), expiresAt });
    return { token: code, expiresAt: expiresAt.toISOString() };
  }

  async withdrawCode(actor: Actor, id: string): Promise<{ id: string }> {
    await this.#find(actor, "manage", id);
    await classes.setJoinCode(this.database.tables, id, null);
    return { id };
  }

  async removeMember(actor: Actor, { id, userId }: { id: string; userId: string }): Promise<{ id: string }> {
    await this.#find(actor, "manage", id);
    if (!(await classes.removeMember(this.database.tables, id, userId))) throw new AppError("NOT_FOUND", "There is no such member; somebody may have removed him.");
    this.changes.announce();
    return { id };
  }

  /** `find`: the class that a code belongs to; it counts the wrong ones. */
  async join(actor: Actor, find: () => Promise<string>): Promise<{ id: string }> {
    mustBeAllowed(actor, "joinClass");
    const id = await find();
    await classes.addMember(this.database.tables, id, actor.id);
    this.changes.announce();
    return { id };
  }

  async #find(actor: Actor, action: ActionOn<"class">, id: string): Promise<ClassRow> {
    const row = await classes.findClass(this.database.tables, id);
    if (!row || !can(actor, "view", facts(row))) throw noSuchClass();
    if (!can(actor, action, facts(row))) throw forbidden();
    return row;
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

const facts = ({ id, instructorId }: ClassRow) => ({ kind: "class", id, instructorId }) as const;

export const noSuchClass = (): AppError => new AppError("NOT_FOUND", "There is no such class; it may have been deleted.");

function newJoinCode(): string {
  const signs = Array.from({ length: SIGNS_OF_CODE }, () => SIGNS.charAt(randomInt(SIGNS.length))).join("");
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
}

/** However it was typed. */
export const hashOfJoinCode = (code: string): string => hashOf(`class ${code.toUpperCase().replace(/[\s-]/g, "")}`);
