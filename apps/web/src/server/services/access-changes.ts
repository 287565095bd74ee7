/**
 * Says that sessions ended, or that roles or classes changed. Whoever keeps something open for a user (a socket, a subscription)
 * listens, and asks again whether he still may.
 */
export class AccessChanges {
  readonly #listeners = new Set<() => void>();

  /** After the transaction that changed something. */
  announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** The answer ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
