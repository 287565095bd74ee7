import type { Duplex } from "node:stream";

/** So many handshakes of browsers in a second; agents come by themselves, spread over a second and more. */
const PER_SECOND_MAX = 13;
const WAITING_PER_USER_MAX = 64;

interface Handshake {
  readonly socket: Duplex;
  readonly begin: () => void;
}

/**
 * After a restart all open pages come back within a moment, and each one's beginning costs the database several queries. So they are
 * let in one after the other, in turn by user, so that who comes often delays himself. Whoever comes alone does not wait.
 */
export class HandshakePace {
  readonly #waiting = new Map<string, Handshake[]>();
  #timer: NodeJS.Timeout | null = null;

  /** `begin` runs in turn, unless the caller has hung up by then. False: too many of this user wait already. */
  wait(userId: string, socket: Duplex, begin: () => void): boolean {
    const own = this.#waiting.get(userId) ?? [];
    if (own.length >= WAITING_PER_USER_MAX) return false;
    this.#waiting.set(userId, [...own, { socket, begin }]);
    if (!this.#timer) this.#next();
    return true;
  }

  /** Whoever waits is cut off. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const { socket } of [...this.#waiting.values()].flat()) socket.destroy();
    this.#waiting.clear();
  }

  #next(): void {
    const first = this.#take();
    this.#timer = first ? setTimeout(() => this.#next(), 1_000 / PER_SECOND_MAX) : null;
    first?.begin();
  }

  #take(): Handshake | undefined {
    for (const [userId, all] of this.#waiting) {
      const [first, ...rest] = all.filter(({ socket }) => !socket.destroyed);
      this.#waiting.delete(userId);
      if (rest.length > 0) this.#waiting.set(userId, rest);
      if (first) return first;
    }
    return undefined;
  }
}
