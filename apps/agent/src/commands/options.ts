import { parseArgs } from "node:util";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Environment } from "../env";

export const USAGE = `vpclab-agent: makes drawn networks real on this host

  vpclab-agent enrol  --url URL [--token-file FILE] [--name NAME]   make this host known to a server; the join token comes by standard input or from
                                                      a file of mode 0600; --name: as the token says (default: the name of this machine)
  vpclab-agent run    [--url URL] [--policy FILE]     obey the server that this host was enrolled with
  vpclab-agent rotate-key                             a new key of this host in the place of the one by which the server knows it; also while the agent runs
  vpclab-agent purge  [--all] [--forget]              remove every network object of this agent, also without a server;
                                                      --all: of any agent; --forget: the enrolment and what was asked for, too
  vpclab-agent doctor                                 what is missing on this system, and what to do about it

  --state DIR     the agent's own directory (default /var/lib/vpclab-agent)
  --mode MODE     sandbox: namespaces play host and internet (default) · host: this machine's own network · rootless: sandbox inside a user namespace
  --uplink NAME   host mode: interface towards the internet (default: that of the default route)
  --internet-target ADDRESS   host mode: what a test of “the internet” sends to
`;

export type Mode = "sandbox" | "host" | "rootless";
const COMMANDS = ["run", "enrol", "rotate-key", "purge", "doctor", "help"] as const;

export interface Options {
  readonly command: (typeof COMMANDS)[number];
  readonly stateDir: string;
  readonly mode: Mode;
  readonly url: string | null;
  readonly policy: string | null;
  readonly uplink: string | null;
  readonly internetTarget: string | null;
  readonly tokenFile: string | null;
  /** Of this host, for the server. */
  readonly name: string | null;
  readonly all: boolean;
  readonly forget: boolean;
}

const STATE_DIR_DEFAULT = "/var/lib/vpclab-agent";
const INTERFACE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;
const ADDRESS = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/;

/** The command line before the environment. Throws SCHEMA with one clear line. */
export function readOptions(args: readonly string[], environment: Environment): Options {
  const { values, positionals } = parse(args);
  const [command = values.help ? "help" : "", ...rest] = positionals;
  if (!isOneOf(COMMANDS, command) || rest.length > 0) throw usage(`“${positionals.join(" ")}” is no command`);
  const mode = values.mode ?? environment.mode ?? "sandbox";
  if (!isOneOf(["sandbox", "host", "rootless"] as const, mode)) throw usage(`“${mode}” is no mode`);
  const uplink = values.uplink ?? environment.uplink;
  if (uplink !== null && !INTERFACE_NAME.test(uplink)) throw usage(`“${uplink}” is no name of an interface`);
  const internetTarget = values["internet-target"] ?? null;
  if (internetTarget !== null && !ADDRESS.test(internetTarget)) throw usage(`“${internetTarget}” is no IPv4 address`);
  return {
    command, mode, uplink, internetTarget,
    stateDir: values.state ?? environment.stateDir ?? STATE_DIR_DEFAULT,
    url: values.url ?? environment.url,
    policy: values.policy ?? environment.policy,
    tokenFile: values["token-file"] ?? null,
    name: values.name ?? null,
    all: values.all ?? false,
    forget: values.forget ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args], allowPositionals: true, strict: true,
      options: {
        state: { type: "string" }, mode: { type: "string" }, url: { type: "string" }, policy: { type: "string" }, uplink: { type: "string" },
        "internet-target": { type: "string" }, "token-file": { type: "string" }, name: { type: "string" }, all: { type: "boolean" }, forget: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw usage((error as Error).message.split("\n", 1)[0] ?? "");
  }
}

const isOneOf = <T extends string>(known: readonly T[], value: string): value is T => (known as readonly string[]).includes(value);

const usage = (problem: string): AppError => new AppError("SCHEMA", `${problem}; see vpclab-agent help`);
