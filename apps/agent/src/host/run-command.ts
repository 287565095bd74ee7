import { closeSync, openSync, writeSync } from "node:fs";
import type { ExecaError, Options } from "execa";
import type { Command, CommandResult, CommandRunner, LongChild, LongCommand } from "./command-runner";
import { CommandError, missingProgram, reasonFrom } from "./command-error";
import { createMemoryFile } from "./libc";
import { PROCESSES_AT_ONCE, limit } from "./limit";

/** Nothing of the agent's own environment reaches a child, nor its working directory. */
const SURROUNDINGS = {
  env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
  extendEnv: false,
  cwd: "/",
  reject: false,
} as const;
const TIMEOUT_DEFAULT_MS = 30_000;

/** A third of what an agent is to load, and most runs of vpcctl start no process. */
const loadExeca = () => import("execa");
const OUTPUT_CHARS_MAX = 64 * 1024 * 1024;

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
    start,
  };
}

async function runToEnd({ file, args, stdin, extraFiles = [], timeoutMs = TIMEOUT_DEFAULT_MS }: Command): Promise<CommandResult> {
  const { execa, ExecaError } = await loadExeca();
  return withDescriptors(extraFiles.map(toRead), async (extra) => {
    const result = await execa(file, args, {
      ...SURROUNDINGS,
      stripFinalNewline: false,
      timeout: timeoutMs,
      maxBuffer: OUTPUT_CHARS_MAX,
      stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe", ...extra],
      ...(stdin === undefined ? {} : { input: stdin }),
    });
    if (result.exitCode !== undefined && !result.isMaxBuffer) {
      return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
    }
    throw new CommandError(file, result instanceof ExecaError ? whyNot(result, file, timeoutMs) : "did not end", null, result);
  });
}

async function start({ file, args, stdinFile, stdin: text, extraFiles = [], life }: LongCommand): Promise<LongChild> {
  const { execa, ExecaError } = await loadExeca();
  const open = [...(text === undefined ? [] : [() => fileInMemory(text)]), ...[stdinFile ?? [], ...extraFiles].flat().map(toRead)];
  return withDescriptors(open, async (opened) => {
    const hasInput = stdinFile !== undefined || text !== undefined;
    const [stdin, ...extra] = hasInput ? opened : ["ignore" as const, ...opened];
    const child = execa(file, args, {
      ...SURROUNDINGS,
      buffer: false,
      stdio: [stdin ?? "ignore", "ignore", "ignore", ...extra],
      detached: life === "detached",
      cleanup: life === "tied",
    });
    const ended = child.then((result) => result, (error: unknown) => error);
    if (child.pid === undefined) {
      const result = await ended;
      throw new CommandError(file, result instanceof ExecaError ? whyNot(result, file, 0) : "did not end", null, result);
    }
    // The agent may end while the child lives on.
    child.unref();
    const exited = ended.then((result) => (result as { exitCode?: number }).exitCode ?? null);
    return { pid: child.pid, exited, kill: () => void child.kill("SIGKILL") };
  });
}

/** A descriptor as execa's types accept it: at run time it hands any open one on, as Node does. */
type Descriptor = Extract<NonNullable<Options["stdin"]>, number>;

/**
 * What a long child reads from its standard input. Not a pipe: who writes into one has to be awake until all of it is read, and a
 * child whose pipe is never closed waits for ever.
 */
function fileInMemory(text: string): number {
  const descriptor = createMemoryFile("vpclab-input");
  // At a position: the child reads from the beginning.
  writeSync(descriptor, text, 0);
  return descriptor;
}

const toRead = (path: string) => (): number => openSync(path, "r");

/** Opens what a child gets and closes our copies once it has its own. */
async function withDescriptors<T>(open: readonly (() => number)[], use: (descriptors: readonly Descriptor[]) => Promise<T>): Promise<T> {
  const descriptors: number[] = [];
  try {
    for (const one of open) descriptors.push(one());
    return await use(descriptors as Descriptor[]);
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

function whyNot(result: ExecaError, file: string, timeoutMs: number): string {
  if (result.code === "ENOENT") return missingProgram(file);
  if (result.timedOut) return `did not end within ${timeoutMs / 1000} s and was stopped`;
  if (result.isMaxBuffer) return `printed more than ${OUTPUT_CHARS_MAX} characters and was stopped`;
  if (result.signal) return `was ended by ${result.signal}`;
  return result.originalMessage ?? result.shortMessage;
}
