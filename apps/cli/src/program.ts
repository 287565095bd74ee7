import { AppError } from "@vpclab/shared/errors/app-error";
import { Command, CommanderError } from "commander";
import { outlineOf } from "./command-outline";
import type { Action } from "./command-spec";
import { CommandGroup } from "./command-spec";
import { registerApplications } from "./commands/applications";
import { registerFiles } from "./commands/files";
import { registerGateways } from "./commands/gateways";
import { registerInstance } from "./commands/instance";
import { registerMachine } from "./commands/machine";
import { registerNacl } from "./commands/nacl";
import { registerPackets } from "./commands/packets";
import { registerPeer } from "./commands/peer";
import { registerRoute } from "./commands/route";
import { registerSg } from "./commands/sg";
import { registerSignIn } from "./commands/sign-in";
import { registerSubnet } from "./commands/subnet";
import { registerTopologies } from "./commands/topologies";
import { registerVpc } from "./commands/vpc";
import { isNoted, wordsOf } from "./noted-refusal";
import { insertVerb } from "./older/insert-verb";
import { registerOlder } from "./older/register-older";
import type { Environment } from "./env";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-code";
import { Given } from "./given";
import { addGlobalOptions, readGlobalOptions } from "./global-options";
import { Output } from "./output/output";
import { type PlacedIssue, printError, type PrintedError } from "./output/print-error";
import type { Sink } from "./output/sink";
import { shellWord } from "./output/shell-word";
import { OpenSession } from "./session";
import { UsageError } from "./usage-error";
import { pathOf, refuseWrongUse } from "./wrong-use";

/** Every noun and verb, in the order of the help. Definitions only: what they do is loaded when they are called. */
const REGISTER: readonly ((program: CommandGroup) => void)[] = [
  registerFiles, registerTopologies, registerVpc, registerSubnet, registerInstance, registerPeer, registerRoute, registerSg, registerNacl, registerGateways,
  registerApplications, registerPackets, registerMachine, registerSignIn, registerOlder,
];

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** Runs one command line and answers with the exit code; never throws. */
export async function runProgram(args: readonly string[], env: Environment, streams: Streams = process): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = buildProgram(args, env, streams, (code) => (exitCode = code));
  try {
    await program.parseAsync([...insertVerb(program, args)], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    // Anything may be wrong with the options themselves, so only a look tells what output is wanted.
    const out = new Output(streams.stdout, streams.stderr, { json: args.includes("--json"), quiet: false, verbose: args.includes("--verbose"), color: !env.noColor });
    return report(error, out, env);
  }
}

/** The program with all its commands; completion reads it, too. */
export function buildProgram(args: readonly string[], env: Environment, streams: Streams, onExit: (code: number) => void): Command {
  const program = new Command("vpcctl");
  program
    .description("AWS VPCs on one Linux host, from the command line")
    .usage("[options] <command>")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .enablePositionalOptions()
    .exitOverride((error) => refuseWrongUse(error, program))
    // A usage error is printed once, by report().
    .configureOutput({ writeOut: (text) => void streams.stdout.write(text), writeErr: (text) => void streams.stderr.write(text), outputError: () => {} })
    .addHelpText("after", EPILOGUE);
  addGlobalOptions(program);
  const run = async (command: Command, action: () => Promise<Action>, given: readonly unknown[]): Promise<void> => {
    onExit(await runAction(command, action, given, { env, streams, typed: args }));
  };
  const group = new CommandGroup(program, run, new Set(args));
  for (const register of REGISTER) register(group);
  return program;
}

async function runAction(command: Command, action: () => Promise<Action>, args: readonly unknown[], at: { env: Environment; streams: Streams; typed: readonly string[] }): Promise<number> {
  const options = readGlobalOptions(command, at.env);
  const out = new Output(at.streams.stdout, at.streams.stderr, options);
  const session = new OpenSession(options, at.env, out, () => outlineOf(rootOf(command)));
  try {
    const perform = await action();
    return (await perform(session, new Given(args, command.opts()))) ?? EXIT.ok;
  } catch (error) {
    if (isNoted(error, command, options)) await session.noteRefusal({ action: wordsOf(command), text: ["vpcctl", ...at.typed].map(shellWord).join(" "), error });
    return report(error, out, at.env, command);
  } finally {
    await session.close();
  }
}

/** Says what went wrong and answers with the exit code. */
function report(error: unknown, out: Output, env: Environment, command?: Command): ExitCode {
  out.progress.clear();
  const { exit, ...printed } = describe(error, command);
  // Help that was printed because a verb is missing needs no further words.
  if (exit !== null) printError(printed, out);
  if (out.verbose && error instanceof Error && error.stack) out.problem(error.stack.split("\n").slice(1).join(" "));
  return exit ?? EXIT.usage;
}

function describe(error: unknown, command?: Command): PrintedError & { readonly exit: ExitCode | null } {
  const usage = { code: "USAGE", issues: [] as PlacedIssue[], exit: EXIT.usage };
  if (error instanceof CommanderError) return { ...usage, message: error.message, exit: null };
  if (error instanceof UsageError) return { ...usage, message: error.message, hint: `See: ${error.command ?? (command ? pathOf(command) : "vpcctl")} --help` };
  if (error instanceof AppError) return { code: error.code, message: error.message, issues: error.issues, exit: exitCodeOf(error.code) };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "INTERNAL", message, issues: [], exit: EXIT.failed, hint: "This is a fault of vpcctl. With --verbose it says where." };
}

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);

const EPILOGUE = `
Where it works: --local | --server URL, else VPCCTL_LOCAL=1 | VPCCTL_SERVER=URL, else what “npm run up” runs on this machine,
else the server that was signed in to, else this machine without a server (as --local).

Exit codes: 0 done · 1 failed · 2 wrong usage or bad input, nothing was done · 3 not reachable or not permitted · 4 not found · 5 conflict · 130 Ctrl-C

Examples:
  sudo vpcctl --local vpc create prod --cidr 10.0.0.0/16
  sudo vpcctl --local apply -f lab.yaml --dry-run
  vpcctl test prod-public internet --http 80
  vpcctl matrix --json`;
