import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { CommandRunner } from "../../src/host/command-runner";
import { createCommandRunner } from "../../src/host/run-command";
import type { Lab } from "./lab";

/** What a call throws whose agent was killed. */
export const KILLED = "killed";

export type DyingRunner = Lab["runner"] & {
  readonly died: () => boolean;
  /** Programs that the dead agent had started beside the last one are at their end. */
  readonly settled: () => Promise<void>;
};

/**
 * A runner of an agent that is killed: the first `survives` writing commands run, of the next one only the first half of
 * each of its lists (as when SIGKILL meets a process in the middle), and nothing after that.
 */
export function dyingRunner(survives: number, isWrite: (command: Parameters<CommandRunner["tryRun"]>[0]) => boolean): DyingRunner {
  const real = createCommandRunner();
  const running = new Set<Promise<unknown>>();
  let writes = 0;
  const tryRun: CommandRunner["tryRun"] = async (command) => {
    if (writes > survives) throw new Error(KILLED);
    if (isWrite(command)) writes += 1;
    const dies = writes > survives;
    const result = real.tryRun(dies ? halved(command) : command);
    running.add(result);
    await result.finally(() => running.delete(result)).catch(() => null);
    if (dies) throw new Error(KILLED);
    return result;
  };
  return {
    commands: [], tryRun, run: tryRun, died: () => writes > survives,
    settled: async () => void (await Promise.allSettled(running)),
    start: (command) => (writes > survives ? Promise.reject(new Error(KILLED)) : real.start(command)),
  };
}

function halved(command: Parameters<CommandRunner["tryRun"]>[0]): Parameters<CommandRunner["tryRun"]>[0] {
  const lines = (command.stdin ?? "").split("\n").filter((line) => line !== "");
  for (const file of lines.flatMap((line) => line.split(" ").slice(-1))) {
    // A batch is cut; an nft script is one transaction and never half done.
    if (!existsSync(file) || readFileSync(file, "utf8").startsWith("table ")) continue;
    const inner = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, `${inner.slice(0, Math.ceil(inner.length / 2)).join("\n")}\n`);
  }
  return { ...command, stdin: lines.slice(0, Math.ceil(lines.length / 2)).map((line) => `${line}\n`).join("") };
}
