import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject } from "vitest";

/** What a program came to. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const BIN = join(inject("built"), "bin");
/** State of this test file's agent; goes with it. */
export const stateDir = mkdtempSync(join(tmpdir(), "vpcctl-state-"));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

/**
 * Runs the built vpcctl on this machine without a server. Arguments as a list, or as one text that is split at blanks.
 * Never throws because of the exit code.
 */
export const vpcctl = (args: string | readonly string[], options: RunOptions = {}): Promise<Ended> =>
  run(join(BIN, "vpcctl"), typeof args === "string" ? args.split(" ").filter(Boolean) : args, options);

/** As `vpcctl`, but it has to end well. Answers with its standard output. */
export async function done(args: string | readonly string[], options: RunOptions = {}): Promise<string> {
  const ended = await vpcctl(args, options);
  expect(ended.code, `vpcctl ${String(args)}\n${ended.stdout}${ended.stderr}`).toBe(0);
  return ended.stdout;
}

/** The JSON that a command prints with `--json`. */
export const json = async <T>(args: string | readonly string[]): Promise<T> => JSON.parse(await done([...words(args), "--json"])) as T;

const words = (args: string | readonly string[]): readonly string[] => (typeof args === "string" ? args.split(" ").filter(Boolean) : args);

/** A shell script with `vpcctl` in its PATH, as a walk-through is typed: stops at the first command that fails. */
export const shell = (script: string, options: RunOptions = {}): Promise<Ended> => run("sh", ["-eu", "-c", script], options);

/** Runs a program in a namespace, as a root shell between the steps of a walk-through does. */
export const inside = (netns: string, ...command: string[]): Promise<Ended> => run("ip", ["netns", "exec", netns, ...command]);

/** Names of the network namespaces that there are. */
export const namespaces = (): string[] => (existsSync("/run/netns") ? readdirSync("/run/netns").sort() : []);

export function run(file: string, args: readonly string[], { input = "", env = {}, cwd }: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...process.env, ...ENVIRONMENT, ...env }, cwd, stdio: "pipe" });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) child[stream].setEncoding("utf8").on("data", (text: string) => (output[stream] += text));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? (signal === null ? 1 : 128), ...output }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

const ENVIRONMENT = { VPCCTL_LOCAL: "1", VPCLAB_AGENT_STATE: stateDir, NO_COLOR: "1", PATH: `${BIN}:${process.env.PATH ?? ""}` };
