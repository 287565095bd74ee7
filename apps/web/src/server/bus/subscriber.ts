import type { LiveEvent } from "@vpclab/shared/wire/live";

export interface FeedEntry {
  readonly id: string;
  readonly event: LiveEvent;
}

/** More than this and the browser gets a snapshot in place of what it missed. */
const QUEUE_MAX = 1_000;

/**
 * What one subscriber has still to hear. Events wait in order; counters never wait, only the newest are kept. A slow
 * subscriber costs a bounded queue and delays nobody.
 */
export class Subscriber {
  #queue: FeedEntry[] = [];
  #counters: LiveEvent | null = null;
  #overflown = false;
  #wake: (() => void) | null = null;

  push(entry: FeedEntry): void {
    if (this.#queue.length >= QUEUE_MAX) {
      this.#queue = [];
      this.#overflown = true;
    }
    if (!this.#overflown) this.#queue.push(entry);
    this.#wake?.();
  }

  pushCounters(event: LiveEvent): void {
    this.#counters = event;
    this.#wake?.();
  }

  /** The next thing to say, `overflow` when too much was missed to say it all, or null when there is nothing. */
  take(): FeedEntry | { readonly counters: LiveEvent } | "overflow" | null {
    if (this.#overflown) {
      this.#overflown = false;
      this.#counters = null;
      return "overflow";
    }
    const entry = this.#queue.shift();
    if (entry) return entry;
    const counters = this.#counters;
    this.#counters = null;
    return counters && { counters };
  }

  /** Until there may be something to take, or `signal` aborts. */
  wait(signal: AbortSignal): Promise<void> {
    if (this.#queue.length > 0 || this.#counters || this.#overflown || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#wake = null;
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#wake = done;
      signal.addEventListener("abort", done, { once: true });
    });
  }
}
