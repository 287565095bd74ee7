import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { LiveBus } from "../bus/live-bus";
import { addActivity } from "../store/activity-store";
import type { Database } from "../store/database";
import type { Actor } from "./services";

/** Characters of one entry's commands that are kept: 1000 entries of a host that says too much must not fill the disk. */
const COMMAND_CHARS_MAX = 256 * 1024;

/** Stores what a host did and shows it to everybody who looks. What a host tells of topologies that it does not hold is dropped. */
export async function recordFromHost(database: Database, bus: LiveBus, hostId: string, entry: ActivityEntry): Promise<void> {
  const { id: hostEntryId, ...rest } = entry;
  const feed = entry.topologyId === null ? null : bus.feedOn(hostId, entry.topologyId);
  if (entry.topologyId !== null && !feed) return;
  const stored = await addActivity(database.tables, { ...rest, ...legible(entry), ...fitting(entry), hostId, hostEntryId });
  if (stored) feed?.publish({ type: "activity", entry: stored });
}

/** What the server does by itself, without any host. Revisions have a list of their own and are not repeated here. */
export async function recordOwn(
  database: Database, bus: LiveBus, actor: Actor, { topology, action, text }: { topology: { id: string; name: string; revision: number }; action: string; text: string },
): Promise<void> {
  const stored = await addActivity(database.tables, {
    hostId: null, hostEntryId: null, at: Date.now(), actor: actor.name, action, topologyId: topology.id, topologyName: topology.name,
    revision: topology.revision, text, outcome: "done", reason: null, seconds: 0, commands: [], commandsLeftOut: 0,
  });
  if (stored) bus.feed(topology.id)?.publish({ type: "activity", entry: stored });
}

/** Control and direction characters of a host that was taken over would turn what stands beside them around, or run in a terminal. */
function legible({ actor, action, topologyName, text, reason }: ActivityEntry) {
  const shown = (words: string): string => words.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "·");
  const orNull = (words: string | null): string | null => (words === null ? null : shown(words));
  return { actor: shown(actor), action: shown(action), topologyName: orNull(topologyName), text: shown(text), reason: orNull(reason) };
}

function fitting({ commands, commandsLeftOut }: ActivityEntry): Pick<ActivityEntry, "commands" | "commandsLeftOut"> {
  let chars = 0;
  const end = commands.findIndex((command) => (chars += command.length) > COMMAND_CHARS_MAX);
  return end < 0 ? { commands, commandsLeftOut } : { commands: commands.slice(0, end), commandsLeftOut: commandsLeftOut + commands.length - end };
}
