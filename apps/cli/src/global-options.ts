import type { Command} from "commander";
import { Option } from "commander";
import type { Environment } from "./env";
import { UsageError } from "./usage-error";

/** Options of every command; they may stand before or after it. */
export interface GlobalOptions {
  /** `local`: the agent's engine on this machine; `server`: that URL; null: chosen by what is there (choose-lab.ts). */
  readonly place: { readonly kind: "local" } | { readonly kind: "server"; readonly url: string } | null;
  readonly stateDir: string;
  /** null: as this state directory was used before, else sandbox. */
  readonly mode: Mode | null;
  readonly uplink: string | null;
  /** The host's policy file. */
  readonly policy: string | null;
  readonly topology: string;
  /** The topology as it was named, for commands that otherwise speak of all; null: not named. */
  readonly namedTopology: string | null;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

export const MODES = ["sandbox", "host", "rootless"] as const;
export type Mode = (typeof MODES)[number];

export const STATE_DIR_DEFAULT = "/var/lib/vpclab-agent";
export const TOPOLOGY_DEFAULT = "default";

export const globalOptions = (): Option[] => [
  new Option("--local", "work on this machine with the agent's own engine, without a server"),
  new Option("--server <url>", "work on this server").conflicts("local"),
  new Option("--state <dir>", `with --local: the agent's state directory (default ${STATE_DIR_DEFAULT})`),
  new Option("--mode <mode>", "with --local: sandbox, host or rootless (default: as before, else sandbox)").choices(MODES),
  new Option("--uplink <name>", "with --local --mode host: interface towards the internet"),
  new Option("--policy <file>", "with --local: the host's policy"),
  new Option("-t, --topology <name>", `topology to work on (default “${TOPOLOGY_DEFAULT}”)`),
  new Option("--json", "print one JSON value instead of text"),
  new Option("--dry-run", "print what would happen; change nothing"),
  new Option("-y, --yes", "do not ask"),
  new Option("-q, --quiet", "print results of queries and errors only"),
  new Option("-v, --verbose", "also print the Linux commands"),
  new Option("--no-color", "no colours (as NO_COLOR=1)"),
];

/** Adds the global options that the command has not taken for itself; listed in the help of the program only. */
export function addGlobalOptions(command: Command): void {
  const taken = new Set(command.options.flatMap(({ short, long }) => [short, long]));
  for (const option of globalOptions()) {
    if (taken.has(option.long) || taken.has(option.short ?? "-")) continue;
    command.addOption(command.parent ? option.hideHelp() : option);
  }
}

const INTERFACE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;

/** What was given at the program, the noun and the command itself (which goes first), then the environment. */
export function readGlobalOptions(command: Command, env: Environment): GlobalOptions {
  const given = givenGlobals(command);
  const text = (name: string): string | null => (typeof given[name] === "string" ? given[name] : null);
  const server = text("server");
  if (server !== null && given.local === true) throw new UsageError("--local and --server exclude each other");
  const mode = text("mode") ?? env.mode;
  if (mode !== null && !isMode(mode)) throw new UsageError(`“${mode}” is no mode: sandbox, host or rootless`);
  const uplink = text("uplink") ?? env.uplink;
  const namedTopology = text("topology") ?? env.topology;
  if (text("state") === "") throw new UsageError("--state: name a directory");
  if (uplink !== null && !INTERFACE_NAME.test(uplink)) throw new UsageError(`“${uplink}” is no name of an interface`);
  return {
    place: placeOf(given.local === true, server, env),
    mode, uplink,
    stateDir: text("state") ?? env.stateDir ?? STATE_DIR_DEFAULT,
    policy: text("policy") ?? env.policy,
    topology: namedTopology ?? TOPOLOGY_DEFAULT,
    namedTopology,
    json: given.json === true,
    dryRun: given.dryRun === true,
    yes: given.yes === true,
    quiet: given.quiet === true,
    verbose: given.verbose === true,
    color: given.color !== false && !env.noColor,
  };
}

const isMode = (text: string): text is Mode => (MODES as readonly string[]).includes(text);

function placeOf(local: boolean, server: string | null, env: Environment): GlobalOptions["place"] {
  if (local) return { kind: "local" };
  if (server !== null) return { kind: "server", url: server };
  if (env.local) return { kind: "local" };
  return env.server === null ? null : { kind: "server", url: env.server };
}

/** By name of option; a command's own options of the same name are its own business. */
function givenGlobals(command: Command): Record<string, unknown> {
  const globals = new Map(globalOptions().map((option) => [option.attributeName(), option.description]));
  const given: Record<string, unknown> = {};
  const path: Command[] = [];
  for (let at: Command | null = command; at; at = at.parent) path.unshift(at);
  for (const at of path) {
    for (const option of at.options) {
      const name = option.attributeName();
      if (globals.get(name) === option.description && at.getOptionValueSource(name) === "cli") given[name] = at.getOptionValue(name);
    }
  }
  return given;
}
