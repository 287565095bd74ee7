import type { Command } from "commander";

/** A command as data, for completion. */
export interface CommandOutline {
  readonly names: readonly string[];
  readonly summary: string;
  readonly hidden: boolean;
  readonly options: readonly OptionOutline[];
  /** Names of its arguments in order, e.g. `vpc`; the last one may be given several times. */
  readonly args: readonly { readonly name: string; readonly variadic: boolean }[];
  readonly commands: readonly CommandOutline[];
}

export interface OptionOutline {
  /** As typed: `-t`, `--topology`. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** Name of its value, e.g. `vpc`; null: it takes none. */
  readonly value: string | null;
  readonly choices: readonly string[];
}

export const outlineOf = (command: Command): CommandOutline => ({
  names: [command.name(), ...command.aliases()],
  summary: command.summary() || (command.description().split("\n")[0] ?? ""),
  hidden: isHidden(command),
  options: command.options.map(({ short, long, description, flags, argChoices }) => ({
    flags: [short, long].filter((flag) => flag !== undefined && flag !== null),
    summary: description,
    value: /[<[]([^>\].]+)/.exec(flags)?.[1] ?? null,
    choices: argChoices ?? [],
  })),
  args: command.registeredArguments.map((argument) => ({ name: argument.name(), variadic: argument.variadic })),
  commands: command.commands.map(outlineOf),
});

/** Commander keeps it to itself, but shows in the help what is not hidden. */
const isHidden = (command: Command): boolean =>
  command.parent !== null && !command.parent.createHelp().visibleCommands(command.parent).includes(command);
