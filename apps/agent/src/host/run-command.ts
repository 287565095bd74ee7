import type { ExecaError } from "execa";
import type { Command, CommandResult, CommandRunner } from "./command-runner";
import { CommandError, missingProgram, reasonFrom } from "./command-error";
import { PROCESSES_AT_ONCE, limit } from "./limit";
import { PROGRAM_FOLDERS, programPath } from "./program-path";

/** Nothing of the agent's own environment reaches a child, nor its working directory. */
const SURROUNDINGS = {
  env: { PATH: PROGRAM_FOLDERS.join(":"), LC_ALL: "C" },
  extendEnv: false,
  cwd: "/",
  reject: false,
} as const;
const TIMEOUT_DEFAULT_MS = 30_000;
const OUTPUT_CHARS_MAX = 64 * 1024 * 1024;

/** A third of what an agent is to load, and most runs of vpcctl start no process. */
const loadExeca = () => import("execa");

/** The real runner: execa with argument vectors, a minimal environment and bounded output. */
export function createCommandRunner(width = PROCESSES_AT_ONCE): CommandRunner {
  const limited = limit(width);
  const tryRun = (command: Command): Promise<CommandResult> => limited(() => runToEnd(command));
  return {
    tryRun,
    async run(command) {
      const result = await tryRun(command);
      if (result.exitCode === 0) return result;
      throw new CommandError(command.file, reasonFrom(result.stderr, `exit code ${result.exitCode}`), result.exitCode);
    },
  };
}

async function runToEnd({ file, args, stdin, timeoutMs = TIMEOUT_DEFAULT_MS }: Command): Promise<CommandResult> {
  const { execa, ExecaError } = await loadExeca();
  // Its own words begin with the name that it was called by.
  const result = await execa(programPath(file), args, {
    argv0: file,
    ...SURROUNDINGS,
    stripFinalNewline: false,
    timeout: timeoutMs,
    maxBuffer: OUTPUT_CHARS_MAX,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(stdin === undefined ? {} : { input: stdin }),
  });
  if (result.exitCode !== undefined && !result.isMaxBuffer) {
    return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
  }
  throw new CommandError(file, result instanceof ExecaError ? whyNot(result, file, timeoutMs) : "did not end", null, result);
}

function whyNot(result: ExecaError, file: string, timeoutMs: number): string {
  if (result.code === "ENOENT") return missingProgram(file);
  if (result.timedOut) return `did not end within ${timeoutMs / 1000} s and was stopped`;
  if (result.isMaxBuffer) return `printed more than ${OUTPUT_CHARS_MAX} characters and was stopped`;
  if (result.signal) return `was ended by ${result.signal}`;
  return result.originalMessage ?? result.shortMessage;
}
