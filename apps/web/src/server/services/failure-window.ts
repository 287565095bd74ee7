const KEYS_MAX = 100_000;

/** Counts failures by a key (an address) in a sliding window of a clock that only goes forward; what succeeds is not counted. */
export class FailureWindow {
  readonly #failures = new Map<string, number[]>();

  constructor(
    private readonly max: number,
    private readonly windowMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Milliseconds until the next try counts as allowed; 0: now. */
  waitMs(key: string): number {
    const recent = this.#recent(key);
    const oldest = recent[0];
    return oldest === undefined || recent.length < this.max ? 0 : oldest + this.windowMs - this.nowMs();
  }

  add(key: string): void {
    const recent = [...this.#recent(key), this.nowMs()].slice(-this.max);
    this.#failures.delete(key);
    this.#failures.set(key, recent);
    // The one that has not failed for the longest time.
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > KEYS_MAX && oldest !== undefined) this.#failures.delete(oldest);
  }

  #recent(key: string): number[] {
    const since = this.nowMs() - this.windowMs;
    return (this.#failures.get(key) ?? []).filter((at) => at > since);
  }
}
