import type { LocalProgress } from "@vpclab/shared/wire/local-agent";
import type { OutgoingMessage } from "../link/outgoing-message";

type Listener = (objects: LocalProgress) => void;

/** What is told of topologies that were made on this host, to those who wait for one. */
export class ProgressFeed {
  readonly #listeners = new Map<string, Set<Listener>>();

  tell(message: OutgoingMessage): void {
    if (message.type !== "objects") return;
    for (const listener of this.#listeners.get(message.topologyId) ?? []) listener(message.objects as LocalProgress);
  }

  /** Hears of one topology while the work goes on. */
  async during<T>(topologyId: string, listener: Listener | undefined, work: () => Promise<T>): Promise<T> {
    if (!listener) return work();
    const listeners = this.#listeners.get(topologyId) ?? new Set();
    this.#listeners.set(topologyId, listeners.add(listener));
    try {
      return await work();
    } finally {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(topologyId);
    }
  }
}
