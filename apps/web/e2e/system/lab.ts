import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../../..");
const LINK = /https?:\/\/\S+\/(?:signin|setup)\?token=\S+/;
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 60_000;

/** What `npm run up` prints and runs, in a data folder of its own: the product as its user starts it. */
export class Lab {
  private readonly data = mkdtempSync(join(tmpdir(), "vpclab-system-"));
  private child: ChildProcess | null = null;
  private output = "";

  constructor(private readonly port: number) {}

  /** Starts everything and answers the one-time sign-in link. May be called again after `stop()`. */
  async start(): Promise<string> {
    this.output = "";
    const child = spawn(process.execPath, [join(ROOT, "scripts/up.mjs")], {
      cwd: ROOT,
      env: { ...process.env, VPCLAB_DATA: this.data, PORT: String(this.port), NO_COLOR: "1", CI: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => { this.output += chunk.toString(); });
    const link = await waitFor(START_TIMEOUT_MS, () => LINK.exec(this.output)?.[0] ?? (child.exitCode === null ? null : this.fail("ended")));
    return link;
  }

  /** Ctrl-C, and what it leaves: the agent first, then the server. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    child.kill("SIGINT");
    await waitFor(STOP_TIMEOUT_MS, () => (child.exitCode === null && child.signalCode === null ? null : true));
  }

  remove(): void {
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Kills a part as a crash would, by the pid that the run record names, and answers when another one has taken its place. */
  async crash(part: "server" | "agent"): Promise<void> {
    const before = this.pidOf(part) ?? this.fail(`has no ${part}`);
    process.kill(before, "SIGKILL");
    await waitFor(START_TIMEOUT_MS, () => {
      const now = this.pidOf(part);
      return now !== null && now !== before ? now : null;
    });
  }

  private pidOf(part: "server" | "agent"): number | null {
    const record = JSON.parse(readFileSync(join(this.data, "run.json"), "utf8")) as Record<string, { pid: number } | null>;
    return record[part]?.pid ?? null;
  }

  private fail(what: string): never {
    throw new Error(`npm run up ${what}:\n${this.output}`);
  }
}

/** Polls until `probe` answers something; fails after the time given. */
export async function waitFor<T>(timeoutMs: number, probe: () => T | null): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = probe();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`nothing came within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
