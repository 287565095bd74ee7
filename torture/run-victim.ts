import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Moment } from "./effects";
import type { Scenario } from "./scenario";

export interface VictimEnd {
  readonly killed: boolean;
  /** Side effects of the whole scenario, when it was not killed. */
  readonly effects: number | null;
  readonly stderr: string;
}

const TIMEOUT_MS = 30_000;

/** Runs a scenario in a process of its own, killed at its n-th side effect (0: not killed). Resolves when it has ended. */
export function runVictim(program: string, args: { folder: string; keySeed: string; scenario: Scenario; at: number; moment: Moment }): Promise<VictimEnd> {
  const { folder, keySeed, scenario, at, moment } = args;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, folder, keySeed, scenario, String(at), moment], { stdio: ["ignore", "pipe", "pipe", "pipe"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => void (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => void (stderr += chunk.toString()));
    // It says that it has begun the effect, and is killed while it is at it.
    (child.stdio[3] as Readable).on("data", () => child.kill("SIGKILL"));
    child.on("error", reject);
    // `exit`, not `close`: what it started may hold its output open.
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (code !== 0 && signal !== "SIGKILL") return reject(new Error(`the victim failed by itself (${code ?? signal}): ${stderr.slice(-2000)}`));
      resolve({ killed: signal === "SIGKILL", effects: code === 0 ? Number(stdout) : null, stderr });
    });
  });
}
