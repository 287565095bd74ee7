import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { LocalAgentModule, LocalAnswers, LocalMethod, LocalParams, LocalProgress } from "@vpclab/shared/wire/local-agent";

const AGENT = resolve(import.meta.dirname, "../..");
export const LOCAL_ID = "1f0e7c52-6a52-4a3a-9a3e-2d8f0f3f6a10";

export interface Outcome<T> {
  readonly result: T;
  readonly progress: readonly LocalProgress[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** The built agent, and a state directory that nobody has used. */
export class LocalLab {
  readonly bundle = mkdtempSync(join(tmpdir(), "vpclab-local-bundle-"));
  stateDir = join(mkdtempSync(join(tmpdir(), "vpclab-local-")), "state");

  constructor() {
    execFileSync(process.execPath, ["build.mjs", this.bundle], { cwd: AGENT });
  }

  /** A process of its own that asks one thing. */
  start<M extends LocalMethod>(method: M, params: LocalParams<M>, waitMs = 30_000): { child: ChildProcess; outcome: Promise<Outcome<LocalAnswers[M]>> } {
    const child = spawn(process.execPath, [join(import.meta.dirname, "local-client.mjs"), this.bundle, this.stateDir, method, JSON.stringify(params), String(waitMs)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => void (text += chunk.toString()));
    const outcome = new Promise<Outcome<LocalAnswers[M]>>((done) => child.once("close", () => done(JSON.parse(text || "{}") as Outcome<LocalAnswers[M]>)));
    return { child, outcome };
  }

  ask<M extends LocalMethod>(method: M, params: LocalParams<M>, waitMs?: number): Promise<Outcome<LocalAnswers[M]>> {
    return this.start(method, params, waitMs).outcome;
  }

  bring(desired: Topology | null, baseRevision: number, change: Partial<LocalParams<"apply">> = {}): Promise<Outcome<LocalAnswers["apply"]>> {
    return this.ask("apply", { topologyId: LOCAL_ID, topologyName: "default", baseRevision, desired, actor: "root (ann)", ...change });
  }

  /** As `ask`, from this process. */
  async module(): Promise<LocalAgentModule> {
    return (await import(/* @vite-ignore */ join(this.bundle, "local.mjs"))) as LocalAgentModule;
  }

  async purge(): Promise<readonly string[]> {
    return (await this.module()).purge({ stateDir: this.stateDir, mode: null, uplink: null, all: false });
  }

  /** Loses what the agent knows, and nothing of what it made. */
  loseState(): void {
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.bundle, { recursive: true, force: true });
    rmSync(join(this.stateDir, ".."), { recursive: true, force: true });
  }
}
