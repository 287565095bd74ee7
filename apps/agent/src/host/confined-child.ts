import { setTimeout as delay } from "node:timers/promises";
import { takeExit } from "./process-calls";

const POLL_MS = 10;

/** A program in an instance, started by this process. It may outlive it. */
export class ConfinedChild {
  #exit: number | null | undefined;

  constructor(readonly pid: number) {}

  /** Exit code, null for a signal, undefined while it runs. Asked regularly, so that what has ended is not kept as a zombie. */
  get exit(): number | null | undefined {
    if (this.#exit === undefined) this.#exit = takeExit(this.pid);
    return this.#exit;
  }

  /** The exit code (null: a signal), or undefined when it still runs after this time. */
  async ended(timeoutMs: number): Promise<number | null | undefined> {
    const deadline = performance.now() + timeoutMs;
    while (this.exit === undefined && performance.now() < deadline) await delay(POLL_MS);
    return this.exit;
  }

  /** SIGKILL, also to whatever it has started: it is the first process of its PID namespace. */
  kill(): void {
    // While its end has not been taken its pid belongs to nobody else.
    if (this.exit === undefined) process.kill(this.pid, "SIGKILL");
  }
}
