import { spawn } from "node:child_process";
import { constants } from "node:os";
import { AppError } from "@vpclab/shared/errors/app-error";

/** Exit code of a shell for a program that was not found (127) or ended by a signal (128 + its number). */
const NOT_FOUND = 127;
const SIGNALLED = 128;

/**
 * Runs a program inside a network namespace of this machine, as the person at the terminal would with `ip netns exec`: with
 * this program's own input, output and signals. Answers with its exit code. Throws PRIVILEGE when the namespace cannot be entered.
 */
export function runInside(netns: string, command: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the whole foreground group: the program decides about it, not we.
    const ignore = (): void => {};
    process.on("SIGINT", ignore);
    const child = spawn("ip", ["netns", "exec", netns, ...command], { stdio: "inherit" });
    const terminate = (): void => void child.kill("SIGTERM");
    process.on("SIGTERM", terminate);
    const end = (): void => {
      process.off("SIGINT", ignore);
      process.off("SIGTERM", terminate);
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      end();
      if (error.code === "ENOENT") resolve(NOT_FOUND);
      else reject(new AppError("PRIVILEGE", `“ip netns exec ${netns}” cannot be started: ${error.message}`, { cause: error }));
    });
    child.once("exit", (code, signal) => {
      end();
      resolve(signal === null ? code ?? 1 : SIGNALLED + constants.signals[signal]);
    });
  });
}
