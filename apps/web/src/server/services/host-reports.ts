import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { AuditHead } from "@vpclab/shared/wire/audit";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import type { Deployment, JobFailure } from "@vpclab/shared/wire/live";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { Logger } from "pino";
import type { LiveBus } from "../bus/live-bus";
import { EMPTY_DEPLOYMENT } from "../bus/live-state";
import type { Database } from "../store/database";
import { listHosts, recordHostSeen } from "../store/host-store";
import type { HostFacts } from "../store/host-store";
import { findJob, findNewestJob, finishJob, markAcked, takeBackJob } from "../store/job-store";
import type { JobRow } from "../store/job-store";
import { findDocument } from "../store/revision-store";
import { adoptTopologies, findTopologyLocked, listTopologiesOn, raiseGeneration, saveDeployment } from "../store/topology-store";
import { recordFromHost } from "./activity-recorder";
import type { AgentLink } from "./agent-link";
import type { AuditLog } from "./audit-log";
import { agentActor, AuditScope } from "./audit-scope";
import type { AuditedAction } from "./audit-scope";
import type { Deployments } from "./deployment-service";
import { askedFor, endBySight, isOpen, mustSend, refusedFor } from "./deployment-state";
import { hearWitness } from "./audit-witness";
import type { HostBoard } from "./host-board";
import { defaultHost, publishHost } from "./host-service";
import { failureOfReturn } from "./safe-apply";

/** A removed topology is in no inventory, so nobody knows how far its host is ahead; each refusal leads further. */
const GENERATIONS_AHEAD = 1000;
/** Beyond this a host is not ahead but tells tales: numbers end at 2³¹. */
const GENERATIONS_AHEAD_MAX = 1_000_000;
const RESTORED = "The host has carried out newer orders for this topology than this server knows of; its data seems to have been restored from an older copy. " +
  "Nothing was changed on the host. Compare with the plan, then press Apply or Tear down: that puts what this server says in the place of what the host holds.";

const OTHER_CONTENT = "The host holds another drawing than this server has asked for under the same number, so what is there now is not known. " +
  "Nothing was changed on the host. Press Apply or Tear down: that puts what this server says in the place of what the host holds.";

type Report<T extends AgentMessage["type"]> = Extract<AgentMessage, { type: T }>;

/** Objects of one topology that a host may report about; a drawing has fewer by its limits. */
const OBJECTS_MAX = 20_000;
/** Objects of all topologies of one host that are counted at the same time. */
const SERIES_MAX = 10_000;

const UNKNOWN_DEPLOYMENT: Deployment = { ...EMPTY_DEPLOYMENT, state: "unknown" };

/** Nobody ever asked for that generation, so what is told of it is made up. */
const wasNeverIssued = (deployment: Pick<Deployment, "generation">, row: { readonly generation: number }): boolean => deployment.generation > row.generation;

/**
 * What hosts say, judged: a host speaks only about its own topologies and about jobs that it was sent. Everything else
 * is dropped, because an agent may be taken over like any other program.
 */
