/** Requests of one session that are worked on at a time. */
const AT_ONCE = 2;
/** More would be no page's. */
const WAITING_MAX = 200;
/** Whoever waits for a host, not for this process, does not keep the others waiting. */
const TURN_MS = 1_000;

interface Queue {
  running: number;
  readonly waiting: (() => void)[];
}

/** Lets nobody's calls stand before everybody else's: each session has few at work, and its others wait for those. */
export class FairTurns {
  readonly #queues = new Map<string, Queue>();

  /** Resolves when it is its turn, to what ends it; to null when too many wait already. */
  async begin(session: string): Promise<(() => void) | null> {
    const queue = this.#queues.get(session) ?? { running: 0, waiting: [] };
    this.#queues.set(session, queue);
    if (queue.running < AT_ONCE) queue.running += 1;
    else if (queue.waiting.length >= WAITING_MAX) return null;
    else await new Promise<void>((resolve) => queue.waiting.push(resolve));
    return this.#endOf(session, queue);
  }

  #endOf(session: string, queue: Queue): () => void {
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      const next = queue.waiting.shift();
      if (next) return next();
      queue.running -= 1;
      if (queue.running === 0) this.#queues.delete(session);
    };
    const timer = setTimeout(end, TURN_MS).unref();
    return end;
  }
}
