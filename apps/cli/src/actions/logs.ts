import { AppError } from "@vpclab/shared/errors/app-error";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import type { Lab } from "../lab/lab";
import { pause } from "../lab/pause";
import type { Output } from "../output/output";
import { timeText } from "../output/quantity";
import { styled, type Style, type Text } from "../output/text";
import type { Session } from "../session";

const LAST_DEFAULT = 20;
const LAST_MAX = 10_000;
const FOLLOW_EVERY_MS = 1000;

/** Who did what and when, with what came of it; one entry's Linux commands as a script. */
export const logs: Action = async (session, given) => {
  const script = given.option("script");
  const lab = await session.lab();
  const name = session.options.namedTopology;
  if (script !== null) return printScript(await entryOf(lab, name, script), session.out);
  const last = given.number("last", 1, LAST_MAX) ?? LAST_DEFAULT;
  const entries = await lab.activity(name, last);
  if (given.flag("follow") === true) return follow(session, lab, name, entries);
  session.out.value(entries);
  if (entries.length === 0) session.out.line("Nothing has been done yet.");
  for (const entry of entries) printEntry(entry, session.out);
  return EXIT.ok;
};

async function follow({ out, signal }: Session, lab: Lab, name: string | null, first: readonly ActivityEntry[]): Promise<number> {
  const seen = new Set<string>();
  let entries = first;
  while (!signal.aborted) {
    for (const entry of entries.filter(({ id }) => !seen.has(id))) {
      seen.add(entry.id);
      out.record(entry);
      printEntry(entry, out);
    }
    await pause(FOLLOW_EVERY_MS, signal);
    if (!signal.aborted) entries = await lab.activity(name, 100);
  }
  return EXIT.ok;
}

async function entryOf(lab: Lab, name: string | null, script: string): Promise<ActivityEntry> {
  const entries = await lab.activity(name, LAST_MAX);
  const found = script === "last" ? entries.filter(({ commands }) => commands.length > 0).at(-1) : entries.find(({ id }) => id === script);
  if (!found) throw new AppError("NOT_FOUND", script === "last" ? "Nothing has been done yet." : `There is no entry “${script}” in the log; vpcctl logs shows those that are.`);
  return found;
}

const STYLE: Record<ActivityEntry["outcome"], Style> = { done: "green", failed: "red", refused: "yellow" };

function printEntry({ id, at, actor, action, topologyName, text, outcome, reason, seconds, commands, commandsLeftOut }: ActivityEntry, out: Output): void {
  const where = topologyName === null ? "" : ` ${topologyName}`;
  const line: Text = [styled("dim", timeText(at)), `  ${actor}  ${action}${where}: ${text}  `, styled(STYLE[outcome], outcome), `  ${seconds.toFixed(2)} s  `, styled("dim", id)];
  out.line(line);
  if (reason !== null) out.line(`    ${reason}`);
  if (!out.verbose) return;
  for (const command of commands) for (const part of command.split("\n")) out.line(styled("dim", `    ${part}`));
  if (commandsLeftOut > 0) out.line(styled("dim", `    # ${commandsLeftOut} commands more`));
}

/** A shell script that does the same on a machine that is as it was before. */
export function scriptLines(entry: ActivityEntry): string[] {
  const comment = (text: string): string => `# ${text.replace(/\s+/g, " ")}`;
  return [
    "#!/bin/sh", comment(`${timeText(entry.at)} UTC, ${entry.actor}: ${entry.action} ${entry.topologyName ?? ""}: ${entry.text}`),
    comment("As root, on a machine that is as it was before."), "set -eu", ...entry.commands.map(replayable),
    ...(entry.commandsLeftOut > 0 ? [comment(`${entry.commandsLeftOut} more commands are not kept.`)] : []),
  ];
}

/** A process is another one the next time: what was ended by its number must not end a stranger, but what is in its place. */
function replayable(command: string): string {
  const inside = /^ip netns exec (\S+) kill -9 ([0-9]+)$/.exec(command);
  if (inside) return `ip netns pids ${inside[1]} | xargs -r kill -9 # then: process ${inside[2]}`;
  return /\bkill (-9 )?[0-9]+$/.test(command) ? `# ended then: ${command}` : command;
}

function printScript(entry: ActivityEntry, out: Output): number {
  out.value({ id: entry.id, script: `${scriptLines(entry).join("\n")}\n` });
  if (!out.json) out.raw(scriptLines(entry).join("\n"));
  return EXIT.ok;
}
