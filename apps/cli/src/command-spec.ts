import { type Argument, type Command, Option } from "commander";
import { addGlobalOptions } from "./global-options";
import type { Given } from "./given";
import type { Session } from "./session";
import { refuseWrongUse } from "./wrong-use";

/**
 * What a command does. Answers with the exit code (one of EXIT; `exec` passes on that of its program); nothing is `ok`. Throws
 * AppError or UsageError.
 */
export type Action = (session: Session, given: Given) => Promise<number | void>;

export interface CommandSpec {
  /** Name and arguments as commander writes them: `create [name]`, `exec <instance> [command...]`. */
  readonly usage: string;
  readonly summary: string;
  /** Longer text for its help, beside the summary. */
  readonly about?: string;
  /** Arguments that a usage cannot say, e.g. with choices. */
  readonly args?: readonly Argument[];
  readonly options?: readonly (Option | readonly [flags: string, description: string])[];
  /** Whole command lines without `vpcctl `, each perhaps with `  # why`. At least one, unless hidden. */
  readonly examples: readonly string[];
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  /** Everything behind the first argument belongs to the command that is started (`exec`). */
  readonly passThrough?: boolean;
  /** Loaded when the command is called: definitions stay light, so that start-up and help are quick. */
  readonly action: () => Promise<Action>;
}

/** Runs an action within a session; made by program.ts. */
export type RunAction = (command: Command, action: () => Promise<Action>, args: readonly unknown[]) => Promise<void>;

/** Where the definitions of commands/ are added: the program, or a noun of it. */
export class CommandGroup {
  /** `typed`: the words of the command line. Making options costs time, so what is not called does without the global ones. */
  constructor(private readonly parent: Command, private readonly run: RunAction, private readonly typed: ReadonlySet<string>) {}

  noun(name: string, summary: string, options: { readonly aliases?: readonly string[]; readonly hidden?: boolean } = {}): CommandGroup {
    const noun = this.add(name, summary, options);
    noun.enablePositionalOptions();
    if (this.isTyped(noun)) addGlobalOptions(noun);
    return new CommandGroup(noun, this.run, this.typed);
  }

  command(spec: CommandSpec): this {
    const command = this.add(spec.usage, spec.summary, spec);
    if (spec.about !== undefined) command.description(`${spec.summary}\n\n${spec.about}`).summary(spec.summary);
    for (const argument of spec.args ?? []) command.addArgument(argument);
    for (const option of spec.options ?? []) command.addOption(option instanceof Option ? option : new Option(...option));
    if (spec.passThrough) command.passThroughOptions();
    if (this.isTyped(command)) addGlobalOptions(command);
    if (spec.examples.length > 0) command.addHelpText("after", examplesText(spec.examples));
    command.action((...called: unknown[]) => this.run(command, spec.action, called.slice(0, -2)));
    return this;
  }

  private isTyped(command: Command): boolean {
    return [command.name(), ...command.aliases()].some((name) => this.typed.has(name));
  }

  private add(usage: string, summary: string, { aliases = [], hidden = false }: { aliases?: readonly string[]; hidden?: boolean }): Command {
    const command = this.parent.command(usage, { hidden }).description(summary).helpOption("-h, --help", "show this help");
    command.exitOverride((error) => refuseWrongUse(error, command));
    return aliases.length > 0 ? command.aliases([...aliases]) : command;
  }
}

const examplesText = (examples: readonly string[]): string =>
  ["", "Examples:", ...examples.map((example) => `  vpcctl ${example}`), "", "Options of every command: vpcctl --help"].join("\n");
