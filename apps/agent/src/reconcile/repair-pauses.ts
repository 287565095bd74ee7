const FIRST_PAUSE_MS = 5_000;
const PAUSE_MAX_MS = 5 * 60_000;
/** An object that stayed as it should be for this long, or twice its last pause, is mended at once again. */
const CALM_MS = 60_000;

interface Attempts {
  readonly count: number;
  readonly lastMs: number;
}

/**
 * When an object may be mended again: at once the first time, then after pauses that double up to five minutes, so that the
 * agent never fights somebody who keeps changing the same thing, and a kernel that refuses is not asked for ever.
 */
export class RepairPauses {
  readonly #attempts = new Map<string, Attempts>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** How long the object still has to wait; 0 when it may be mended now. */
  leftMs(objectId: string): number {
    const attempts = this.#attempts.get(objectId);
    return attempts ? Math.max(0, attempts.lastMs + pauseMs(attempts.count) - this.#nowMs()) : 0;
  }

  /** Attempts since the object was last calm. */
  countOf(objectId: string): number {
    return this.#attempts.get(objectId)?.count ?? 0;
  }

  tried(objectIds: Iterable<string>): void {
    for (const objectId of objectIds) this.#attempts.set(objectId, { count: this.countOf(objectId) + 1, lastMs: this.#nowMs() });
  }

  /** After a look: what does not differ any more, and has not for long enough, starts anew. */
  calm(differing: ReadonlySet<string>): void {
    for (const [objectId, { count, lastMs }] of this.#attempts) {
      const quietMs = this.#nowMs() - lastMs;
      if (!differing.has(objectId) && quietMs > Math.max(CALM_MS, 2 * pauseMs(count))) this.#attempts.delete(objectId);
    }
  }

  /** A person asked: nothing of before counts. */
  reset(): void {
    this.#attempts.clear();
  }
}

const pauseMs = (count: number): number => Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), PAUSE_MAX_MS);
