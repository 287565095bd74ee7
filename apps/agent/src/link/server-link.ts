import type { Envelope } from "@vpclab/shared/wire/job";
import type { NotLetIn } from "@vpclab/shared/wire/messages";
import type { AgentLog } from "../report/agent-log";
import { reconnectDelayMs } from "./backoff";
import type { Self, Timing } from "./connection";
import { Connection, TIMING } from "./connection";
import type { OutgoingMessage } from "./outgoing-message";

export interface ServerLinkOptions {
  readonly socketUrl: string;
  readonly self: Self;
  readonly log: AgentLog;
  /** First messages after the server proved itself. */
  readonly greeting: () => readonly OutgoingMessage[];
  /** Deals with a job and answers with the sequence number that the connection has reached. */
  readonly receive: (envelope: Envelope, session: string, lastSeq: number) => Promise<number>;
  readonly timing?: Timing;
  readonly random?: () => number;
}

/** A connection that was good for this long starts the delays from the beginning. */
const HEALTHY_MS = 10_000;

/**
 * Keeps one connection to the server, for ever. Messages that find no server are dropped on purpose: there is no outbox.
 * What matters of them is state, and the inventory after each welcome carries all of it (a finished apply shows as its
 * generation in place or failed); answers to plans and probes are worth nothing to a server that no longer waits.
 */
export class ServerLink {
  readonly #options: ServerLinkOptions;
  #connection: Connection | null = null;
  #timer: NodeJS.Timeout | null = null;
  #attempt = 0;
  #stopped = false;
  #lastReason = "";

  constructor(options: ServerLinkOptions) {
    this.#options = options;
  }

  start(): void {
    this.#dial();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#connection?.close();
  }

  /** Bytes that wait for the network; 0 without a connection. */
  get backlogBytes(): number {
    return this.#connection?.backlogBytes ?? 0;
  }

  get ready(): boolean {
    return this.#connection?.ready ?? false;
  }

  send(message: OutgoingMessage): boolean {
    return this.#connection?.send(message) ?? false;
  }

  #dial(): void {
    const { socketUrl, self, log, greeting, receive, timing = TIMING } = this.#options;
    let lastSeq = 0;
    let readyAt = 0;
    const connection = new Connection(socketUrl, self, {
      ready: () => {
        readyAt = performance.now();
        this.#lastReason = "";
        for (const message of greeting()) connection.send(message);
        log.info(`connected to ${socketUrl}`);
      },
      keySet: (version) => log.warn(`the server signs with a new key from now on (key set ${version}); the key before has confirmed it`),
      job: async (envelope, session) => {
        lastSeq = await receive(envelope, session, lastSeq);
      },
      alarm: (code, message) => log.error(`SECURITY ${code}: ${message}`),
      closed: (reason, welcomed, refused) => {
        if (this.#stopped) return;
        if (welcomed && performance.now() - readyAt > HEALTHY_MS) this.#attempt = 0;
        this.#again(reason, refused);
      },
    }, timing);
    this.#connection = connection;
  }

  #again(reason: string, refused: NotLetIn | null): void {
    const { socketUrl, log, random = Math.random } = this.#options;
    // Somebody sits before the page and has just pressed Approve.
    const delayMs = reconnectDelayMs(this.#attempt, random, refused === "pending" || socketUrl.startsWith("ws+unix:"));
    this.#attempt += 1;
    // A server that is away for an hour is one line, not a hundred.
    log[reason === this.#lastReason ? "debug" : refused === "locked" ? "error" : "warn"](`${refused === "locked" ? "SECURITY " : ""}no connection to ${socketUrl}: ${reason}; trying again`);
    this.#lastReason = reason;
    this.#timer = setTimeout(() => this.#dial(), delayMs);
  }
}
