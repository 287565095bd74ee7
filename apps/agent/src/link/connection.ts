import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { Envelope } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { NotLetIn, ServerMessage } from "@vpclab/shared/wire/messages";
import { FRAME_BYTES_MAX, PROTOCOL_VERSION, ServerHelloSchema, ServerMessageSchema } from "@vpclab/shared/wire/messages";
import { decodeStrictJson, ENVELOPE_LIMITS, PAYLOAD_LIMITS } from "@vpclab/shared/wire/strict-json";
import { WebSocket } from "ws";
import type { JoinSequence } from "../state/join-sequence";
import type { ServerTrust } from "../state/server-trust";
import { connectionTrouble } from "./connection-trouble";
import type { SigningKey } from "./ed25519";
import { newNonce } from "./ed25519";
import { openEnvelope, sealEnvelope } from "./envelope";
import { framesOf } from "./fit-frame";
import { notLetIn, notLetInWords } from "./not-let-in";
import type { OutgoingMessage } from "./outgoing-message";

/** What this agent says of itself in its hello. */
export interface AgentFacts {
  readonly mode: "sandbox" | "host" | "rootless";
  readonly kernel: string;
  readonly version: string;
  /** It has public addresses to give. */
  readonly publicPool: boolean;
}

/** Whom the connection is of, and what it knows of the one before. */
export interface Self {
  readonly trust: ServerTrust;
  readonly facts: AgentFacts;
  readonly join: JoinSequence;
}

export interface ConnectionEvents {
  /** The server proved that it holds the pinned key; from now on jobs may come. */
  ready(): void;
  /** The server has another key from now on, as the one before has confirmed. */
  keySet(version: number): void;
  /** The server knows this agent by its new key from now on. */
  keyTaken(): void;
  /** Frames come one after the other: the next one waits for the promise. */
  job(envelope: Envelope, session: string): Promise<void>;
  /** How far the server has heard the events of a stream. */
  ack(stream: string, seq: number): void;
  /** An answer is due for longer than this: it counts as silence. */
  overdue(ms: number): boolean;
  /** Once, when it is over for whatever reason. `welcomed`: it had been ready. `refused`: the server knows this host and does not let it in. */
  closed(reason: string, welcomed: boolean, refused: NotLetIn | null): void;
  /** The other side is not the server this agent was enrolled with, or does not keep the protocol. */
  alarm(code: ErrorCode, message: string): void;
}

export interface Timing {
  readonly handshakeMs: number;
  readonly pingEveryMs: number;
  /** Silence after which the connection counts as dead. Found at the latest one ping later. */
  readonly silenceMaxMs: number;
}
export const TIMING: Timing = { handshakeMs: 10_000, pingEveryMs: 14_000, silenceMaxMs: 30_000 };

const POLICY_VIOLATION = 1008;
const UNSUPPORTED_DATA = 1003;

