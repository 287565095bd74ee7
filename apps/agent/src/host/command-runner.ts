/** One process to run to its end. `file` is a bare program name, found in the fixed PATH of `run-command.ts`. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Text for standard input. Leave it out for programs that do not read it: a pipe nobody reads ends in EPIPE. */
  readonly stdin?: string;
  /** Files given as descriptors 3, 4, …, opened for reading. */
  readonly extraFiles?: readonly string[];
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that goes on running after the call. */
export interface LongCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** File opened by the agent and given as standard input: the program needs no right to open its path. */
  readonly stdinFile?: string;
  /** Text for standard input, instead of a file. */
  readonly stdin?: string;
  /** Files given as descriptors 3, 4, …, opened for reading. */
  readonly extraFiles?: readonly string[];
  /** `detached`: lives on when the agent ends. `tied`: ends with the agent when it stops in an orderly way. */
  readonly life: "detached" | "tied";
}

export interface LongChild {
  readonly pid: number;
  /** Exit code, or null when a signal ended it. Never rejects. */
  readonly exited: Promise<number | null>;
  /** SIGKILL; does nothing when it has ended. */
  kill(): void;
}

/** The seam between the agent and processes. `run-command.ts` is the real one; tests wrap it to record what ran. */
export interface CommandRunner {
  /** Ends with the result whatever the exit code; throws CommandError when it could not run to its end. */
  tryRun(command: Command): Promise<CommandResult>;
  /** As `tryRun`, and throws CommandError on a non-zero exit code. */
  run(command: Command): Promise<CommandResult>;
  start(command: LongCommand): Promise<LongChild>;
}