export class HostReports {
  /** Of hosts that have connected, for the audit log. */
  readonly #names = new Map<string, string>();
  /** Counted objects by host and topology. */
  readonly #series = new Map<string, Map<string, number>>();

  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly deployments: Deployments,
    private readonly agents: Pick<AgentLink, "isOnline">,
    private readonly log: Logger,
    private readonly auditLog: AuditLog,
    readonly board: HostBoard,
  ) {}

  async connected(hostId: string, facts: HostFacts): Promise<void> {
    const { tables } = this.database;
    await recordHostSeen(tables, hostId, facts, new Date());
    // Drawings that were made before there was any host go where new ones go.
    if (defaultHost(await listHosts(tables))?.id === hostId) {
      for (const topologyId of await adoptTopologies(tables, hostId)) this.bus.assign(topologyId, hostId);
    }
    await this.#publishHost(hostId);
  }

  async disconnected(hostId: string, facts: HostFacts): Promise<void> {
    this.#series.delete(hostId);
    this.board.away(hostId);
    await recordHostSeen(this.database.tables, hostId, facts, new Date());
    await this.#publishHost(hostId);
  }

  /** After every connection: what the host holds is compared with what it should hold, and what differs is sent again. */
  async inventory(hostId: string, report: Report<"inventory">): Promise<void> {
    await this.#hearWitness(hostId, report.auditHeads ?? []);
    const seen = new Map(report.topologies.map((told) => [told.topologyId, told]));
    for (const { id, generation } of await listTopologiesOn(this.database.tables, hostId)) {
      const { deployment = EMPTY_DEPLOYMENT, contentHash = "" } = seen.get(id) ?? {};
      seen.delete(id);
      if (generation > 0) await this.#compare(hostId, id, deployment, contentHash);
    }
    for (const topologyId of seen.keys()) this.log.warn({ hostId, topologyId }, "the host holds a topology that it was not asked for");
    const unknown = seen.size;
    if (unknown === 0) return;
    const text = `The host also holds ${unknown === 1 ? "a topology" : `${unknown} topologies`} that this server does not know (${[...seen.keys()].slice(0, 3).join(", ")}). It stays as it is; on the host, vpcctl purge removes everything.`;
    this.bus.publishLog(hostId, { at: Date.now(), level: "warn", text });
  }

  async accepted(hostId: string, { jobId }: Report<"job-accepted">): Promise<void> {
    const job = await this.#jobOf(hostId, jobId);
    if (!job || !(await markAcked(this.database.tables, jobId))) return this.#unheard(hostId, "job-accepted", { jobId });
    this.deployments.accepted(jobId, job.topologyId);
  }

  async refused(hostId: string, jobId: string, failure: JobFailure): Promise<void> {
    const job = await this.#jobOf(hostId, jobId);
    if (!job) {
      this.#unheard(hostId, "job-refused", { jobId });
      return this.auditLog.refused(this.#by(hostId, "job.end", null), "NOT_FOUND", jobId);
    }
    const open = await this.auditLog.perform(this.#by(hostId, "job.end", job.topologyId), () => this.database.transaction(async (tables) => {
      AuditScope.current()?.noteJob(jobId);
      if (!(await finishJob(tables, jobId, "refused", failure))) return noteUnheard(contradicts(job, "refused") ? "CONFLICT" : null);
      AuditScope.current()?.noteEnd("refused", failure.code);
      return true;
    }));
    if (!open) return this.#unheard(hostId, "job-refused", { jobId });
    if (failure.code === "EXPIRED") this.deployments.expired(jobId, job.topologyId);
    else this.deployments.settled(jobId);
    if (failure.code === "STALE" || failure.code === "EQUIVOCATION") await this.#ahead(job.topologyId, job.generation + GENERATIONS_AHEAD);
    const feed = this.bus.feedOn(hostId, job.topologyId);
    const row = await this.database.transaction((tables) => findTopologyLocked(tables, job.topologyId));
    if (!feed || !row) return;
    // What was shown as pending will not come: back to what the host said last.
    feed.publish({ type: "deployment", deployment: refusedFor(row.deployment ?? EMPTY_DEPLOYMENT, failure), failure });
    feed.publish({ type: "log", line: { at: Date.now(), level: "error", text: failure.message } });
  }

  async done(hostId: string, { jobId, topologyId, deployment, failure }: Report<"job-done">): Promise<void> {
    const failed = failure !== undefined || deployment.state === "failed";
    const ended = await this.auditLog.perform(this.#by(hostId, "job.end", topologyId), () => this.database.transaction(async (tables) => {
      AuditScope.current()?.noteJob(jobId);
      const row = await findTopologyLocked(tables, topologyId);
      const job = await findJob(tables, jobId);
      if (!row || !job || row.hostId !== hostId || job.topologyId !== topologyId || wasNeverIssued(deployment, row)) return noteUnheard("FORBIDDEN");
      AuditScope.current()?.noteObject({ kind: "topology", id: topologyId, name: row.name }, job.revision);
      const end = failed ? "failed" : "applied";
      if (!(await finishJob(tables, jobId, end, failure ?? null))) return noteUnheard(contradicts(job, end) ? "CONFLICT" : null);
      if (failed) AuditScope.current()?.noteEnd("failed", failure?.code ?? null);
      // A newer job is on its way: this is not the last word.
      if (job.generation !== row.generation) return { newest: false };
      await saveDeployment(tables, topologyId, deployment);
      return { newest: true };
    }));
    if (!ended) return this.#unheard(hostId, "job-done", { jobId, topologyId });
    this.deployments.settled(jobId);
    const { newest } = ended;
    if (!newest) return;
    this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment, ...(failure ? { failure } : {}) });
  }

  /** The host saw a change that nobody asked for. */
  async deployment(hostId: string, { topologyId, deployment }: Report<"deployment">): Promise<void> {
    const isLastWord = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      if (!row || row.hostId !== hostId || wasNeverIssued(deployment, row)) return null;
      await saveDeployment(tables, topologyId, deployment);
      const newest = await findNewestJob(tables, topologyId);
      return !newest || !isOpen(newest) || deployment.generation === newest.generation;
    });
    if (isLastWord === null) {
      this.#unheard(hostId, "deployment", { topologyId });
      return this.auditLog.refused(this.#by(hostId, "agent.deployment", topologyId), "FORBIDDEN");
    }
    const failure = await this.#tookBack(hostId, topologyId, deployment);
    if (isLastWord) this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment, ...(failure ? { failure } : {}) });
  }

  /** The host went back by itself from what was asked of it last: that job has failed, whatever was said of it before. Null: no news. */
  async #tookBack(hostId: string, topologyId: string, deployment: Deployment): Promise<JobFailure | null> {
    const failure = failureOfReturn(deployment);
    if (!failure) return null;
    const isNews = await this.auditLog.perform(this.#by(hostId, "job.return", topologyId), () => this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      const job = await findNewestJob(tables, topologyId);
      const isOurs = row?.hostId === hostId && job?.kind === "apply" && job.generation === deployment.generation;
      if (!isOurs || !(await takeBackJob(tables, job.id, failure))) return noteUnheard(null);
      AuditScope.current()?.noteJob(job.id);
      AuditScope.current()?.noteObject({ kind: "topology", id: topologyId, name: row.name }, job.revision);
      AuditScope.current()?.noteRevision(topologyId, deployment.revision);
      AuditScope.current()?.noteEnd("failed", failure.code);
      return { jobId: job.id };
    }));
    if (!isNews) return null;
    this.deployments.settled(isNews.jobId);
    this.bus.feedOn(hostId, topologyId)?.publish({ type: "log", line: { at: Date.now(), level: "error", text: failure.message } });
    return failure;
  }

  objects(hostId: string, { topologyId, objects }: Report<"objects">): void {
    const feed = this.bus.feedOn(hostId, topologyId);
    if (!feed || Object.keys(feed.state.deployment.objects).length + Object.keys(objects).length > OBJECTS_MAX) return;
    feed.publish({ type: "objects", objects });
  }

  counters(hostId: string, { at, topologies }: Report<"counters">): void {
    const series = this.#series.get(hostId) ?? new Map<string, number>();
    this.#series.set(hostId, series);
    for (const [topologyId, counters] of Object.entries(topologies)) {
      const feed = this.bus.feedOn(hostId, topologyId);
      const count = Object.keys(counters).length;
      const others = [...series].reduce((total, [id, known]) => total + (id === topologyId ? 0 : known), 0);
      if (!feed || others + count > SERIES_MAX) continue;
      series.set(topologyId, count);
      feed.publishCounters(at, counters);
    }
  }

  logLine(hostId: string, { topologyId, line }: Report<"log">): void {
    if (topologyId === null) this.log.info({ hostId, agent: line }, "the agent says");
    else this.bus.feedOn(hostId, topologyId)?.publish({ type: "log", line });
  }

  /** Events of a host are gone for good; what is shown of its state is told anew after them. */
  lost(hostId: string, { from, to }: { from: number; to: number }): void {
    this.log.warn({ hostId, from, to }, "events of a host are lost");
    const text = `${to - from + 1} events of the host are missing here (its numbers ${from} to ${to}): more came about than it could keep while the server did not hear it. The states shown are current; the host's own log has the rest.`;
    this.bus.publishLog(hostId, { at: Date.now(), level: "warn", text });
  }

  activity(hostId: string, { entry }: Report<"activity">): Promise<void> {
    return recordFromHost(this.database, this.bus, hostId, entry);
  }

  /** A taken-over agent, or one that is confused: what it says counts for nothing, and somebody may want to know. */
  #unheard(hostId: string, type: AgentMessage["type"], about: object): void {
    this.log.warn({ hostId, type, ...about }, "a host speaks of what is not its own, or is over: not heard");
  }

  /** `contentHash`: of what the host was asked for last, as it says; empty: it does not know. */
  async #compare(hostId: string, topologyId: string, told: Deployment, contentHash: string): Promise<void> {
    const { newest, desired, send, seen, isOther, end } = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      const newest = await findNewestJob(tables, topologyId);
      if (!row || !newest || row.hostId !== hostId) return { newest: null, desired: null, send: false, seen: told, isOther: false, end: null };
      const desired = newest.kind === "apply" ? await findDocument(tables, topologyId, newest.revision) : null;
      const isAhead = wasNeverIssued(told, row) && told.generation <= row.generation + GENERATIONS_AHEAD_MAX;
      const isOther = told.generation === newest.generation && contentHash !== "" && contentHash !== contentHashOf(row.name, desired);
      const seen = isOther || (wasNeverIssued(told, row) && !isAhead) ? UNKNOWN_DEPLOYMENT : told;
      await saveDeployment(tables, topologyId, seen);
      // An honest host would refuse the same generation with another content: a person has to ask anew.
      if (isAhead || isOther) {
        const failure = isAhead ? ({ code: "STALE", message: RESTORED } as const) : ({ code: "EQUIVOCATION", message: OTHER_CONTENT } as const);
        if (isOpen(newest)) await finishJob(tables, newest.id, "refused", failure);
        return { newest, desired: null, send: false, seen, isOther, end: null };
      }
      const send = mustSend(newest, seen);
      // The word that it was done, or stopped, got lost on the way.
      const end = !send && isOpen(newest) && !seen.returned ? endBySight(newest, seen) : null;
      if (end) await finishJob(tables, newest.id, end.state, end.failure);
      return { newest, desired, send, seen, isOther, end };
    });
    if (!newest) return;
    if (isOther) {
      this.auditLog.refused(this.#by(hostId, "agent.inventory", topologyId), "EQUIVOCATION");
      this.bus.feedOn(hostId, topologyId)?.publish({ type: "log", line: { at: Date.now(), level: "error", text: OTHER_CONTENT } });
    }
    if (seen.generation > newest.generation) await this.#ahead(topologyId, seen.generation);
    const failure = end?.failure ?? (send ? null : await this.#tookBack(hostId, topologyId, seen));
    this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment: send ? askedFor(seen, desired) : seen, ...(failure ? { failure } : {}) });
    if (send) await this.deployments.dispatch(topologyId, true);
    else if (!end && newest.cancelledBy !== null && isOpen(newest)) await this.deployments.cancels.again(newest, hostId);
  }

  /** An agent that has seen another audit log than this server has is an alarm: in both logs, and on the page. */
  async #hearWitness(hostId: string, heads: readonly AuditHead[]): Promise<void> {
    const fault = await hearWitness(this.database.tables, hostId, heads);
    if (!fault) return;
    this.log.error({ hostId, ...fault }, "SECURITY the audit log is not the one that an agent has seen");
    await this.auditLog.failed({ ...this.#by(hostId, "audit.alarm", null), object: { kind: "audit-entry", id: `${fault.sequence}`, name: null } }, "AUDIT_CHAIN");
  }

  #by(hostId: string, action: string, topologyId: string | null): AuditedAction {
    const actor = agentActor(hostId, this.#names.get(hostId) ?? null);
    return { action, actor, ip: null, object: topologyId === null ? null : { kind: "topology", id: topologyId, name: null } };
  }

  /** The next order of a person will be newer than all that the host has; until then nothing is sent. */
  async #ahead(topologyId: string, generation: number): Promise<void> {
    const row = await this.database.transaction((tables) => findTopologyLocked(tables, topologyId));
    if (!row || generation <= row.generation || generation > row.generation + GENERATIONS_AHEAD_MAX) return;
    await raiseGeneration(this.database.tables, topologyId, generation);
    this.bus.feed(topologyId)?.publish({ type: "log", line: { at: Date.now(), level: "error", text: RESTORED } });
  }

  async #jobOf(hostId: string, jobId: string): Promise<JobRow | null> {
    const job = await findJob(this.database.tables, jobId);
    return job && this.bus.feedOn(hostId, job.topologyId) ? job : null;
  }

  async #publishHost(hostId: string): Promise<void> {
    const host = await publishHost(this.database, this.bus, this.agents, hostId);
    if (host) this.#names.set(hostId, host.name);
  }
}

/** A result that counts for nothing, and is written down as refused; null: one that was heard before. */
function noteUnheard(code: ErrorCode | null): false {
  if (code === null) AuditScope.current()?.noteSilence();
  else AuditScope.current()?.noteEnd("refused", code);
  return false;
}

/** Whether a host takes back what it said of a job. One that another job took the place of may end in any way. */
const contradicts = ({ state }: JobRow, end: JobRow["state"]): boolean => !isOpen({ state }) && state !== "superseded" && state !== end;
