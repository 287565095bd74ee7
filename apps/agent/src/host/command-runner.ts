/** One process to run to its end. `file` is a bare program name, found in the fixed PATH of `run-command.ts`. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Text for standard input. Leave it out for programs that do not read it: a pipe nobody reads ends in EPIPE. */
  readonly stdin?: string;
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The seam between the agent and programs of the machine; `run-command.ts` is the real one. What runs in instances goes by `confinement.ts`. */
export interface CommandRunner {
  /** Ends with the result whatever the exit code; throws CommandError when it could not run to its end. */
  tryRun(command: Command): Promise<CommandResult>;
  /** As `tryRun`, and throws CommandError on a non-zero exit code. */
  run(command: Command): Promise<CommandResult>;
}
