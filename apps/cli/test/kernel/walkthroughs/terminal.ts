import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, inject } from "vitest";
import { stateDir } from "../vpcctl";
import { readTranscript, type Step } from "./transcript";

/** The sandbox's host is a namespace: what the older tools ask of the host itself is asked there. Everything else is typed where it stands. */
const SANDBOX_SHELL = `
on_host() { nsenter --net=/run/netns/vpclab.host "$@"; }
curl() { on_host curl "$@"; }
ip() { case "$1" in route|link) on_host ip "$@";; *) command ip "$@";; esac; }`;

export interface Typed {
  readonly code: number;
  readonly output: string;
}

/**
 * A root shell in which a walk-through is typed line by line, with vpcctl in its PATH. What a line sets, starts or changes to is there for
 * the next. `sudo` is a program that does nothing more, as for root.
 */
export class Terminal {
  private readonly folder = mkdtempSync(join(tmpdir(), "vpcctl-terminal-"));
  private readonly bash: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private lines = 0;

  constructor({ mode, env = {} }: { readonly mode: "sandbox" | "host"; readonly env?: Readonly<Record<string, string>> }) {
    const bin = join(this.folder, ".bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "sudo"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    this.bash = spawn("bash", ["--norc", "--noprofile"], {
      cwd: this.folder,
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, VPCCTL_LOCAL: "1", VPCLAB_AGENT_STATE: stateDir, NO_COLOR: "1", PATH: `${bin}:${join(inject("built"), "bin")}:${process.env.PATH ?? ""}`, ...env },
    });
    if (!this.bash.stdout) throw new Error("bash has no output");
    this.answers = createInterface({ input: this.bash.stdout })[Symbol.asyncIterator]();
    if (mode === "sandbox") this.bash.stdin?.write(`${SANDBOX_SHELL}\n`);
  }

  /** Types one line (or a here-document) and waits until the prompt is back. */
  async type(line: string): Promise<Typed> {
    const path = join(this.folder, `.line-${(this.lines += 1)}`);
    writeFileSync(path, `${line}\n`);
    this.bash.stdin?.write(`. ${path} >${path}.out 2>&1 </dev/null; echo "$?"\n`);
    const { value, done } = await this.answers.next();
    if (done === true) throw new Error(`the shell is gone after: ${line}`);
    return { code: Number(value), output: readFileSync(`${path}.out`, "utf8") };
  }

  /** Types a walk-through (transcript.ts) and expects what it says. */
  async walk(transcript: string): Promise<void> {
    const typed: string[] = [];
    for (const step of readTranscript(transcript)) {
      const { code, output } = await this.type(step.line);
      typed.push(`$ ${step.line}\n${output}`);
      // The lines before, too: what went wrong is often seen there.
      expect(difference(step, code, output), typed.slice(-4).join("")).toEqual([]);
    }
  }

  /** What a line prints; it has to end with 0. */
  async output(line: string): Promise<string> {
    const { code, output } = await this.type(line);
    expect(code, `$ ${line}\n${output}`).toBe(0);
    return output;
  }

  file(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  close(): void {
    this.bash.stdin?.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const difference = ({ line, exit, says, saysNot, matches }: Step, code: number, output: string): string[] => [
  ...(code === exit ? [] : [`${line}: ended with ${code}, not ${exit}`]),
  ...says.filter((words) => !output.includes(words)).map((words) => `${line}: does not say “${words}”`),
  ...saysNot.filter((words) => output.includes(words)).map((words) => `${line}: says “${words}”`),
  ...matches.filter((expression) => !expression.test(output)).map((expression) => `${line}: does not match ${String(expression)}`),
];
