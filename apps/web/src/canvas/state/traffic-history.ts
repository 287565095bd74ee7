import type { Counters } from "@vpclab/shared/wire/live";
import type { LiveStore } from "./live-store";

/** One a second. */
export const HISTORY_SECONDS = 60;
/** Counters come once a second, now and then a little late: a hole that short is none. */
const HOLE_MAX = 2;

/** Bytes per second, both directions together, oldest first; NaN where nothing was counted. */
export type Samples = Float32Array;
type Draw = (samples: Samples) => void;

/**
 * The last minute of every object's traffic, outside of React: whoever draws it is called with the samples, and nothing renders
 * again. An object that is no longer counted is forgotten, so there is one ring for each object with traffic and no more.
 */
export class TrafficHistory {
  readonly #rings = new Map<string, Samples>();
  readonly #draws = new Map<string, Set<Draw>>();
  #second: number | null = null;

  /** `now`: milliseconds of a clock that never goes back. */
  push(counters: Counters, now: number): void {
    const second = Math.floor(now / 1000);
    const passed = this.#second === null ? 1 : Math.min(HISTORY_SECONDS, second - this.#second);
    this.#second = second;
    for (const id of this.#rings.keys()) if (!(id in counters)) this.#rings.delete(id);
    for (const [id, { rxBytesPerSecond, txBytesPerSecond }] of Object.entries(counters)) {
      const ring = this.#rings.get(id) ?? this.#begin(id);
      if (passed > 0) {
        const before = ring[HISTORY_SECONDS - 1]!;
        ring.copyWithin(0, passed);
        ring.fill(passed <= HOLE_MAX ? before : Number.NaN, HISTORY_SECONDS - passed);
      }
      ring[HISTORY_SECONDS - 1] = rxBytesPerSecond + txBytesPerSecond;
    }
    for (const [id, draws] of this.#draws) for (const draw of draws) draw(this.of(id));
  }

  of(id: string): Samples {
    return this.#rings.get(id) ?? EMPTY;
  }

  /** Objects that are remembered. */
  get size(): number {
    return this.#rings.size;
  }

  /** Calls `draw` now and with every new sample, until the answer is called. */
  watch(id: string, draw: Draw): () => void {
    const draws = this.#draws.get(id) ?? new Set();
    this.#draws.set(id, draws.add(draw));
    draw(this.of(id));
    return () => {
      draws.delete(draw);
      if (draws.size === 0) this.#draws.delete(id);
    };
  }

  #begin(id: string): Samples {
    const ring = new Float32Array(HISTORY_SECONDS).fill(Number.NaN);
    this.#rings.set(id, ring);
    return ring;
  }
}

const EMPTY: Samples = new Float32Array(HISTORY_SECONDS).fill(Number.NaN);

const histories = new WeakMap<LiveStore, TrafficHistory>();

/** The history of one open editor; it listens from the first time that somebody asks for it. */
export function trafficHistory(live: LiveStore): TrafficHistory {
  const known = histories.get(live);
  if (known) return known;
  const history = new TrafficHistory();
  histories.set(live, history);
  history.push(live.getState().counters, performance.now());
  live.subscribe((now, before) => {
    if (now.counters !== before.counters) history.push(now.counters, performance.now());
  });
  return history;
}
