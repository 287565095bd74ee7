import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "@vpclab/shared/plan/step";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import { ACTIVITY_COMMANDS_MAX, ActivityEntrySchema } from "@vpclab/shared/wire/activity";
import { RotatingFile } from "./rotating-file";

export interface ActivityLogOptions {
  readonly stateDir: string;
  /** The command that a person would type for a step. */
  readonly commandOf: (step: Step) => string;
}

const TEXT_CHARS_MAX = 1000;
const NAME_CHARS_MAX = 64;
const ACTOR_CHARS_MAX = 128;
const COMMAND_CHARS_MAX = 20_000;
/** Commands of one entry together: the log keeps the newest 16 MiB, and must not be one apply. */
const COMMANDS_CHARS_MAX = 1024 * 1024;

/** `activity.jsonl` of the state directory: every action with who, when, what came of it, and the commands behind it. */
export class ActivityLog {
  readonly #options: ActivityLogOptions;
  #file: RotatingFile | null = null;

  constructor(options: ActivityLogOptions) {
    this.#options = options;
  }

  /** Never throws: a full disk must not stop the agent. */
  record({ steps, ...action }: Omit<ActivityEntry, "id" | "at" | "commands" | "commandsLeftOut"> & { readonly steps: readonly Step[] }): ActivityEntry {
    const { commands, commandsLeftOut } = this.#commandsOf(steps);
    const entry: ActivityEntry = {
      ...action, id: randomUUID(), at: Date.now(),
      actor: printable(action.actor, ACTOR_CHARS_MAX), text: printable(action.text, TEXT_CHARS_MAX),
      topologyName: action.topologyName === null ? null : printable(action.topologyName, NAME_CHARS_MAX),
      reason: action.reason === null ? null : printable(action.reason, TEXT_CHARS_MAX), commands, commandsLeftOut,
    };
    this.#open()?.write(`${JSON.stringify(entry)}\n`);
    return entry;
  }

  /** The newest entries, oldest first. Lines that a crash tore are left out. */
  last(count: number): ActivityEntry[] {
    const path = this.#path();
    const found: ActivityEntry[] = [];
    for (const file of [path, `${path}.1`]) {
      if (found.length >= count || !existsSync(file)) continue;
      const lines = readFileSync(file, "utf8").split("\n").filter((line) => line !== "").reverse();
      for (const line of lines) if (found.length < count) found.push(...entryOf(line));
    }
    return found.reverse();
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #path(): string {
    return join(this.#options.stateDir, "activity.jsonl");
  }

  #open(): RotatingFile | null {
    try {
      return (this.#file ??= new RotatingFile(this.#path()));
    } catch {
      return null;
    }
  }

  #commandsOf(steps: readonly Step[]): Pick<ActivityEntry, "commands" | "commandsLeftOut"> {
    const commands: string[] = [];
    let room = COMMANDS_CHARS_MAX;
    for (const step of steps) {
      const command = cut(this.#options.commandOf(step));
      room -= command.length;
      if (commands.length === ACTIVITY_COMMANDS_MAX || room < 0) break;
      commands.push(command);
    }
    return { commands, commandsLeftOut: steps.length - commands.length };
  }
}

function entryOf(line: string): ActivityEntry[] {
  try {
    return [ActivityEntrySchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

/** What others wrote (names, the kernel's words) reaches no terminal with control characters. */
function printable(text: string, charsMax: number): string {
  const clean = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  return clean.length > charsMax ? `${clean.slice(0, charsMax - 1)}…` : clean;
}

const CUT_NOTE = "\n# … cut here: the command is too long to be kept";
const cut = (command: string): string => (command.length <= COMMAND_CHARS_MAX ? command : command.slice(0, COMMAND_CHARS_MAX - CUT_NOTE.length) + CUT_NOTE);
