import { AppError } from "@vpclab/shared/errors/app-error";
import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import type { ActivityListInput } from "@vpclab/shared/wire/api";
import type { z } from "zod";
import { findActivity, listActivities } from "../store/activity-store";
import type { Database } from "../store/database";
import { listTopologyOwners } from "../store/topology-store";
import { findFor, mayDo } from "./access";
import { can, SERVER } from "./can";
import type { Actor, ActivityService } from "./services";

/** Who may see a topology may read its log; what is about a host as a whole is for administrators. */
export class Activities implements ActivityService {
  constructor(private readonly database: Database) {}

  async list(actor: Actor, { topology: id, before, limit, only }: z.infer<typeof ActivityListInput>): Promise<readonly ActivitySummary[]> {
    const { tables } = this.database;
    if (id !== null) await findFor(tables, actor, "view", id);
    const topologyIds = id !== null ? [id] : can(actor, "viewHostLog", SERVER) ? null : await this.#visible(actor);
    return listActivities(tables, { topologyIds, before: before ?? null, limit, only: only ?? "everything" });
  }

  async get(actor: Actor, entryId: string): Promise<ActivityEntry> {
    const entry = await findActivity(this.database.tables, entryId);
    if (!entry || (entry.topologyId === null && !can(actor, "viewHostLog", SERVER))) throw noSuchEntry();
    if (entry.topologyId !== null) await findFor(this.database.tables, actor, "view", entry.topologyId).catch(() => { throw noSuchEntry(); });
    return entry;
  }

  async #visible(actor: Actor): Promise<string[]> {
    return (await listTopologyOwners(this.database.tables)).filter((topology) => mayDo(actor, "view", topology)).map(({ id }) => id);
  }
}

const noSuchEntry = (): AppError => new AppError("NOT_FOUND", "There is no such entry in the activity log; the oldest ones are removed by and by.");
