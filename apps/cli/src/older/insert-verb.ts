import { nearestName } from "@vpclab/shared/topology/nearest-name";
import type { Command } from "commander";

/** Nouns that the older tools used without a verb, and how the rest of the line has to begin: `peer a b`, `deploy a web 8080`. */
const BEGIN: Readonly<Record<string, { readonly to: readonly string[]; readonly options: readonly string[] }>> = {
  peer: { to: ["peer", "create"], options: ["--vpc1", "--vpc2"] },
  deploy: { to: ["deploy-http"], options: ["--vpc", "--subnet"] },
};

/** The command line with the verb that was left away. What could be a mistyped verb stays as it was typed, for the message about it. */
export function insertVerb(program: Command, args: readonly string[]): readonly string[] {
  const at = firstWord(program, args);
  const noun = program.commands.find((command) => command.name() === args[at] || command.aliases().includes(args[at] ?? ""));
  const begin = BEGIN[noun?.name() ?? ""];
  const [next, after] = [args[at + 1], args[at + 2]];
  if (!begin || !noun || next === undefined) return args;
  const verbs = noun.commands.flatMap((command) => [command.name(), ...command.aliases()]).concat("help");
  const isOption = begin.options.some((option) => next === option || next.startsWith(`${option}=`));
  const areWords = !next.startsWith("-") && after !== undefined && !after.startsWith("-") && !verbs.includes(next) && nearestName(next, verbs) === null;
  return isOption || areWords ? [...args.slice(0, at), ...begin.to, ...args.slice(at + 1)] : args;
}

/** Index of the noun: behind the options of the program and their values. */
function firstWord({ options }: Command, args: readonly string[]): number {
  for (let at = 0; at < args.length; at += 1) {
    const typed = args[at] ?? "";
    if (!typed.startsWith("-")) return at;
    const option = options.find(({ long, short }) => typed === long || typed === short);
    if (option?.required) at += 1;
  }
  return args.length;
}
