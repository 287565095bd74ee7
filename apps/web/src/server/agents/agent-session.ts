import type { AgentEvent, EventFrame, GapFrame } from "@vpclab/shared/wire/agent-events";
import { AgentFrameSchema, isAgentEvent } from "@vpclab/shared/wire/agent-events";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { AgentHelloSchema } from "@vpclab/shared/wire/messages";
import { AGENT_FRAME_LIMITS, decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import type { Logger } from "pino";
import { WebSocket } from "ws";
import type { AuditLog } from "../services/audit-log";
import { endOf } from "../services/audit-log";
import { agentActor, ANONYMOUS } from "../services/audit-scope";
import type { HelloProof, HostAdmission } from "../services/host-admission";
import type { HostReports } from "../services/host-reports";
import type { VerifyKey } from "../signing/ed25519";
import { peekEnvelope } from "../signing/envelope";
import type { JobKeys } from "../signing/job-key";
import { checkResult } from "./check-result";
import type { EventCursor } from "./event-cursor";
import { challenge, checkHello, missedKeySets, newNonce, welcome } from "./handshake";
import type { AgentHello } from "./handshake";
import { JobSender } from "./job-sender";
import type { JobTimes } from "./job-sender";
import { versionHint } from "./version-hint";

export interface SessionTimes extends JobTimes {
  readonly helloMs: number;
  readonly pingMs: number;
}

export interface SessionDependencies {
  readonly keys: JobKeys;
  readonly times: SessionTimes;
  readonly log: Logger;
  readonly auditLog: AuditLog;
  readonly ip: string | null;
  readonly reports: HostReports;
  readonly admission: Pick<HostAdmission, "find" | "earlierKey" | "offer" | "confirm">;
  /** Counts up with the connections of this server. */
  readonly connection: number;
  /**
   * The agent has proved who it is, and that it knows of every connection before this one. From now on this session is the host's;
   * resolves once its session before has judged its last frame, with how far that has heard.
   */
  readonly onReady: (session: AgentSession) => Promise<EventCursor>;
  readonly onClosed: (session: AgentSession) => Promise<void>;
}

const CLOSE = { normal: 1000, wrongData: 1003, refused: 1008, internal: 1011 } as const;
/** Frames that wait to be judged; the socket is not read further while there are more. */
const FRAMES_WAITING_MAX = 64;
/** Events after which one acknowledges at the latest. */
const ACK_EVERY = 32;

interface ReadyState {
  readonly name: "ready";
  readonly hello: AgentHello;
  readonly hostKey: VerifyKey;
  readonly jobs: JobSender;
  /** Null until the session before has judged its last frame. */
  readonly events: EventCursor | null;
}
type State =
  | { readonly name: "challenged" }
  | { readonly name: "welcomed"; readonly hello: AgentHello; readonly hostKey: VerifyKey; readonly offer: number }
  | ReadyState
  | { readonly name: "closed" };

/** Refusals that say that a job was lost, came twice or out of turn: the connection is not what it should be. */
const OUT_OF_TURN: ReadonlySet<string> = new Set(["SEQ", "SESSION"]);

/**
 * One agent's connection: challenge → hello → welcome → first report, then reports come in and jobs go out. Frames are judged one after
 * the other in the order of their arrival. Any breach of the protocol ends the connection; the agent may come again.
 */
export class AgentSession {
  #state: State = { name: "challenged" };
  #waiting = 0;
  /** Has heard something that the agent does not know of yet. */
  #owed: EventCursor | null = null;
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

  /** Resolves when everything that has come so far was judged, or passed over because the connection was ended. */
  get judged(): Promise<void> {
    return this.#queue;
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
        if (this.#waiting === 0) this.#acknowledge();
        if (this.#waiting < FRAMES_WAITING_MAX / 2 && this.socket.isPaused) this.socket.resume();
      });
  }

  async #judge(bytes: Buffer): Promise<void> {
    if (this.#dismissed) return;
    const decoded = decodeStrictJson(bytes, AGENT_FRAME_LIMITS);
    if (!decoded.ok) return this.#breach(decoded.error.code, decoded.error.message);
    const message = AgentFrameSchema.safeParse(decoded.value);
    if (!message.success) return this.#breach("SCHEMA", "a message that this server does not know; are both of the same version?");
    const frame = message.data;
    if (frame.type === "hello") return this.#greet(frame);
    const ready = await this.#ready();
    if (!ready) return;
    if (frame.type === "event" || frame.type === "gap") return this.#event(ready, frame);
    if (isAgentEvent(frame)) return this.#breach("PROTOCOL", "an event without its number");
    await this.#answer(ready, frame);
  }

  /** In order and once, whatever way it took. What is missing comes again on the next connection. */
  async #event({ hello: { agentId }, events: cursor }: ReadyState, frame: EventFrame | GapFrame): Promise<void> {
    if (frame.type === "event" && !isAgentEvent(frame.event)) return this.#breach("PROTOCOL", "a number on what is no event");
    const place = cursor?.placeOf(frame) ?? "missing";
    if (!cursor || place === "missing") return this.#breach("SEQ", "an event before it is missing");
    if (place === "next") {
      if (frame.type === "event") await this.#report(agentId, frame.event as AgentEvent);
      const lost = cursor.advance(frame);
      if (lost) this.use.reports.lost(agentId, lost);
    }
    this.#owed = cursor;
    if (cursor.ack.seq % ACK_EVERY === 0) this.#acknowledge();
  }

  /** One answer for all that wait, events or not: a storm is not answered by another one, and no event waits for the next one. */
  #acknowledge(): void {
    if (this.#owed && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(this.#owed.ack));
    this.#owed = null;
  }

  async #greet(message: Extract<AgentMessage, { type: "hello" }>): Promise<void> {
    if (this.#state.name !== "challenged") return this.#breach("PROTOCOL", "a second hello");
    clearTimeout(this.#helloTimer);
    const hint = versionHint(message.hello);
    if (hint !== null) return this.#breach("PROTOCOL", hint, { reason: hint, claimed: claimedHost(message.hello) });
    const { admission, keys } = this.use;
    const checked = await checkHello(message.hello, this.#serverNonce, admission);
    if (!checked.ok) return this.#breach(checked.error.code, checked.error.message, { reason: checked.error.state, claimed: claimedHost(message.hello) });
    const { hello, hostKey, proof } = checked.value;
    if (this.#dismissed || this.socket.readyState !== WebSocket.OPEN) return;
    this.#claimed = hello.agentId;
    const offer = await this.#offer(hello, proof);
    if (!offer.ok) return this.#breach(offer.error.code, offer.error.message, { reason: offer.error.state, claimed: hello.agentId });
    if (this.#dismissed || this.socket.readyState !== WebSocket.OPEN) return;
    this.#state = { name: "welcomed", hello, hostKey, offer: offer.value };
    this.#helloTimer = this.#waitForWord();
    for (const said of [...missedKeySets(hello, keys), welcome(hello, offer.value, keys)]) this.socket.send(JSON.stringify(said));
  }

  /** A host that gets another key by it is a matter for the audit log. */
  #offer({ agentId, joinSeq }: AgentHello, proof: HelloProof): ReturnType<HostAdmission["offer"]> {
    const { admission, auditLog, connection, ip } = this.use;
    const offer = (): ReturnType<HostAdmission["offer"]> => admission.offer(agentId, joinSeq, connection, proof);
    if (proof.nextKey === null) return offer();
    return auditLog.perform({ action: "agent.replace-key", actor: agentActor(agentId), ip, object: { kind: "host-key", id: agentId, name: null } }, offer, (answer) => (answer.ok ? null : endOf(answer.error.code)));
  }

  /** The first word after the welcome says that the agent has kept its number; before it no job goes out. */
  async #ready(): Promise<ReadyState | null> {
    const state = this.#state;
    if (state.name === "ready") return state;
    if (state.name !== "welcomed") return (this.#breach("PROTOCOL", "a message before the hello"), null);
    const { admission, auditLog, keys, times, onReady, reports } = this.use;
    const { agentId, agentNonce } = state.hello;
    clearTimeout(this.#helloTimer);
    if (!(await admission.confirm(agentId, state.offer))) return (this.#breach("SESSION", "another connection of this host was welcomed meanwhile"), null);
    if (this.#dismissed) return null;
    const jobs = new JobSender(agentId, agentNonce, keys.current, (frame) => this.socket.send(frame), times, () => auditLog.head);
    const proved: ReadyState = { name: "ready", hello: state.hello, hostKey: state.hostKey, jobs, events: null };
    this.#state = proved;
    const events = await onReady(this);
    if (this.#dismissed) return null;
    const ready = { ...proved, events };
    this.#state = ready;
    await reports.connected(agentId, state.hello);
    return ready;
  }

  async #report(hostId: string, event: AgentEvent): Promise<void> {
    const { reports } = this.use;
    switch (event.type) {
      case "inventory": return reports.inventory(hostId, event);
      case "job-done": return reports.done(hostId, event);
      case "deployment": return reports.deployment(hostId, event);
      case "objects": return reports.objects(hostId, event);
      case "log": return reports.logLine(hostId, event);
      case "activity": return reports.activity(hostId, event);
    }
  }

  async #answer(ready: ReadyState, message: Exclude<AgentMessage, AgentEvent | { type: "hello" }>): Promise<void> {
    const { hello: { agentId: hostId }, jobs } = ready;
    const { reports } = this.use;
    switch (message.type) {
      case "job-accepted": return reports.accepted(hostId, message);
      case "job-refused": return this.#refused(ready, message);
      case "counters": return reports.counters(hostId, message);
      case "load": return reports.board.note(hostId, { load: message.load });
      case "checks": return this.#checks(ready, message);
      case "cancel-done": return this.#answered(hostId, message, jobs.answer("cancel", message.jobId, message.outcome));
      case "plan-done": return this.#answered(hostId, message, jobs.answer("plan", message.jobId, message.plan));
      case "probe-done": return this.#answered(hostId, message, jobs.answer("probe", message.jobId, message.result));
      case "inspect-done": return this.#answered(hostId, message, jobs.answer("inspect", message.jobId, message.inspection));
      case "measure-done": return this.#answered(hostId, message, jobs.answer("measure", message.jobId, message.result));
      case "rule-hits-done": return this.#answered(hostId, message, jobs.answer("rule-hits", message.jobId, message.hits));
    }
  }

  #waitForWord(): NodeJS.Timeout {
    return setTimeout(() => this.close(CLOSE.refused, "no hello"), this.use.times.helloMs);
  }

  #checks({ hello: { agentId: hostId }, jobs }: ReadyState, message: Extract<AgentMessage, { type: "checks" }>): void {
    const { type, jobId, at, checks } = message;
    this.use.reports.board.note(hostId, { checks: { at, checks } });
    if (jobId !== undefined) this.#answered(hostId, { type, jobId }, jobs.answer("checks", jobId, { at, checks }));
  }

  /** A result that nobody waits for: of a job that was never sent here, or too late. */
  #answered(hostId: string, { type, jobId }: { readonly type: AgentMessage["type"]; readonly jobId: string }, awaited: boolean): void {
    if (!awaited) this.use.auditLog.refused({ action: `agent.${type}`, actor: agentActor(hostId), ip: this.use.ip, object: null }, "NOT_FOUND", jobId);
  }

  async #refused({ hello, hostKey, jobs }: ReadyState, message: Extract<AgentMessage, { type: "job-refused" }>): Promise<void> {
    const signed = checkResult(message, hello, hostKey);
    if (!signed.ok) return this.#breach(signed.error.code, signed.error.message);
    const { jobId } = message;
    const failure = signed.value;
    this.use.log.warn({ hostId: hello.agentId, jobId, failure }, "a host refused a job");
    // Without an id nobody knows which job it was; sequence numbers no longer agree, so begin again.
    if (jobId === null) return this.close(CLOSE.refused, "refused without id");
    // Not the host's answer to the job: what is still asked of it is sent again on the next connection.
    if (OUT_OF_TURN.has(failure.code)) return this.close(CLOSE.refused, failure.code);
    if (!jobs.refuse(jobId, failure)) await this.use.reports.refused(hello.agentId, jobId, failure);
  }

  /** `reason`: what the agent is told, the code unless said otherwise. `claimed`: whom a hello names. */
  #breach(code: string, message: string, { reason = code, claimed = null }: { reason?: string | undefined; claimed?: string | null } = {}): void {
    const { hostId } = this;
    // Whom a refused hello names has not been proved.
    const by = hostId === null ? { action: "agent.hello", actor: ANONYMOUS } : { action: "agent.message", actor: agentActor(hostId) };
    this.use.auditLog.refused({ ...by, ip: this.use.ip, object: claimed === null ? null : { kind: "host", id: claimed, name: null } }, code);
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

/** The host that a hello says it comes from, whoever has signed it. */
function claimedHost(hello: Parameters<typeof peekEnvelope>[0]): string | null {
  const claimed = peekEnvelope(hello, AgentHelloSchema);
  return claimed.ok ? claimed.value.agentId : null;
}
