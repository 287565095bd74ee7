import { AppError } from "@vpclab/shared/errors/app-error";
import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import type { ActivityListInput } from "@vpclab/shared/wire/api";
import type { z } from "zod";
import { findActivity, listActivities } from "../store/activity-store";
import type { Database } from "../store/database";
import { findFor, worksWithAll } from "./access";
import type { Actor, ActivityService } from "./services";

/** Who may use a topology may read its log; what is about a host as a whole is for those who work with all topologies. */
export class Activities implements ActivityService {
  constructor(private readonly database: Database) {}

  async list(actor: Actor, { topology: id, before, limit, only }: z.infer<typeof ActivityListInput>): Promise<readonly ActivitySummary[]> {
    const { tables } = this.database;
    if (id !== null) await findFor(tables, actor, id);
    const ownerId = worksWithAll(actor) ? null : actor.id;
    return listActivities(tables, { topologyId: id, ownerId, before: before ?? null, limit, only: only ?? "everything" });
  }

  async get(actor: Actor, entryId: string): Promise<ActivityEntry> {
    const entry = await findActivity(this.database.tables, entryId);
    if (!entry || (entry.topologyId === null && !worksWithAll(actor))) throw noSuchEntry();
    if (entry.topologyId !== null) await findFor(this.database.tables, actor, entry.topologyId).catch(() => { throw noSuchEntry(); });
    return entry;
  }
}

const noSuchEntry = (): AppError => new AppError("NOT_FOUND", "There is no such entry in the activity log; the oldest ones are removed by and by.");
