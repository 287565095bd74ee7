import type { EventFrame, GapFrame } from "@vpclab/shared/wire/agent-events";

/** `next`: due now. `heard`: came before. `missing`: something before it has not arrived, and has to be asked for again. */
export type EventPlace = "next" | "heard" | "missing";

/** How far one host's events have been heard, over all of its connections. A new start of the agent is a new stream. */
export class EventCursor {
  #stream = "";
  #seq = 0;

  get ack(): { readonly type: "ack"; readonly stream: string; readonly seq: number } {
    return { type: "ack", stream: this.#stream, seq: this.#seq };
  }

  /** After a start of the server nothing is known: it begins where the agent says that it was heard. */
  placeOf(frame: EventFrame | GapFrame): EventPlace {
    const heard = frame.stream === this.#stream ? this.#seq : frame.acked;
    const [first, last] = frame.type === "event" ? [frame.seq, frame.seq] : [frame.from, frame.to];
    if (last <= heard) return "heard";
    return first <= heard + 1 ? "next" : "missing";
  }

  /** The frame was dealt with. Answers with the numbers of a gap that were really never heard. */
  advance(frame: EventFrame | GapFrame): { readonly from: number; readonly to: number } | null {
    const heard = frame.stream === this.#stream ? this.#seq : frame.acked;
    this.#stream = frame.stream;
    this.#seq = frame.type === "event" ? frame.seq : frame.to;
    return frame.type === "event" ? null : { from: heard + 1, to: frame.to };
  }
}
