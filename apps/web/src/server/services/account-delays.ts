/** This many failures are free; the next waits half a minute, and each later one twice as long, up to a quarter of an hour. */
const FREE = 5;
const FIRST_MS = 30_000;
const DELAY_MS_MAX = 15 * 60_000;
/** Forgotten that long after the delay's end. */
const FORGET_MS = 60 * 60_000;
const NAMES_MAX = 100_000;

interface Tries {
  readonly failures: number;
  readonly untilMs: number;
}

/**
 * Slows guesses on one account, from wherever they come. At most ten can be checked in a quarter of an hour. Names that nobody has are
 * counted like others, so that the answer does not tell who exists.
 */
export class AccountDelays {
  readonly #tries = new Map<string, Tries>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Milliseconds until the next try is allowed; 0: now. */
  waitMs(name: string): number {
    return Math.max(0, (this.#find(name)?.untilMs ?? 0) - this.nowMs());
  }

  /** A try begins. It counts as a failure from now on, so that many at once are no more than many in a row. */
  begin(name: string): void {
    const failures = (this.#find(name)?.failures ?? 0) + 1;
    const delayMs = failures < FREE ? 0 : Math.min(DELAY_MS_MAX, FIRST_MS * 2 ** (failures - FREE));
    this.#tries.delete(name);
    this.#tries.set(name, { failures, untilMs: this.nowMs() + delayMs });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > NAMES_MAX && oldest !== undefined) this.#tries.delete(oldest);
  }

  succeeded(name: string): void {
    this.#tries.delete(name);
  }

  #find(name: string): Tries | undefined {
    const tries = this.#tries.get(name);
    return tries && this.nowMs() - tries.untilMs < FORGET_MS ? tries : undefined;
  }
}
