import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { AgentMessageSchema } from "@vpclab/shared/wire/messages";
import { AGENT_FRAME_LIMITS, decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import type { Logger } from "pino";
import { WebSocket } from "ws";
import type { HostReports } from "../services/host-reports";
import type { SigningKey, VerifyKey } from "../signing/ed25519";
import { verifyKeyFromText } from "../signing/ed25519";
import { checkResult } from "./check-result";
import { challenge, checkHello, newNonce, welcome } from "./handshake";
import type { AgentHello, KnownHost } from "./handshake";
import { JobSender } from "./job-sender";
import type { JobTimes } from "./job-sender";
import { versionHint } from "./version-hint";

export interface SessionTimes extends JobTimes {
  readonly helloMs: number;
  readonly pingMs: number;
}

export interface SessionDependencies {
  readonly key: SigningKey;
  readonly times: SessionTimes;
  readonly log: Logger;
  readonly reports: HostReports;
  readonly findHost: (agentId: string) => Promise<KnownHost | null>;
  /** The agent has proved who it is. From now on this session is the host's. */
  readonly onReady: (session: AgentSession) => void;
  readonly onClosed: (session: AgentSession) => Promise<void>;
}

const CLOSE = { normal: 1000, wrongData: 1003, refused: 1008, internal: 1011 } as const;
/** Frames that wait to be judged; the socket is not read further while there are more. */
const FRAMES_WAITING_MAX = 64;

type State = { readonly name: "challenged" } | { readonly name: "ready"; readonly hello: AgentHello; readonly key: VerifyKey; readonly jobs: JobSender } | { readonly name: "closed" };

/**
 * One agent's connection: challenge → hello → welcome, then reports come in and jobs go out. Frames are judged one after
 * the other in the order of their arrival. Any breach of the protocol ends the connection; the agent may come again.
 */
export class AgentSession {
  #state: State = { name: "challenged" };
  #waiting = 0;
  #queue: Promise<void> = Promise.resolve();
  #heard = true;
  /** We have ended the connection: what is still waiting counts no more. */
  #dismissed = false;
  readonly #serverNonce = newNonce();
  /** Resolves when the connection is over and everything that came by it has been judged. */
  readonly finished: Promise<void>;
  readonly #helloTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly use: SessionDependencies,
  ) {
    socket.on("message", (data, isBinary) => this.#arrived(data as Buffer, isBinary));
    socket.on("pong", () => (this.#heard = true));
    socket.on("ping", () => (this.#heard = true));
    socket.on("error", (error) => use.log.warn({ reason: error.message }, "an agent's connection broke"));
    this.finished = new Promise((resolve) => socket.once("close", () => void this.#ended().then(resolve)));
    this.#helloTimer = setTimeout(() => this.close(CLOSE.refused, "no hello"), use.times.helloMs);
    this.#pingTimer = setInterval(() => this.#beat(), use.times.pingMs);
    socket.send(JSON.stringify(challenge(this.#serverNonce)));
  }

  get hostId(): string | null {
    return this.#state.name === "ready" ? this.#state.hello.agentId : null;
  }

  get hello(): AgentHello | null {
    return this.#state.name === "ready" ? this.#state.hello : null;
  }

  /** Where jobs go; null when the connection is not, or no longer, up. */
  get jobs(): JobSender | null {
    return this.#state.name === "ready" && this.socket.readyState === WebSocket.OPEN ? this.#state.jobs : null;
  }

  close(code: number = CLOSE.normal, reason = ""): void {
    this.#dismissed = true;
    this.socket.close(code, reason);
    // A peer that does not answer the close frame must not keep the socket.
    setTimeout(() => this.socket.terminate(), 2_000).unref();
  }

  #arrived(bytes: Buffer, isBinary: boolean): void {
    this.#heard = true;
    if (isBinary) return this.close(CLOSE.wrongData, "text only");
    this.#waiting += 1;
    if (this.#waiting >= FRAMES_WAITING_MAX) this.socket.pause();
    this.#queue = this.#queue
      .then(() => this.#judge(bytes))
      .catch((error: unknown) => {
        this.use.log.error({ err: error, hostId: this.hostId }, "a message of an agent could not be handled");
        this.close(CLOSE.internal, "internal");
      })
      .finally(() => {
        this.#waiting -= 1;
        if (this.#waiting < FRAMES_WAITING_MAX / 2 && this.socket.isPaused) this.socket.resume();
      });
  }

  async #judge(bytes: Buffer): Promise<void> {
    if (this.#dismissed) return;
    const decoded = decodeStrictJson(bytes, AGENT_FRAME_LIMITS);
    if (!decoded.ok) return this.#breach(decoded.error.code, decoded.error.message);
    const message = AgentMessageSchema.safeParse(decoded.value);
    if (!message.success) return this.#breach("SCHEMA", "a message that this server does not know; are both of the same version?");
    if (message.data.type === "hello") return this.#greet(message.data);
    if (this.#state.name !== "ready") return this.#breach("PROTOCOL", "a message before the hello");
    if (message.data.type === "job-refused") return this.#refused(this.#state, message.data);
    await this.#report(this.#state.hello.agentId, this.#state.jobs, message.data);
  }

  async #greet(message: Extract<AgentMessage, { type: "hello" }>): Promise<void> {
    if (this.#state.name !== "challenged") return this.#breach("PROTOCOL", "a second hello");
    const hint = versionHint(message.hello);
    if (hint !== null) return this.#breach("PROTOCOL", hint, hint);
    const hello = await checkHello(message.hello, this.#serverNonce, this.use.findHost);
    if (!hello.ok) return this.#breach(hello.error.code, hello.error.message);
    const host = await this.use.findHost(hello.value.agentId);
    if (!host) return this.#breach("KEY_UNKNOWN", "This agent is not enrolled here.");
    if (this.#dismissed || this.socket.readyState !== WebSocket.OPEN) return;
    clearTimeout(this.#helloTimer);
    const { key, times } = this.use;
    const jobs = new JobSender(hello.value.agentId, hello.value.agentNonce, key, (frame) => this.socket.send(frame), times);
    this.#state = { name: "ready", hello: hello.value, key: verifyKeyFromText(host.publicKey), jobs };
    // The welcome goes first: before it the agent takes nothing from us.
    this.socket.send(JSON.stringify(welcome(hello.value, key)));
    this.use.onReady(this);
    await this.use.reports.connected(hello.value.agentId, hello.value);
  }

  async #report(hostId: string, jobs: JobSender, message: Exclude<AgentMessage, { type: "hello" | "job-refused" }>): Promise<void> {
    const { reports } = this.use;
    switch (message.type) {
      case "inventory": return reports.inventory(hostId, message);
      case "job-accepted": return reports.accepted(hostId, message);
      case "job-done": return reports.done(hostId, message);
      case "deployment": return reports.deployment(hostId, message);
      case "objects": return reports.objects(hostId, message);
      case "counters": return reports.counters(hostId, message);
      case "log": return reports.logLine(hostId, message);
      case "activity": return reports.activity(hostId, message);
      case "plan-done": return jobs.answer("plan", message.jobId, message.plan);
      case "probe-done": return jobs.answer("probe", message.jobId, message.result);
    }
  }

  async #refused({ hello, key, jobs }: Extract<State, { name: "ready" }>, message: Extract<AgentMessage, { type: "job-refused" }>): Promise<void> {
    const signed = checkResult(message, hello, key);
    if (!signed.ok) return this.#breach(signed.error.code, signed.error.message);
    const { jobId } = message;
    const failure = signed.value;
    this.use.log.warn({ hostId: hello.agentId, jobId, failure }, "a host refused a job");
    // Without an id nobody knows which job it was; sequence numbers no longer agree, so begin again.
    if (jobId === null) return this.close(CLOSE.refused, "refused without id");
    if (!jobs.refuse(jobId, failure)) await this.use.reports.refused(hello.agentId, jobId, failure);
  }

  #breach(code: string, message: string, reason = code): void {
    this.use.log.warn({ hostId: this.hostId, code, message }, "an agent's connection was refused");
    this.close(CLOSE.refused, reason);
  }

  #beat(): void {
    if (!this.#heard) return this.socket.terminate();
    this.#heard = false;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }

  async #ended(): Promise<void> {
    clearTimeout(this.#helloTimer);
    clearInterval(this.#pingTimer);
    const state = this.#state;
    if (state.name === "ready") state.jobs.close();
    await this.#queue;
    if (state.name === "ready") await this.use.onClosed(this);
    this.#state = { name: "closed" };
  }
}
