import type { IncomingMessage } from "node:http";
import { FRAME_BYTES_MAX } from "@vpclab/shared/wire/messages";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import type { Inspection, MeasuredFlows, ProbeResult, RuleHits } from "@vpclab/shared/wire/live";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import type { AgentLink, ApplyDraft, CancelDraft, Cancelled, ChecksDraft, InspectDraft, MeasureDraft, PlanDraft, ProbeDraft, RuleHitsDraft } from "../services/agent-link";
import type { HostChecks } from "@vpclab/shared/wire/host-report";
import type { AuditLog } from "../services/audit-log";
import type { HostAdmission } from "../services/host-admission";
import { hostOffline } from "../services/host-service";
import type { HostReports } from "../services/host-reports";
import type { JobKeys } from "../signing/job-key";
import { AgentSession } from "./agent-session";
import type { SessionTimes } from "./agent-session";
import { EventCursor } from "./event-cursor";
import { JOB_TIMES } from "./job-sender";
import type { JobSender } from "./job-sender";

export const SESSION_TIMES: SessionTimes = { ...JOB_TIMES, helloMs: 10_000, pingMs: 15_000 };

interface HubOptions {
  readonly keys: JobKeys;
  readonly log: Logger;
  readonly auditLog: AuditLog;
  readonly times?: SessionTimes;
}

/** The connections of all hosts, at most one each: the newest that proved who it is. */
export class AgentHub implements AgentLink {
  /** Takes upgrades that the upgrade router hands to it. */
  readonly server = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX, maxFragments: 64, perMessageDeflate: false });
  /** By host; those that have proved who they are. */
  readonly #sessions = new Map<string, AgentSession>();
  readonly #all = new Set<AgentSession>();
  /** By host; outlives its connections. */
  readonly #cursors = new Map<string, EventCursor>();
  #reports: HostReports | null = null;
  #admission: HostAdmission | null = null;
  #connections = 0;

  constructor(private readonly options: HubOptions) {
    this.server.on("connection", (socket: WebSocket, request: IncomingMessage) => this.#connected(socket, request.socket.remoteAddress ?? null));
  }

  /** The hub and these two know each other; this closes the circle before the first connection. */
  open(admission: HostAdmission, reports: HostReports): void {
    this.#admission = admission;
    this.#reports = reports;
  }

  isOnline(hostId: string): boolean {
    return this.#jobsOf(hostId) !== null;
  }

  sendApply(hostId: string, job: ApplyDraft): boolean {
    const jobs = this.#jobsOf(hostId);
    jobs?.apply(job);
    return jobs !== null;
  }

  cancel(hostId: string, job: CancelDraft): Promise<Cancelled> {
    const jobs = this.#jobsOf(hostId);
    return jobs ? jobs.cancel(job) : Promise.reject(hostOffline("it cannot be told"));
  }

  plan(hostId: string, job: PlanDraft): Promise<PlanPreview> {
    const jobs = this.#jobsOf(hostId);
    return jobs ? jobs.plan(job) : Promise.reject(hostOffline("nobody can look at its network"));
  }

  probe(hostId: string, job: ProbeDraft): Promise<ProbeResult> {
    const jobs = this.#jobsOf(hostId);
    return jobs ? jobs.probe(job) : Promise.reject(hostOffline("no packet can be sent"));
  }

  measure(hostId: string, job: MeasureDraft): Promise<MeasuredFlows> {
    const jobs = this.#jobsOf(hostId);
    return jobs ? jobs.measure(job) : Promise.reject(hostOffline("no packet can be sent"));
  }

  inspect(hostId: string, job: InspectDraft): Promise<Inspection> {
    const jobs = this.#jobsOf(hostId);
    return jobs ? jobs.inspect(job) : Promise.reject(hostOffline("nobody can look at its network"));
  }

  ruleHits(hostId: string, job: RuleHitsDraft): Promise<RuleHits> {
    const jobs = this.#jobsOf(hostId);
    return jobs ? jobs.ruleHits(job) : Promise.reject(hostOffline("nobody can look at its counters"));
  }

  checks(hostId: string, job: ChecksDraft): Promise<HostChecks> {
    const jobs = this.#jobsOf(hostId);
    return jobs ? jobs.checks(job) : Promise.reject(hostOffline("nobody can look at its system"));
  }

  /** Ends a host's connections, also one that is not ready yet. The reason goes to whoever speaks there. */
  disconnect(hostId: string, reason: string): void {
    for (const session of this.#all) if (session.speaksFor(hostId)) session.close(1008, reason);
  }

  /** Ends all connections, so that their agents come again: what they were welcomed with holds no more. */
  disconnectAll(reason: string): void {
    for (const session of this.#all) session.close(1012, reason);
  }

  /** Ends all connections and waits until what came by them is written down. */
  async close(): Promise<void> {
    this.server.close();
    for (const session of this.#all) session.close(1001, "server stops");
    await Promise.all([...this.#all].map((session) => session.finished));
  }

  #connected(socket: WebSocket, ip: string | null): void {
    const reports = this.#reports;
    const admission = this.#admission;
    if (!reports || !admission) return socket.terminate();
    const { keys, log, auditLog, times = SESSION_TIMES } = this.options;
    const session = new AgentSession(socket, {
      keys, log, auditLog, ip, admission, times, reports, connection: ++this.#connections,
      onReady: (ready) => this.#ready(ready),
      onClosed: (closed) => this.#closed(closed, reports),
    });
    this.#all.add(session);
    void session.finished.then(() => this.#all.delete(session));
  }

  async #ready(session: AgentSession): Promise<EventCursor> {
    const { hostId } = session;
    if (hostId === null) throw new Error("a session without a host cannot be ready");
    const earlier = this.#sessions.get(hostId);
    const cursor = this.#cursors.get(hostId) ?? new EventCursor();
    this.#cursors.set(hostId, cursor);
    this.#sessions.set(hostId, session);
    earlier?.close(1008, "a newer connection took over");
    const { mode, kernel, version } = session.hello ?? {};
    this.options.log.info({ hostId, mode, kernel, version }, "a host connected");
    await earlier?.judged;
    return cursor;
  }

  async #closed(session: AgentSession, reports: HostReports): Promise<void> {
    const { hostId, hello } = session;
    if (hostId === null || hello === null || this.#sessions.get(hostId) !== session) return;
    this.#sessions.delete(hostId);
    this.options.log.info({ hostId }, "a host disconnected");
    try {
      await reports.disconnected(hostId, hello);
    } catch (error) {
      this.options.log.error({ err: error, hostId }, "the end of a connection was not recorded");
    }
  }

  #jobsOf(hostId: string): JobSender | null {
    return this.#sessions.get(hostId)?.jobs ?? null;
  }
}
