import { execFile, spawn } from "node:child_process";
import { constants } from "node:os";
import { AppError } from "@vpclab/shared/errors/app-error";

/** Exit code of a shell for a program that was ended by a signal: 128 and its number. */
const SIGNALLED = 128;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const READ_TIMEOUT_MS = 10_000;

/**
 * Runs a program inside a network namespace of this machine, as the person at the terminal would with `ip netns exec`: with
 * this program's own input, output and signals. Answers with its exit code. Throws PRIVILEGE when `ip` cannot be started.
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
    child.once("error", (error) => {
      end();
      reject(new AppError("PRIVILEGE", `“ip netns exec” cannot be started: ${error.message}. Is iproute2 installed?`, { cause: error }));
    });
    child.once("exit", (code, signal) => {
      end();
      resolve(signal === null ? code ?? 1 : SIGNALLED + constants.signals[signal]);
    });
  });
}

/** What `ip -j <args>` prints, parsed; null when it fails (no such namespace, no rights). */
export function readIp(args: readonly string[]): Promise<unknown> {
  return new Promise((resolve) => {
    execFile("ip", ["-j", ...args], { timeout: READ_TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout) => {
      try {
        resolve(error ? null : JSON.parse(stdout || "[]"));
      } catch {
        resolve(null);
      }
    });
  });
}
