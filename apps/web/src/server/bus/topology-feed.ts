import type { Counters, LiveEvent } from "@vpclab/shared/wire/live";
import { afterEvent, snapshotOf } from "./live-state";
import type { LiveState } from "./live-state";
import { Subscriber } from "./subscriber";
import type { FeedEntry } from "./subscriber";

/** Events kept for browsers that come back after a cut. */
const HISTORY_MAX = 1_000;
/** A browser that lags behind by this much is not sent more until it has caught up. */
const BUFFERED_BYTES_MAX = 256 * 1024;
const CATCH_UP_POLL_MS = 50;

export interface FeedOptions {
  readonly signal: AbortSignal;
  /** Bytes that the subscriber's socket has taken but not sent. */
  readonly bufferedBytes: () => number;
}

/**
 * Everything that happens to one topology, in order. Publishing changes state and history in one synchronous step, so a
 * subscriber that begins at any moment misses nothing and hears nothing twice. Ids are `<boot>-<n>`: one of an earlier
 * run of the server is unknown here and gets a snapshot.
 */
export class TopologyFeed {
  #state: LiveState;
  #last = 0;
  readonly #bootId: string;
  readonly #history: FeedEntry[] = [];
  readonly #subscribers = new Set<Subscriber>();

  constructor(bootId: string, state: LiveState) {
    this.#bootId = bootId;
    this.#state = state;
  }

  get state(): LiveState {
    return this.#state;
  }

  publish(event: Exclude<LiveEvent, { type: "snapshot" | "counters" }>): void {
    this.#state = afterEvent(this.#state, event);
    this.#append(event);
  }

  publishCounters(at: number, counters: Counters): void {
    const event: LiveEvent = { type: "counters", at, counters };
    this.#state = afterEvent(this.#state, event);
    for (const subscriber of this.#subscribers) subscriber.pushCounters(event);
  }

  /** There is no event for a new name: everybody gets a fresh snapshot. */
  rename(name: string): void {
    this.#state = { ...this.#state, name };
    this.#append(snapshotOf(this.#state));
  }

  async *subscribe(lastEventId: string | null, { signal, bufferedBytes }: FeedOptions): AsyncGenerator<FeedEntry, void> {
    const subscriber = new Subscriber();
    // Listening and replay are set up before the first await: nothing can happen in between.
    this.#subscribers.add(subscriber);
    const missed = this.#after(lastEventId);
    const backlog = missed ?? [this.#snapshot()];
    let position = missed && lastEventId ? lastEventId : this.#id(this.#last);
    try {
      for (const entry of backlog) {
        position = entry.id;
        yield entry;
      }
      while (!signal.aborted) {
        await subscriber.wait(signal);
        if (!(await caughtUp(bufferedBytes, signal))) return;
        const next = subscriber.take();
        if (next === null) continue;
        const entry = next === "overflow" ? this.#snapshot() : "counters" in next ? { id: position, event: next.counters } : next;
        position = entry.id;
        yield entry;
        if (entry.event.type === "removed") return;
      }
    } finally {
      this.#subscribers.delete(subscriber);
    }
  }

  #append(event: LiveEvent): void {
    this.#last += 1;
    const entry = { id: this.#id(this.#last), event };
    this.#history.push(entry);
    if (this.#history.length > HISTORY_MAX) this.#history.shift();
    for (const subscriber of this.#subscribers) subscriber.push(entry);
  }

  #snapshot(): FeedEntry {
    return { id: this.#id(this.#last), event: snapshotOf(this.#state) };
  }

  /** The events after an id, or null when it is none of ours or too old. */
  #after(lastEventId: string | null): FeedEntry[] | null {
    if (!lastEventId?.startsWith(`${this.#bootId}-`)) return null;
    const n = Number(lastEventId.slice(this.#bootId.length + 1));
    const oldest = this.#last - this.#history.length;
    if (!Number.isInteger(n) || n < oldest || n > this.#last) return null;
    return this.#history.slice(n - oldest);
  }

  #id(n: number): string {
    return `${this.#bootId}-${n}`;
  }
}

/** Waits until the browser has taken most of what it was sent; false when the subscription ended meanwhile. */
async function caughtUp(bufferedBytes: () => number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted && bufferedBytes() > BUFFERED_BYTES_MAX) {
    await new Promise((resolve) => setTimeout(resolve, CATCH_UP_POLL_MS));
  }
  return !signal.aborted;
}