/** One connection to the server, from dialling to its end. Nothing but a challenge is heard before the server has proved itself. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #self: Self;
  readonly #events: ConnectionEvents;
  readonly #agentNonce = newNonce();
  #serverNonce: string | null = null;
  /** What the hello of this connection has said of a new key. */
  #announced: SigningKey | null = null;
  #ready = false;
  #over = false;
  #lastHeardAt = performance.now();
  #frames: Promise<void> = Promise.resolve();
  readonly #handshakeTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;

  constructor(url: string, self: Self, events: ConnectionEvents, timing: Timing = TIMING) {
    this.#self = self;
    this.#events = events;
    this.#socket = new WebSocket(url, {
      maxPayload: FRAME_BYTES_MAX, maxFragments: 64, perMessageDeflate: false, followRedirects: false, handshakeTimeout: timing.handshakeMs,
    });
    this.#handshakeTimer = setTimeout(() => this.#end("the server did not finish the handshake in time"), timing.handshakeMs);
    this.#pingTimer = setInterval(() => this.#heartbeat(timing), timing.pingEveryMs);
    const heard = (): void => void (this.#lastHeardAt = performance.now());
    this.#socket.on("ping", heard).on("pong", heard);
    this.#socket.on("message", (data, isBinary) => {
      heard();
      if (isBinary) return this.#violation("PROTOCOL", "the server sent a binary frame", UNSUPPORTED_DATA);
      const bytes = data as Buffer; // binaryType is nodebuffer
      this.#frames = this.#frames.then(() => this.#frame(bytes)).catch((error: unknown) => this.#end(`internal error: ${String(error)}`));
    });
    this.#socket.on("error", (error) => this.#end(connectionTrouble(error)));
    this.#socket.on("close", (code, reason) => this.#closedByServer(code, reason.toString()));
  }

  get ready(): boolean {
    return this.#ready && !this.#over;
  }

  /** Bytes that the network has not taken yet. */
  get backlogBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** False when there is no server to hear it. */
  send(message: OutgoingMessage): boolean {
    if (!this.ready) return false;
    for (const frame of framesOf(message)) this.#socket.send(frame);
    return true;
  }

  /** One frame as it is; `taken`: the network has it. */
  sendFrame(frame: string, taken: () => void): void {
    if (this.ready) this.#socket.send(frame, (error) => void (error ?? taken()));
  }

  close(reason = "closed by this agent"): void {
    this.#end(reason, 1000);
  }

  async #frame(bytes: Buffer): Promise<void> {
    if (this.#over) return;
    const decoded = decodeStrictJson(bytes, ENVELOPE_LIMITS);
    if (!decoded.ok) return this.#violation(decoded.error.code, `a frame of the server was refused: ${decoded.error.message}`);
    const message = ServerMessageSchema.safeParse(decoded.value);
    if (!message.success) return this.#violation("PROTOCOL", "the server sent a message that this agent does not know; are both of the same version?");
    await this.#message(message.data);
  }

  async #message(message: ServerMessage): Promise<void> {
    switch (message.type) {
      case "challenge": return this.#challenge(message.serverNonce);
      case "key-set": return this.#keySet(message.envelope);
      case "welcome": return this.#welcome(message.hello);
      case "job":
        if (!this.#ready) return this.#violation("PROTOCOL", "the server sent a job before it proved who it is");
        return this.#events.job(message.envelope, this.#agentNonce);
      case "ack":
        if (!this.#ready) return this.#violation("PROTOCOL", "the server acknowledged something before it proved who it is");
        return this.#events.ack(message.stream, message.seq);
    }
  }

  #challenge(serverNonce: string): void {
    if (this.#serverNonce !== null) return this.#violation("PROTOCOL", "the server sent a second challenge");
    this.#serverNonce = serverNonce;
    const { trust, facts, join } = this.#self;
    const { agentId, agentKey, nextKey, keySet } = trust.identity;
    this.#announced = nextKey;
    const body = {
      v: PROTOCOL_VERSION, agentId, serverNonce, agentNonce: this.#agentNonce, joinSeq: join.seq, keySet, ...(nextKey ? { nextKey: nextKey.text } : {}), ...facts,
    };
    const keys = nextKey ? [agentKey, nextKey] : [agentKey];
    this.#socket.send(JSON.stringify({ type: "hello", hello: sealEnvelope(PAYLOAD_TYPE.agentHello, body, ...keys) } satisfies OutgoingMessage));
  }

  /** What the server signs with from now on, if the key that is pinned says so too. Before the welcome, because that is signed with it. */
  async #keySet(envelope: Envelope): Promise<void> {
    if (this.#serverNonce === null || this.#ready) return this.#violation("PROTOCOL", "the server sent a key set out of turn");
    const followed = await this.#self.trust.follow(envelope);
    if (followed.ok) this.#events.keySet(followed.value);
    else this.#violation(followed.error.code, `a key set of the server was refused: ${followed.error.message}. The key before stays pinned`);
  }

  async #welcome(hello: Envelope): Promise<void> {
    if (this.#serverNonce === null || this.#ready) return this.#violation("PROTOCOL", "the server sent a welcome out of turn");
    const { trust, join } = this.#self;
    const { identity } = trust;
    const bytes = openEnvelope(hello, PAYLOAD_TYPE.serverHello, identity.serverKey);
    if (!bytes.ok) {
      return this.#violation(bytes.error.code, `this is not the server that this host was enrolled with: ${bytes.error.message}. Nothing it sends is executed`);
    }
    const decoded = decodeStrictJson(bytes.value, PAYLOAD_LIMITS);
    const body = decoded.ok ? ServerHelloSchema.safeParse(decoded.value) : null;
    const mine = body?.success && body.data.agentId === identity.agentId &&
      body.data.agentNonce === this.#agentNonce && body.data.serverNonce === this.#serverNonce;
    if (!mine || !body.success) return this.#violation("SESSION", "the server's hello was made for another connection; nothing it sends is executed");
    const { joinSeq } = body.data;
    if (joinSeq <= join.seq) return this.#violation("SESSION", `the server counts connections backwards (${joinSeq} after ${join.seq}); nothing it sends is executed`);
    if (this.#announced) {
      await trust.keyTaken(this.#announced);
      this.#events.keyTaken();
    }
    await join.keep(joinSeq);
    if (this.#over) return;
    clearTimeout(this.#handshakeTimer);
    this.#ready = true;
    this.#events.ready();
  }

  #heartbeat(timing: Timing): void {
    if (performance.now() - this.#lastHeardAt > timing.silenceMaxMs) this.#end("nothing was heard from the server any more");
    else if (this.#events.overdue(timing.silenceMaxMs)) this.#end("the server does not acknowledge what it is told");
    else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }

  #violation(code: ErrorCode, message: string, closeCode = POLICY_VIOLATION): void {
    if (this.#over) return;
    this.#events.alarm(code, message);
    this.#end(message, closeCode);
  }

  #closedByServer(code: number, reason: string): void {
    const refused = notLetIn(code, reason);
    this.#end(refused ? notLetInWords(refused) : `closed by the server (${code}${reason === "" ? "" : ` ${printable(reason)}`})`, undefined, refused);
  }

  #end(reason: string, closeCode?: number, refused: NotLetIn | null = null): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#handshakeTimer);
    clearInterval(this.#pingTimer);
    if (closeCode !== undefined && this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.close(closeCode);
      // A peer that does not answer the close frame must not keep the socket.
      setTimeout(() => this.#socket.terminate(), 1_000).unref();
    } else {
      this.#socket.terminate();
    }
    this.#events.closed(reason, this.#ready, refused);
  }
}

/** Text of the other side, fit for a log line. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, "·").slice(0, 120);
