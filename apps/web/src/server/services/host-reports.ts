import type { AgentMessage } from "@vpclab/shared/wire/messages";
import type { Deployment, JobFailure } from "@vpclab/shared/wire/live";
import type { Logger } from "pino";
import type { LiveBus } from "../bus/live-bus";
import { EMPTY_DEPLOYMENT } from "../bus/live-state";
import type { Database } from "../store/database";
import { findHost, recordHostSeen } from "../store/host-store";
import type { HostFacts } from "../store/host-store";
import { findJob, findNewestJob, finishJob, markAcked } from "../store/job-store";
import type { JobRow } from "../store/job-store";
import { findDocument } from "../store/revision-store";
import { adoptTopologies, findTopologyLocked, listTopologiesOn, saveDeployment } from "../store/topology-store";
import { recordFromHost } from "./activity-recorder";
import type { AgentLink } from "./agent-link";
import type { Deployments } from "./deployment-service";
import { askedFor, isOpen, mustSend, refusedFor } from "./deployment-state";
import { hostInfo } from "./host-service";

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
  /** Counted objects by host and topology. */
  readonly #series = new Map<string, Map<string, number>>();

  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly deployments: Deployments,
    private readonly agents: Pick<AgentLink, "isOnline">,
    private readonly log: Logger,
  ) {}

  async connected(hostId: string, facts: HostFacts): Promise<void> {
    const { tables } = this.database;
    await recordHostSeen(tables, hostId, facts, new Date());
    for (const topologyId of await adoptTopologies(tables, hostId)) this.bus.assign(topologyId, hostId);
    await this.#publishHost(hostId);
  }

  async disconnected(hostId: string, facts: HostFacts): Promise<void> {
    this.#series.delete(hostId);
    await recordHostSeen(this.database.tables, hostId, facts, new Date());
    await this.#publishHost(hostId);
  }

  /** After every connection: what the host holds is compared with what it should hold, and what differs is sent again. */
  async inventory(hostId: string, report: Report<"inventory">): Promise<void> {
    const seen = new Map(report.topologies.map(({ topologyId, deployment }) => [topologyId, deployment]));
    for (const { id, generation } of await listTopologiesOn(this.database.tables, hostId)) {
      const deployment = seen.get(id);
      seen.delete(id);
      if (generation > 0) await this.#compare(hostId, id, deployment ?? EMPTY_DEPLOYMENT);
    }
    for (const topologyId of seen.keys()) this.log.warn({ hostId, topologyId }, "the host holds a topology that it was not asked for");
  }

  async accepted(hostId: string, { jobId }: Report<"job-accepted">): Promise<void> {
    const job = await this.#jobOf(hostId, jobId);
    if (!job || !(await markAcked(this.database.tables, jobId))) return this.#unheard(hostId, "job-accepted", { jobId });
    this.deployments.accepted(jobId, job.topologyId);
  }

  async refused(hostId: string, jobId: string, failure: JobFailure): Promise<void> {
    const job = await this.#jobOf(hostId, jobId);
    if (!job || !(await finishJob(this.database.tables, jobId, "refused", failure))) return this.#unheard(hostId, "job-refused", { jobId });
    this.deployments.settled(jobId);
    const feed = this.bus.feedOn(hostId, job.topologyId);
    const row = await this.database.transaction((tables) => findTopologyLocked(tables, job.topologyId));
    if (!feed || !row) return;
    // What was shown as pending will not come: back to what the host said last.
    feed.publish({ type: "deployment", deployment: refusedFor(row.deployment ?? EMPTY_DEPLOYMENT, failure), failure });
    feed.publish({ type: "log", line: { at: Date.now(), level: "error", text: failure.message } });
  }

  async done(hostId: string, { jobId, topologyId, deployment, failure }: Report<"job-done">): Promise<void> {
    const failed = failure !== undefined || deployment.state === "failed";
    const ended = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      const job = await findJob(tables, jobId);
      if (!row || !job || row.hostId !== hostId || job.topologyId !== topologyId || wasNeverIssued(deployment, row)) return null;
      if (!(await finishJob(tables, jobId, failed ? "failed" : "applied", failure ?? null))) return null;
      // A newer job is on its way: this is not the last word.
      if (job.generation !== row.generation) return { newest: false };
      await saveDeployment(tables, topologyId, deployment);
      return { newest: true };
    });
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
    if (isLastWord === null) return this.#unheard(hostId, "deployment", { topologyId });
    if (isLastWord) this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment });
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

  activity(hostId: string, { entry }: Report<"activity">): Promise<void> {
    return recordFromHost(this.database, this.bus, hostId, entry);
  }

  /** A taken-over agent, or one that is confused: what it says counts for nothing, and somebody may want to know. */
  #unheard(hostId: string, type: AgentMessage["type"], about: object): void {
    this.log.warn({ hostId, type, ...about }, "a host speaks of what is not its own, or is over: not heard");
  }

  async #compare(hostId: string, topologyId: string, told: Deployment): Promise<void> {
    const { newest, desired, send, seen } = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      const newest = await findNewestJob(tables, topologyId);
      if (!row || !newest || row.hostId !== hostId) return { newest: null, desired: null, send: false, seen: told };
      const seen = wasNeverIssued(told, row) ? UNKNOWN_DEPLOYMENT : told;
      await saveDeployment(tables, topologyId, seen);
      const send = mustSend(newest, seen);
      // The word that it was done got lost on the way.
      if (!send && isOpen(newest)) await finishJob(tables, newest.id, "applied", null);
      const desired = newest.kind === "apply" ? await findDocument(tables, topologyId, newest.revision) : null;
      return { newest, desired, send, seen };
    });
    if (!newest) return;
    this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment: send ? askedFor(seen, desired) : seen });
    if (send) await this.deployments.dispatch(topologyId, true);
  }

  async #jobOf(hostId: string, jobId: string): Promise<JobRow | null> {
    const job = await findJob(this.database.tables, jobId);
    return job && this.bus.feedOn(hostId, job.topologyId) ? job : null;
  }

  /** Whether it is online is asked last: while the end of one connection was written down, the next may have come. */
  async #publishHost(hostId: string): Promise<void> {
    const host = await findHost(this.database.tables, hostId);
    if (host) this.bus.publishHost(hostInfo(host, this.agents.isOnline(hostId)));
  }
}
