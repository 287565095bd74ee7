import { setTimeout as delay } from "node:timers/promises";
import type { ExecaError, ResultPromise } from "execa";
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
/** What is asked to end has so long before it is killed, and its pipes so long to be closed after that. */
const KILL_AFTER_MS = 2_000;
const PIPES_MS = 1_000;
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

async function runToEnd(command: Command): Promise<CommandResult> {
  const { file, args, stdin, timeoutMs = TIMEOUT_DEFAULT_MS } = command;
  const { execa, ExecaError } = await loadExeca();
  // Its own words begin with the name that it was called by.
  const running = execa(programPath(file), args, {
    argv0: file,
    ...SURROUNDINGS,
    stripFinalNewline: false,
    timeout: timeoutMs,
    forceKillAfterDelay: KILL_AFTER_MS,
    maxBuffer: OUTPUT_CHARS_MAX,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(stdin === undefined ? {} : { input: stdin }),
  });
  const result = await Promise.race([running, givenUp(running, timeoutMs)]);
  if (result === null) throw new CommandError(file, timedOut(timeoutMs, "could not be stopped, or left somebody behind who holds its output"), null);
  if (result.exitCode !== undefined && !result.isMaxBuffer) {
    return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
  }
  throw new CommandError(file, result instanceof ExecaError ? whyNot(result, file, timeoutMs) : "did not end", null, result);
}

/** Null when the process was killed and still is not over: it hangs in the kernel, or one that it has started holds its pipes. Nobody waits for those. */
async function givenUp(running: ResultPromise, timeoutMs: number): Promise<null> {
  const settled = new AbortController();
  void running.finally(() => settled.abort());
  await delay(timeoutMs + KILL_AFTER_MS + PIPES_MS, null, { signal: settled.signal, ref: false }).catch(() => undefined);
  if (settled.signal.aborted) return new Promise(() => undefined);
  for (const pipe of [running.stdin, running.stdout, running.stderr]) pipe?.destroy();
  running.unref();
  return null;
}

const timedOut = (timeoutMs: number, then: string): string => `did not end within ${timeoutMs / 1000} s and ${then}`;

function whyNot(result: ExecaError, file: string, timeoutMs: number): string {
  if (result.code === "ENOENT") return missingProgram(file);
  if (result.timedOut) return timedOut(timeoutMs, "was stopped");
  if (result.isMaxBuffer) return `printed more than ${OUTPUT_CHARS_MAX} characters and was stopped`;
  if (result.signal) return `was ended by ${result.signal}`;
  return result.originalMessage ?? result.shortMessage;
}
