import type { AgentLog } from "./agent-log";

export interface EveryOptions {
  /** After a round, rest for at least this many times as long as it took (up to half a minute): work that grows takes no more than its share. */
  readonly rest?: number;
}

const REST_MAX_MS = 30_000;

/** Does something again and again. A round that takes long delays the next one; rounds never overlap. */
export class Every {
  readonly #intervalMs: number;
  readonly #work: () => Promise<void>;
  readonly #log: AgentLog;
  readonly #rest: number;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(intervalMs: number, work: () => Promise<void>, log: AgentLog, { rest = 0 }: EveryOptions = {}) {
    this.#rest = rest;
    this.#intervalMs = intervalMs;
    this.#work = work;
    this.#log = log;
  }

  start(): void {
    this.#plan(performance.now() + this.#intervalMs);
  }

  /** No further round begins; waits for the one that runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  /** By the clock, not by the end of the round before: one a second stays one a second. */
  #plan(dueAt: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      const begunAt = performance.now();
      this.#running = this.#work()
        .catch((error: unknown) => this.#log.error("a regular round failed", { error }))
        .then(() => {
          const restMs = Math.min((performance.now() - begunAt) * this.#rest, REST_MAX_MS);
          this.#plan(Math.max(dueAt + this.#intervalMs, performance.now() + restMs));
        });
    }, Math.max(0, dueAt - performance.now()));
  }
}
