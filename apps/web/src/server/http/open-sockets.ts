import type { WebSocket } from "ws";

const SOCKETS_PER_USER_MAX = 8;

/** The sockets that each user has open: a tab with an editor has one. */
export class OpenSockets {
  readonly #byUser = new Map<string, Set<WebSocket>>();

  isFull(userId: string): boolean {
    return (this.#byUser.get(userId)?.size ?? 0) >= SOCKETS_PER_USER_MAX;
  }

  add(userId: string, socket: WebSocket): void {
    const sockets = this.#byUser.get(userId) ?? new Set();
    this.#byUser.set(userId, sockets.add(socket));
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#byUser.get(userId) === sockets) this.#byUser.delete(userId);
    });
  }
}
