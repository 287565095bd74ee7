import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { AgentMessageSchema } from "@vpclab/shared/wire/messages";
import { AGENT_FRAME_LIMITS, decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import type { Logger } from "pino";
import { WebSocket } from "ws";
import type { HostAdmission } from "../services/host-admission";
import type { HostReports } from "../services/host-reports";
import type { JobKeys } from "../signing/job-key";
import { challenge, checkHello, missedKeySets, newNonce, welcome } from "./handshake";
import type { AgentHello } from "./handshake";
import { JobSender } from "./job-sender";
import type { JobTimes } from "./job-sender";

export interface SessionTimes extends JobTimes {
  readonly helloMs: number;
  readonly pingMs: number;
}

export interface SessionDependencies {
  readonly keys: JobKeys;
  readonly times: SessionTimes;
  readonly log: Logger;
  readonly reports: HostReports;
  readonly admission: Pick<HostAdmission, "find" | "offer" | "confirm">;
  /** Counts up with the connections of this server. */
  readonly connection: number;
  /** The agent has proved who it is, and that it knows of every connection before this one. From now on this session is the host's. */
  readonly onReady: (session: AgentSession) => void;
  readonly onClosed: (session: AgentSession) => Promise<void>;
}

const CLOSE = { normal: 1000, wrongData: 1003, refused: 1008, internal: 1011 } as const;
/** Frames that wait to be judged; the socket is not read further while there are more. */
const FRAMES_WAITING_MAX = 64;

type State =
  | { readonly name: "challenged" }
  | { readonly name: "welcomed"; readonly hello: AgentHello; readonly offer: number }
  | { readonly name: "ready"; readonly hello: AgentHello; readonly jobs: JobSender }
  | { readonly name: "closed" };

/**
 * One agent's connection: challenge → hello → welcome → first report, then reports come in and jobs go out. Frames are judged one after
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
  /** Host that a hello has proved to speak for, whatever became of it. */
  #claimed: string | null = null;
  /** Resolves when the connection is over and everything that came by it has been judged. */
  readonly finished: Promise<void>;
  /** Runs while the agent has to say something: its hello, then its first word after the welcome. */
  #helloTimer: NodeJS.Timeout;
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
    this.#helloTimer = this.#waitForWord();
    this.#pingTimer = setInterval(() => this.#beat(), use.times.pingMs);
    socket.send(JSON.stringify(challenge(this.#serverNonce)));
  }

  get hostId(): string | null {
    return this.#state.name === "ready" ? this.#state.hello.agentId : null;
  }

  get hello(): AgentHello | null {
    return this.#state.name === "ready" ? this.#state.hello : null;
  }

  speaksFor(hostId: string): boolean {
    return this.#claimed === hostId;
  }

  /** Where jobs go; null when the connection is not, or no longer, up. */
  get jobs(): JobSender | null {
    return this.#state.name === "ready" && this.socket.readyState === WebSocket.OPEN ? this.#state.jobs : null;
  }

  close(code: number = CLOSE.normal, reason = ""): void {
    this.#dismissed = true;
    this.socket.close(code, reason);
    // A peer that does not answer the close frame must not keep the socket.
    setTimeout(() => this.socket.terminate(), 1_000).unref();
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
    const ready = await this.#ready();
    if (ready) await this.#report(ready.hello.agentId, ready.jobs, message.data);
  }

  async #greet(message: Extract<AgentMessage, { type: "hello" }>): Promise<void> {
    if (this.#state.name !== "challenged") return this.#breach("PROTOCOL", "a second hello");
    clearTimeout(this.#helloTimer);
    const { admission, connection, keys } = this.use;
    const hello = await checkHello(message.hello, this.#serverNonce, (agentId) => admission.find(agentId));
    if (!hello.ok) return this.#breach(hello.error.code, hello.error.message, hello.error.state);
    if (this.#dismissed || this.socket.readyState !== WebSocket.OPEN) return;
    this.#claimed = hello.value.agentId;
    const offer = await admission.offer(hello.value.agentId, hello.value.joinSeq, connection);
    if (!offer.ok) return this.#breach(offer.error.code, offer.error.message, offer.error.state);
    if (this.#dismissed || this.socket.readyState !== WebSocket.OPEN) return;
    this.#state = { name: "welcomed", hello: hello.value, offer: offer.value };
    this.#helloTimer = this.#waitForWord();
    for (const message of [...missedKeySets(hello.value, keys), welcome(hello.value, offer.value, keys)]) this.socket.send(JSON.stringify(message));
  }

  /** The first word after the welcome says that the agent has kept its number; before it no job goes out. */
  async #ready(): Promise<Extract<State, { name: "ready" }> | null> {
    const state = this.#state;
    if (state.name === "ready") return state;
    if (state.name !== "welcomed") return (this.#breach("PROTOCOL", "a message before the hello"), null);
    const { admission, keys, times, onReady, reports } = this.use;
    const { agentId, agentNonce } = state.hello;
    clearTimeout(this.#helloTimer);
    if (!(await admission.confirm(agentId, state.offer))) return (this.#breach("SESSION", "another connection of this host was welcomed meanwhile"), null);
    if (this.#dismissed) return null;
    const ready = { name: "ready" as const, hello: state.hello, jobs: new JobSender(agentId, agentNonce, keys.current, (frame) => this.socket.send(frame), times) };
    this.#state = ready;
    onReady(this);
    await reports.connected(agentId, state.hello);
    return ready;
  }

  async #report(hostId: string, jobs: JobSender, message: Exclude<AgentMessage, { type: "hello" }>): Promise<void> {
    const { reports } = this.use;
    switch (message.type) {
      case "inventory": return reports.inventory(hostId, message);
      case "job-accepted": return reports.accepted(hostId, message);
      case "job-refused": return this.#refused(hostId, jobs, message);
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

  async #refused(hostId: string, jobs: JobSender, { jobId, failure }: Extract<AgentMessage, { type: "job-refused" }>): Promise<void> {
    this.use.log.warn({ hostId, jobId, failure }, "a host refused a job");
    // Without an id nobody knows which job it was; sequence numbers no longer agree, so begin again.
    if (jobId === null) return this.close(CLOSE.refused, "refused without id");
    if (!jobs.refuse(jobId, failure)) await this.use.reports.refused(hostId, jobId, failure);
  }

  #waitForWord(): NodeJS.Timeout {
    return setTimeout(() => this.close(CLOSE.refused, "no hello"), this.use.times.helloMs);
  }

  #breach(code: string, message: string, reason = code): void {
    this.use.log.warn({ hostId: this.#claimed, code, message }, "an agent's connection was refused");
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
