import { AppError } from "@vpclab/shared/errors/app-error";
import type { Role } from "@vpclab/shared/wire/api";
import type { CreateInvitationInput, InvitationInfo, OnceTold } from "@vpclab/shared/wire/people";
import type { z } from "zod";
import { findClass } from "../store/class-store";
import type { Database } from "../store/database";
import * as invitations from "../store/invitation-store";
import type { InvitationRow } from "../store/invitation-store";
import { forbidden } from "./access";
import type { Actor } from "./actor";
import { AuditScope } from "./audit-scope";
import { can } from "./can";
import { noSuchClass } from "./class-service";
import type { InvitationService } from "./people";
import { hashOf, newSecret } from "./tokens";

const INVITATION_MS = 7 * 24 * 3_600_000;

/** One-time links by which people make their accounts. */
export class Invitations implements InvitationService {
  constructor(
    private readonly database: Database,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async list(actor: Actor): Promise<readonly InvitationInfo[]> {
    const rows = await invitations.listInvitations(this.database.tables, this.now());
    return rows.filter((row) => can(actor, "view", facts(row))).map((row) => ({
      id: row.id, role: row.role, className: row.class?.name ?? null, createdBy: row.createdBy.name, expiresAt: row.expiresAt.toISOString(),
    }));
  }

  async create(actor: Actor, { role, classId }: z.infer<typeof CreateInvitationInput>): Promise<OnceTold> {
    const token = newSecret();
    const expiresAt = new Date(this.now().getTime() + INVITATION_MS);
    await this.database.transaction(async (tables) => {
      const found = classId === null ? null : await findClass(tables, classId);
      if (classId !== null && (!found || !can(actor, "view", { kind: "class", ...found }))) throw noSuchClass();
      if (!can(actor, "manage", { kind: "invitation", role, instructorId: found?.instructorId ?? null })) throw forbidden();
      if (classId !== null && (role === "admin" || role === "instructor")) {
        throw AppError.fromIssues([{ severity: "error", code: "SCHEMA", path: ["classId"], message: "Members of a class are students and viewers. Leave the class out." }]);
      }
      const { id } = await invitations.createInvitation(tables, { hash: hashOf(token), role, classId, createdById: actor.id, expiresAt });
      AuditScope.current()?.noteMade({ kind: "invitation", id, name: nameOf(role, found) }, null);
    });
    return { token, expiresAt: expiresAt.toISOString() };
  }

  async withdraw(actor: Actor, id: string): Promise<{ id: string }> {
    await this.database.transaction(async (tables) => {
      const row = await invitations.findInvitation(tables, id);
      if (!row || !can(actor, "view", facts(row))) throw new AppError("NOT_FOUND", "There is no such invitation; it may have been used or withdrawn.");
      if (!can(actor, "manage", facts(row))) throw forbidden();
      AuditScope.current()?.noteObject({ kind: "invitation", id, name: nameOf(row.role, row.class) }, null);
      await invitations.deleteInvitation(tables, id);
    });
    return { id };
  }
}

/** An invitation has no name: what it makes of whom it is for. */
const nameOf = (role: Role, found: { readonly name: string } | null): string => (found ? `${role} of “${found.name}”` : role);

const facts = (row: InvitationRow) => ({ kind: "invitation", role: row.role, instructorId: row.class?.instructorId ?? null }) as const;
