import { isAgentEvent } from "@vpclab/shared/wire/agent-events";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { NotLetIn } from "@vpclab/shared/wire/messages";
import type { AgentLog } from "../report/agent-log";
import type { Delays } from "./backoff";
import { DELAYS, LOCAL_DELAYS, reconnectDelayMs } from "./backoff";
import type { Self, Timing } from "./connection";
import { Connection, TIMING } from "./connection";
import type { RingLimits } from "./event-ring";
import { EventRing } from "./event-ring";
import { framesOf } from "./fit-frame";
import type { OutgoingMessage } from "./outgoing-message";

export interface ServerLinkOptions {
  readonly socketUrl: string;
  readonly self: Self;
  readonly log: AgentLog;
  /** What is here: told after each welcome, and after a gap. */
  readonly greeting: () => readonly OutgoingMessage[];
  /** The greeting was said; what only its newest value counts of can follow. */
  readonly ready?: () => void;
  /** Deals with a job and answers with the sequence number that the connection has reached. */
  readonly receive: (envelope: Envelope, session: string, lastSeq: number) => Promise<number>;
  readonly timing?: Timing;
  readonly random?: () => number;
  /** Between tries to connect. */
  readonly delays?: Delays;
  readonly ringLimits?: RingLimits;
}

/** A connection that was good for this long starts the delays from the beginning. */
const HEALTHY_MS = 60_000;

/** Bytes that the network has not taken; while there are more, events wait in the ring. */
const BACKLOG_BYTES_MAX = 1024 * 1024;

/**
 * Keeps one connection to the server, for ever. Events are kept until the server has acknowledged them (event-ring.ts). Other
 * messages that find no server are dropped on purpose: answers to plans and probes are worth nothing to a server that no longer waits.
 */
export class ServerLink {
  readonly #options: ServerLinkOptions;
  #connection: Connection | null = null;
  #timer: NodeJS.Timeout | null = null;
  #attempt = 0;
  #stopped = false;
  #lastReason = "";
  readonly #ring: EventRing;
  /** Since when an acknowledgement is due. */
  #dueSince: number | null = null;
  /** Who waits for an acknowledgement of everything up to a number. */
  #listeners: { readonly upTo: number; readonly heard: () => void }[] = [];
  /** States may be among the events that are gone. */
  #owesInventory = false;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#ring = new EventRing(options.ringLimits);
  }

  start(): void {
    this.#dial();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#connection?.close();
  }

  /** A new connection in place of the one that is; at once, however often the server was away before. */
  reconnect(reason: string): void {
    this.#attempt = 0;
    this.#connection?.close(reason);
  }

  /** Bytes that wait for the network; 0 without a connection. */
  get backlogBytes(): number {
    return this.#connection?.backlogBytes ?? 0;
  }

  get ready(): boolean {
    return this.#connection?.ready ?? false;
  }

  send(message: OutgoingMessage): void {
    if (!isAgentEvent(message)) return void this.#connection?.send(message);
    // The inventory of the next connection says what is in place by then.
    if (!this.ready && (message.type === "objects" || message.type === "deployment")) return;
    this.#tell([message]);
  }

  /**
   * Calls `heard` once: with the first acknowledgement from now on that covers everything told so far. The way to the server and back is
   * open then. Where it is not, a new connection is tried as often as after a first failure.
   */
  whenHeard(heard: () => void): void {
    this.#attempt = 0;
    this.#listeners.push({ upTo: this.#ring.last, heard });
  }

  #tell(events: readonly OutgoingMessage[]): void {
    for (const text of events.flatMap(framesOf)) this.#ring.push(text);
    this.#pump();
  }

  /** Sends what waits, as far as server and network keep up. */
  #pump(): void {
    const connection = this.#connection;
    while (connection?.ready && connection.backlogBytes <= BACKLOG_BYTES_MAX) {
      const frame = this.#ring.next();
      if (!frame) break;
      this.#dueSince ??= performance.now();
      connection.sendFrame(frame.text, () => this.#pump());
      this.#owesInventory ||= frame.gap;
    }
    // Not before there is room: it would push out what waits.
    if (!this.#owesInventory || !this.#ring.allSent) return;
    this.#owesInventory = false;
    this.#tell(this.#options.greeting());
  }

  #acknowledged(stream: string, seq: number): void {
    const before = this.#ring.acked;
    this.#ring.acknowledge(stream, seq);
    if (this.#ring.acked > before) {
      this.#dueSince = this.#ring.awaits ? performance.now() : null;
      const heard = this.#listeners.filter(({ upTo }) => upTo <= this.#ring.acked);
      this.#listeners = this.#listeners.filter((listener) => !heard.includes(listener));
      for (const listener of heard) listener.heard();
    }
    this.#pump();
  }

  #dial(): void {
    const { socketUrl, self, log, greeting, ready, receive, timing = TIMING } = this.#options;
    let lastSeq = 0;
    let readyAt = 0;
    const connection = new Connection(socketUrl, self, {
      ready: () => {
        readyAt = performance.now();
        this.#lastReason = "";
        this.#ring.rewind();
        this.#dueSince = null;
        this.#tell(greeting());
        ready?.();
        log.info(`connected to ${socketUrl}`);
      },
      keySet: (version) => log.warn(`the server signs with a new key from now on (key set ${version}); the key before has confirmed it`),
      keyTaken: () => log.warn("the server knows this agent by its new key from now on; the key before is of no use any more"),
      job: async (envelope, session) => {
        lastSeq = await receive(envelope, session, lastSeq);
      },
      ack: (stream, seq) => this.#acknowledged(stream, seq),
      overdue: (ms) => this.#dueSince !== null && performance.now() - this.#dueSince > ms,
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
    const { socketUrl, log, random = Math.random, delays = socketUrl.startsWith("ws+unix:") ? LOCAL_DELAYS : DELAYS } = this.#options;
    // Somebody sits before the page and has just pressed Approve.
    const delayMs = reconnectDelayMs(this.#attempt, random, refused === "pending" ? LOCAL_DELAYS : delays);
    this.#attempt += 1;
    // A server that is away for an hour is one line, not a hundred.
    log[reason === this.#lastReason ? "debug" : refused === "locked" ? "error" : "warn"](`${refused === "locked" ? "SECURITY " : ""}no connection to ${socketUrl}: ${reason}; trying again`);
    this.#lastReason = reason;
    this.#timer = setTimeout(() => this.#dial(), delayMs);
  }
}
