import type { RawData } from "ws";
import { WebSocket } from "ws";
import { TokenBucket } from "../services/token-bucket";

/** A page sends a few in a minute; after a lost connection one for each topology that it follows. */
const MESSAGES_PER_SECOND_MAX = 100;

/**
 * A page's connection: text only, and not too much of it. What is beyond reaches nobody, because events are the only way by which
 * frames get out of a socket: tRPC listens to `message`.
 */
export class BrowserSocket extends WebSocket {
  readonly #allowance = new TokenBucket(MESSAGES_PER_SECOND_MAX, 1_000, performance.now());

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "message" && !this.#admits(args[0] as RawData, args[1] === true)) return false;
    if ((event === "ping" || event === "pong") && !this.#affords(1)) return false;
    return super.emit(event, ...args);
  }

  #admits(data: RawData, isBinary: boolean): boolean {
    if (this.readyState !== WebSocket.OPEN) return false;
    if (isBinary) this.close(1003, "text only");
    return !isBinary && this.#affords(messagesIn(data));
  }

  #affords(messages: number): boolean {
    if (this.readyState !== WebSocket.OPEN) return false;
    if (this.#allowance.take(performance.now(), messages) === 0) return true;
    this.close(1008, "too many messages");
    return false;
  }
}

/** tRPC puts what it has to say at once into one list. What is no JSON is one message, which tRPC refuses. */
function messagesIn(data: RawData): number {
  const text = data.toString().trimStart();
  if (!text.startsWith("[")) return 1;
  try {
    return Math.max(1, (JSON.parse(text) as unknown[]).length);
  } catch {
    return 1;
  }
}
