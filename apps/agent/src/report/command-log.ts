import type { Command, CommandRunner } from "../host/command-runner";
import type { AgentLog } from "./agent-log";

const INPUT_CHARS_MAX = 20_000;

/** A runner that writes down every command with its input, its result and how long it took. */
export function logCommands(runner: CommandRunner, log: AgentLog): CommandRunner {
  const noted = async <T extends { exitCode: number }>(command: Command, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const tell = (result: string): void => {
      const input = command.stdin === undefined ? "" : `\n${command.stdin.slice(0, INPUT_CHARS_MAX)}`;
      log.debug(`${result} ${(performance.now() - startedAt).toFixed(1)} ms: ${[command.file, ...command.args].join(" ")}${input}`);
    };
    try {
      const result = await work();
      tell(`exit ${result.exitCode}`);
      return result;
    } catch (error) {
      tell(`failed (${error instanceof Error ? error.message : "unknown"})`);
      throw error;
    }
  };
  return {
    tryRun: (command) => noted(command, () => runner.tryRun(command)),
    run: (command) => noted(command, () => runner.run(command)),
  };
}
