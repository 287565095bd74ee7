import { randomBytes } from "node:crypto";
import { NOWHERE, PEOPLE_MAX } from "@vpclab/shared/wire/presence";
import type { PersonHere, PresenceEvent, PresencePatch } from "@vpclab/shared/wire/presence";

/** At most this often anybody is told anything; what happens in between is one event. */
const TICK_MS = 50;
/** A browser that lags behind by this much is told when it has caught up. */
const BUFFERED_BYTES_MAX = 64 * 1024;

export interface Seat {
  readonly key: string;
  say(patch: PresencePatch): void;
  leave(): void;
}

interface Seated {
  readonly userId: string;
  person: PersonHere;
}

interface Watcher {
  readonly sees: (userId: string) => boolean;
  /** By key what is still to be told; null: gone. */
  readonly news: Map<string, (Partial<PersonHere> & Pick<PersonHere, "key">) | null>;
  wake: () => void;
}

export interface WatchOptions {
  readonly signal: AbortSignal;
  readonly bufferedBytes: () => number;
  /** The watcher's own seat. */
  readonly you: string | null;
  /** Whom the watcher may see; else everybody. */
  readonly sees?: (userId: string) => boolean;
}

/** Who has one topology open, in memory only. A slow watcher costs the newest state of each person, and delays nobody. */
export class PresenceRoom {
  readonly #seats = new Map<string, Seated>();
  readonly #watchers = new Set<Watcher>();

  get isEmpty(): boolean {
    return this.#seats.size === 0 && this.#watchers.size === 0;
  }

  /** null: as many as are shown are here already. */
  sit(user: { readonly id: string; readonly name: string }): Seat | null {
    if (this.#seats.size >= PEOPLE_MAX) return null;
    const key = randomBytes(9).toString("base64url");
    const person: PersonHere = { key, name: user.name, place: this.#freePlace(), ...NOWHERE };
    const seated = { userId: user.id, person };
    this.#seats.set(key, seated);
    this.#tell(user.id, key, person);
    return {
      key,
      say: (patch) => {
        if (this.#seats.get(key) !== seated) return;
        seated.person = { ...seated.person, ...patch };
        this.#tell(user.id, key, { key, ...patch });
      },
      leave: () => {
        if (this.#seats.delete(key)) this.#tell(user.id, key, null);
      },
    };
  }

  async *watch({ signal, bufferedBytes, you, sees = () => true }: WatchOptions): AsyncGenerator<PresenceEvent, void> {
    const watcher: Watcher = { sees, news: new Map(), wake: () => {} };
    this.#watchers.add(watcher);
    try {
      yield { type: "all", people: [...this.#seats.values()].filter(({ userId }) => sees(userId)).map(({ person }) => person), you };
      for (;;) {
        await pause(signal, watcher);
        if (signal.aborted) return;
        if (watcher.news.size === 0 || bufferedBytes() > BUFFERED_BYTES_MAX) continue;
        const news = [...watcher.news];
        watcher.news.clear();
        yield { type: "changed", people: news.flatMap(([, person]) => person ?? []), gone: news.flatMap(([key, person]) => (person === null ? [key] : [])) };
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  #tell(userId: string, key: string, change: (Partial<PersonHere> & Pick<PersonHere, "key">) | null): void {
    for (const watcher of this.#watchers) {
      if (!watcher.sees(userId)) continue;
      watcher.news.set(key, change === null ? null : { ...watcher.news.get(key), ...change });
      watcher.wake();
    }
  }

  #freePlace(): number {
    const taken = new Set([...this.#seats.values()].map(({ person }) => person.place));
    let place = 0;
    while (taken.has(place)) place += 1;
    return place;
  }
}

/** A tick, and then until there is something to tell. */
async function pause(signal: AbortSignal, watcher: Watcher): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, TICK_MS);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
  if (signal.aborted || watcher.news.size > 0) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    watcher.wake = done;
    signal.addEventListener("abort", done, { once: true });
  });
  watcher.wake = () => {};
}
