import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import type { ServerApi } from "./server-api";

/** The server answers with at most so many at a time. */
const PAGE = 200;
/** Calls that are under way at once; they travel ten a request. */
const AT_ONCE = 50;

/** The newest entries with their commands, oldest first; of one topology, or of all (null). */
export async function readActivity(api: ServerApi, topology: string | null, last: number): Promise<readonly ActivityEntry[]> {
  const summaries: ActivitySummary[] = [];
  while (summaries.length < last) {
    const page = await api.query("activity.list", { topology, before: summaries.at(-1)?.id ?? null, limit: Math.min(PAGE, last - summaries.length) });
    summaries.push(...page);
    if (page.length === 0) break;
  }
  const entries: ActivityEntry[] = [];
  for (let at = 0; at < summaries.length; at += AT_ONCE) {
    entries.push(...(await Promise.all(summaries.slice(at, at + AT_ONCE).map((summary) => withCommands(api, summary)))));
  }
  return entries.reverse();
}

/** An entry without commands is whole already. */
async function withCommands(api: ServerApi, { commandCount, ...entry }: ActivitySummary): Promise<ActivityEntry> {
  return commandCount === 0 ? { ...entry, commands: [] } : api.query("activity.get", { entryId: entry.id });
}
