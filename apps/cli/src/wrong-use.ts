import { nearestName } from "@vpclab/shared/topology/nearest-name";
import type { Command, CommanderError } from "commander";
import { globalOptions } from "./global-options";
import { UsageError } from "./usage-error";

/** What commander found wrong, as a UsageError; help that was asked for stays what it is. */
export function refuseWrongUse(error: CommanderError, command: Command): never {
  if (error.exitCode === 0 || error.code === "commander.help") throw error;
  throw new UsageError(oneLine(error.message) + (nearestOption(error, command) || nearestCommand(error, command)), pathOf(command));
}

/** `vpcctl vpc create`. */
export const pathOf = (command: Command): string => (command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name());

/** Commander's words are `error: unknown option '--cdir'\n(Did you mean --cidr?)`. */
const oneLine = (message: string): string => message.replace(/^error: /, "").replace(/\n/g, " ");

/** Commander does not look at the options that every command has. */
function nearestOption({ code, message }: CommanderError, command: Command): string {
  if (code !== "commander.unknownOption" || message.includes("Did you mean")) return "";
  const typed = /'([^'=]+)/.exec(message)?.[1] ?? "";
  const known = [...command.options, ...globalOptions()].flatMap(({ long }) => long ?? []);
  const near = typed.startsWith("--") ? nearestName(typed, known) : null;
  return near === null ? "" : ` (Did you mean ${near}?)`;
}

/** Commander does not look at the older spellings, which are hidden. */
function nearestCommand({ code, message }: CommanderError, { commands }: Command): string {
  if (code !== "commander.unknownCommand" || message.includes("Did you mean")) return "";
  const near = nearestName(/'([^']+)/.exec(message)?.[1] ?? "", commands.flatMap((one) => [one.name(), ...one.aliases()]));
  return near === null ? "" : ` (Did you mean ${near}?)`;
}
