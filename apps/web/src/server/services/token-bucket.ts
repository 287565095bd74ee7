/** So many at once, and as many again over `refillMs`. Knows no clock: the caller says what time it is. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(private readonly capacity: number, private readonly refillMs: number, now: number) {
    this.#tokens = capacity;
    this.#at = now;
  }

  /** Takes `count` and answers 0, or takes none and answers how many milliseconds are missing. `now` in milliseconds, of a clock that never goes back. */
  take(now: number, count = 1): number {
    this.#refill(now);
    if (this.#tokens < count) return Math.ceil(((count - this.#tokens) * this.refillMs) / this.capacity);
    this.#tokens -= count;
    return 0;
  }

  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.capacity;
  }

  #refill(now: number): void {
    this.#tokens = Math.min(this.capacity, this.#tokens + ((now - this.#at) * this.capacity) / this.refillMs);
    this.#at = now;
  }
}
