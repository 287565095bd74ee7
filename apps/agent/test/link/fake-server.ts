import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Job } from "@vpclab/shared/wire/job";
import type { Envelope } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { GapFrame } from "@vpclab/shared/wire/agent-events";
import { AgentFrameSchema } from "@vpclab/shared/wire/agent-events";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { AgentHelloSchema } from "@vpclab/shared/wire/messages";
import { AGENT_FRAME_LIMITS, decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import type { z } from "zod";
import type { SigningKey, TrustedKey } from "../../src/link/ed25519";
import { importPublicKey, newNonce } from "../../src/link/ed25519";
import { sealEnvelope, signedBytes } from "../../src/link/envelope";
import { serverKey } from "./job-fixture";

type OfType<T extends AgentMessage["type"]> = Extract<AgentMessage, { type: T }>;

export interface ServerBehaviour {
  /** Key that signs the server's hello and jobs. */
  readonly key?: SigningKey;
  /** Spoils the welcome. */
  readonly welcome?: (body: object) => object;
  /** Hangs up after the hello, for this reason. */
  readonly refuse?: string;
  /** Frames sent before anything else. */
  readonly before?: readonly string[];
}

/** The server's half of the link over a real socket: challenge, hello, welcome, then whatever the test says. */
export class FakeServer {
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #messages: AgentMessage[] = [];
  readonly gaps: GapFrame[] = [];
  /** Numbers of the events that came, each time they came. */
  readonly seqs: number[] = [];
  /** Whether it acknowledges what it hears. */
  acknowledges = true;
  readonly #agentKey: () => TrustedKey;
  readonly #behaviour: ServerBehaviour;
  #socket: WebSocket | null = null;
  #session = "";
  #agentId = "";
  #seq = 0;
  connections = 0;
  /** What the last welcome said, and what the last hello. */
  joinSeq = 0;
  heardSeq: number | null = null;
  /** Codes with which connections were closed by the agent. */
  readonly closeCodes: number[] = [];
  #changed: () => void = () => undefined;
  #taken: TrustedKey | null = null;
  hellos = 0;
  /** Whether a new key of the agent is taken, and whether the agent hears of it. */
  takesKeys = true;
  losesWelcomes = false;
  /** What a welcome waits for. */
  beforeWelcome: () => Promise<void> = () => Promise.resolve();

  private constructor(agentKey: () => TrustedKey, behaviour: ServerBehaviour) {
    this.#agentKey = agentKey;
    this.#behaviour = behaviour;
    this.#http.on("request", (_request, response) => response.writeHead(404, { "content-type": "application/json" }).end("{}"));
    this.#http.on("upgrade", (request, socket, head) => {
      if (request.url !== "/agent") return void socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket));
    });
  }

  /** Listens on a free port of the loopback, or on a unix socket. */
  static async listen(agentKey: () => TrustedKey, behaviour: ServerBehaviour = {}, path?: string): Promise<FakeServer> {
    const server = new FakeServer(agentKey, behaviour);
    await new Promise<void>((resolve) => path === undefined ? server.#http.listen(0, "127.0.0.1", resolve) : server.#http.listen(path, resolve));
    return server;
  }

  get url(): string {
    const address = this.#http.address();
    return typeof address === "string" ? `ws+unix:${address}:/agent` : `ws://127.0.0.1:${(address as AddressInfo).port}/agent`;
  }

  /** The agent's own nonce of this connection. */
  get session(): string {
    return this.#session;
  }

  get messages(): readonly AgentMessage[] {
    return this.#messages;
  }

  ofType<T extends AgentMessage["type"]>(type: T): OfType<T>[] {
    return this.#messages.filter((message): message is OfType<T> => message.type === type);
  }

  /** Resolves when the condition holds, looked at after every message and every change of a connection. */
  async until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!condition()) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`did not come about; messages so far: ${this.#messages.map((message) => message.type).join(", ")}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 50));
        this.#changed = () => (clearTimeout(timer), resolve());
      });
    }
  }

  /** Signs a job for this connection, in sequence, and sends it. */
  sendJob(make: (common: { aud: string; session: string; seq: number; issuedAt: number; notAfter: number }) => Job | object): Envelope {
    this.#seq += 1;
    const now = Date.now();
    const job = make({ aud: this.#agentId, session: this.#session, seq: this.#seq, issuedAt: now, notAfter: now + 60_000 });
    const envelope = sealEnvelope(PAYLOAD_TYPE.job, job, this.#behaviour.key ?? serverKey);
    this.send({ type: "job", envelope });
    return envelope;
  }

  send(message: unknown): void {
    this.#socket?.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  sendBinary(): void {
    this.#socket?.send(Buffer.from("{}"));
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket?.terminate();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #accept(socket: WebSocket): void {
    this.connections += 1;
    this.#socket = socket;
    this.#seq = 0;
    const serverNonce = newNonce();
    for (const frame of this.#behaviour.before ?? []) socket.send(frame);
    socket.send(JSON.stringify({ type: "challenge", v: 1, serverNonce }));
    socket.on("close", (code) => (this.closeCodes.push(code), this.#changed()));
    socket.on("message", (data) => {
      const decoded = decodeStrictJson(data as Buffer, AGENT_FRAME_LIMITS);
      if (!decoded.ok) throw new Error(decoded.error.message);
      const frame = AgentFrameSchema.parse(decoded.value);
      if (frame.type === "hello") void this.#welcome(socket, frame.hello, serverNonce);
      else if (frame.type === "gap") this.gaps.push(frame);
      else this.#messages.push(frame.type === "event" ? frame.event : frame);
      if (frame.type === "event") this.seqs.push(frame.seq);
      const heard = frame.type === "event" ? frame.seq : frame.type === "gap" ? frame.to : null;
      if (heard !== null && this.acknowledges && "stream" in frame) socket.send(JSON.stringify({ type: "ack", stream: frame.stream, seq: heard }));
      this.#changed();
    });
  }

  /** By the key that the agent is known by, or by both when it brings another one, which it is known by from then on. */
  #proved(envelope: Envelope): z.infer<typeof AgentHelloSchema> {
    const hello = AgentHelloSchema.parse(JSON.parse(Buffer.from(envelope.payload, "base64").toString()));
    const next = hello.nextKey === undefined ? null : importPublicKey(hello.nextKey);
    if (next && !next.ok) throw new Error(next.error);
    const signers = next ? [next.value.text === this.knownKey.text ? null : this.knownKey, next.value] : [this.knownKey];
    if (envelope.signatures.length !== signers.length) throw new Error(`${envelope.signatures.length} signatures`);
    signers.forEach((key, index) => {
      const bytes = key && signedBytes(envelope, index, PAYLOAD_TYPE.agentHello, key);
      if (bytes && !bytes.ok) throw new Error(bytes.error.message);
    });
    if (next && this.takesKeys) this.#taken = next.value;
    return hello;
  }

  get knownKey(): TrustedKey {
    return this.#taken ?? this.#agentKey();
  }

  async #welcome(socket: WebSocket, envelope: Envelope, serverNonce: string): Promise<void> {
    const hello = this.#proved(envelope);
    this.hellos += 1;
    this.#changed();
    if (this.losesWelcomes) return socket.terminate();
    await this.beforeWelcome();
    if (this.#behaviour.refuse !== undefined) return socket.close(1008, this.#behaviour.refuse);
    if (hello.serverNonce !== serverNonce) return; // a hello for another challenge gets no welcome
    this.#session = hello.agentNonce;
    this.#agentId = hello.agentId;
    this.heardSeq = hello.joinSeq;
    this.joinSeq = Math.max(this.joinSeq, hello.joinSeq);
    const body = { v: 1, agentId: hello.agentId, serverNonce, agentNonce: hello.agentNonce, joinSeq: ++this.joinSeq };
    socket.send(JSON.stringify({
      type: "welcome", hello: sealEnvelope(PAYLOAD_TYPE.serverHello, this.#behaviour.welcome?.(body) ?? body, this.#behaviour.key ?? serverKey),
    }));
  }
}
