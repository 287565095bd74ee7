import type { ActivityEntry } from "./activity";

/** A shell script that does the same once more, for root on a machine that is as it was before. Ends with a line end. */
export function activityScript(entry: Pick<ActivityEntry, "at" | "actor" | "action" | "topologyName" | "text" | "commands" | "commandsLeftOut">): string {
  const what = [entry.action, entry.topologyName ?? ""].filter(Boolean).join(" ");
  return [
    "#!/bin/sh",
    comment(`${new Date(entry.at).toISOString()}, ${entry.actor}: ${what}: ${entry.text}`),
    comment("As root, on a machine that is as it was before."),
    "set -eu",
    ...entry.commands.map(replayable),
    ...(entry.commandsLeftOut > 0 ? [comment(`${entry.commandsLeftOut} more commands ran and are not kept: this script is not whole.`)] : []),
    "",
  ].join("\n");
}

/** A process is another one the next time: what was ended by its number must not end a stranger. */
const replayable = (command: string): string => (/\bkill (-9 )?[0-9]+$/.test(command) ? comment(`ended then: ${command}`) : command);

/** What stands in a comment was written by people: no character of it begins a new line. */
const comment = (text: string): string => `# ${text.replace(/[\p{C}\p{Z}]+/gu, " ")}`;
