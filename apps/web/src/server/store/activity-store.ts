import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import type { ActivityFilter } from "@vpclab/shared/wire/api";
import type { Prisma } from "../../generated/client";
import type { Tables } from "./database";
import { fromJson, toJson } from "./json";

/** An entry before it is stored. `hostId` and `hostEntryId`: the host that wrote it and its own id; null: the server itself. */
export interface NewActivity extends Omit<ActivityEntry, "id"> {
  readonly hostId: string | null;
  readonly hostEntryId: string | null;
}

/** Of each topology, and of each host for what is about no topology; tests apart, because a matrix of them is one command. */
const ENTRIES_KEPT = 1000;
/** The action that changes nothing. */
const TEST = "probe";

const summaryColumns = {
  id: true, at: true, actor: true, action: true, topologyId: true, topologyName: true, revision: true, text: true, outcome: true,
  reason: true, seconds: true, commandCount: true, commandsLeftOut: true,
} satisfies Prisma.ActivitySelect;

type StoredSummary = Prisma.ActivityGetPayload<{ select: typeof summaryColumns }>;

const summaryOf = ({ at, ...stored }: StoredSummary): ActivitySummary => ({ ...stored, at: at.getTime() });

/** Stores an entry and lets the oldest go. Null: the host has told of it before. */
export async function addActivity(tables: Tables, entry: NewActivity): Promise<ActivitySummary | null> {
  const { at, commands, ...rest } = entry;
  const data = { ...withoutNul(rest), at: new Date(at), commands: toJson(commands), commandCount: commands.length };
  const [stored] = await tables.activity.createManyAndReturn({ data: [data], skipDuplicates: true, select: summaryColumns });
  if (!stored) return null;
  const place = entry.topologyId === null ? { topologyId: null, hostId: entry.hostId } : { topologyId: entry.topologyId };
  const same = { ...place, action: entry.action === TEST ? TEST : { not: TEST } };
  const [oldest] = await tables.activity.findMany({ where: same, orderBy: { id: "desc" }, skip: ENTRIES_KEPT, take: 1, select: { id: true } });
  if (oldest) await tables.activity.deleteMany({ where: { ...same, id: { lte: oldest.id } } });
  return summaryOf(stored);
}

/** PostgreSQL has no text with U+0000. */
const withoutNul = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value.replaceAll("\0", "") : (value as unknown)])) as T;

export interface ActivityQuery {
  /** Of these topologies; null: of all, and of their hosts. */
  readonly topologyIds: readonly string[] | null;
  readonly before: string | null;
  readonly limit: number;
  readonly only: ActivityFilter;
}

/** Newest first. */
export async function listActivities(tables: Tables, { topologyIds, before, limit, only }: ActivityQuery): Promise<ActivitySummary[]> {
  const rows = await tables.activity.findMany({
    where: {
      ...(topologyIds === null ? {} : { topologyId: { in: [...topologyIds] } }),
      ...(before === null ? {} : { id: { lt: before } }),
      ...(only === "trouble" ? { outcome: { not: "done" } } : only === "changes" ? { action: { not: TEST } } : {}),
    },
    orderBy: { id: "desc" }, take: limit, select: summaryColumns,
  });
  return rows.map(summaryOf);
}

export async function findActivity(tables: Tables, id: string): Promise<ActivityEntry | null> {
  const row = await tables.activity.findUnique({ where: { id }, select: { ...summaryColumns, commands: true } });
  if (!row) return null;
  const { commandCount: _, commands, ...summary } = { ...summaryOf(row), commands: fromJson<string[]>(row.commands) };
  return { ...summary, commands };
}
