import { randomBytes } from "node:crypto";

export interface RingLimits {
  /** Events that wait for the server. */
  readonly eventsMax: number;
  readonly bytesMax: number;
  /** Events that are on their way without an answer. */
  readonly windowMax: number;
}
export const RING_LIMITS: RingLimits = { eventsMax: 2000, bytesMax: 8 * 1024 * 1024, windowMax: 256 };

interface Entry {
  readonly seq: number;
  /** JSON of the event. */
  readonly text: string;
}

/**
 * Events in the order they happened, until the server has acknowledged them. Bounded: where more wait than there is room for,
 * the oldest go, and the server is told which numbers it will never hear.
 */
export class EventRing {
  readonly stream = randomBytes(8).toString("base64url");
  readonly #limits: RingLimits;
  #entries: Entry[] = [];
  #chars = 0;
  /** The newest number; everything up to `acked` was heard, everything up to `sent` is on its way. */
  #last = 0;
  #acked = 0;
  #sent = 0;

  constructor(limits: RingLimits = RING_LIMITS) {
    this.#limits = limits;
  }

  /** Something was sent and is not acknowledged yet. */
  get awaits(): boolean {
    return this.#sent > this.#acked;
  }

  get allSent(): boolean {
    return this.#sent === this.#last;
  }

  /** The newest number. */
  get last(): number {
    return this.#last;
  }

  /** How far the server has heard. */
  get acked(): number {
    return this.#acked;
  }

  push(text: string): void {
    this.#last += 1;
    this.#entries.push({ seq: this.#last, text });
    this.#chars += text.length;
    while (this.#entries.length > this.#limits.eventsMax || this.#chars > this.#limits.bytesMax) {
      const oldest = this.#entries.shift();
      if (!oldest) return;
      this.#chars -= oldest.text.length;
    }
  }

  /** A new connection: nobody knows what of the last one has arrived. */
  rewind(): void {
    this.#sent = this.#acked;
  }

  /** Numbers that were never sent, and those of another stream, mean nothing. */
  acknowledge(stream: string, seq: number): void {
    if (stream !== this.stream || seq <= this.#acked || seq > this.#sent) return;
    this.#acked = seq;
    const kept = this.#entries.findIndex((entry) => entry.seq > seq);
    const heard = this.#entries.splice(0, kept < 0 ? this.#entries.length : kept);
    for (const { text } of heard) this.#chars -= text.length;
  }

  /** The next frame to send; null: nothing waits, or enough is on its way. `gap`: what came before it is gone. */
  next(): { readonly text: string; readonly gap: boolean } | null {
    if (this.#sent >= this.#last || this.#sent - this.#acked >= this.#limits.windowMax) return null;
    const first = this.#entries[0]?.seq ?? this.#last + 1;
    const from = this.#sent + 1;
    if (from < first) {
      this.#sent = first - 1;
      return { gap: true, text: JSON.stringify({ type: "gap", stream: this.stream, acked: this.#acked, from, to: first - 1 }) };
    }
    this.#sent = from;
    const entry = this.#entries[from - first];
    return { gap: false, text: `{"type":"event","stream":"${this.stream}","seq":${from},"acked":${this.#acked},"event":${entry?.text ?? "null"}}` };
  }
}
