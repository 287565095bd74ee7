import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import type { ServerApi } from "./server-api";

/** The server answers with at most so many at a time. */
const PAGE = 200;
/** Calls that are under way at once; they travel ten a request. */
const AT_ONCE = 50;

/** Commands of entries by id: they never change, so that who follows the log asks for each once. */
export type KnownCommands = Map<string, ActivityEntry["commands"]>;

/** The newest entries with their commands, oldest first; of one topology, or of all (null). */
export async function readActivity(api: ServerApi, known: KnownCommands, topology: string | null, last: number): Promise<readonly ActivityEntry[]> {
  const summaries: ActivitySummary[] = [];
  while (summaries.length < last) {
    const page = await api.query("activity.list", { topology, before: summaries.at(-1)?.id ?? null, limit: Math.min(PAGE, last - summaries.length) });
    summaries.push(...page);
    if (page.length === 0) break;
  }
  const entries: ActivityEntry[] = [];
  for (let at = 0; at < summaries.length; at += AT_ONCE) {
    entries.push(...(await Promise.all(summaries.slice(at, at + AT_ONCE).map((summary) => withCommands(api, known, summary)))));
  }
  return entries.reverse();
}

/** An entry without commands is whole already. */
async function withCommands(api: ServerApi, known: KnownCommands, { commandCount, ...entry }: ActivitySummary): Promise<ActivityEntry> {
  const commands = known.get(entry.id) ?? (commandCount === 0 ? [] : (await api.query("activity.get", { entryId: entry.id })).commands);
  known.set(entry.id, commands);
  return { ...entry, commands };
}
