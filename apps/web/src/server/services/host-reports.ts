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
import { adoptTopologies, findTopologyLocked, listTopologiesOn, raiseGeneration, saveDeployment } from "../store/topology-store";
import { recordFromHost } from "./activity-recorder";
import type { AgentLink } from "./agent-link";
import type { Deployments } from "./deployment-service";
import { askedFor, isOpen, mustSend } from "./deployment-state";
import { hostInfo } from "./host-service";

/** A removed topology is in no inventory, so nobody knows how far its host is ahead; each refusal leads further. */
const GENERATIONS_AHEAD = 1000;
/** Beyond this a host is not ahead but tells tales: numbers end at 2³¹. */
const GENERATIONS_AHEAD_MAX = 1_000_000;
const RESTORED = "The host has carried out newer orders for this topology than this server knows of; its data seems to have been restored from an older copy. " +
  "Nothing was changed on the host. Compare with the plan, then press Apply or Tear down: that puts what this server says in the place of what the host holds.";

type Report<T extends AgentMessage["type"]> = Extract<AgentMessage, { type: T }>;

/** Objects of one topology that a host may report about; a drawing has fewer by its limits. */
const OBJECTS_MAX = 20_000;

/**
 * What hosts say, judged: a host speaks only about its own topologies and about jobs that it was sent. Everything else
 * is dropped, because an agent may be taken over like any other program.
 */
export class HostReports {
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
    const unknown = seen.size;
    if (unknown === 0) return;
    const text = `The host also holds ${unknown === 1 ? "a topology" : `${unknown} topologies`} that this server does not know (${[...seen.keys()].slice(0, 3).join(", ")}). It stays as it is; on the host, vpcctl purge removes everything.`;
    this.bus.publishLog(hostId, { at: Date.now(), level: "warn", text });
  }

  async accepted(hostId: string, { jobId }: Report<"job-accepted">): Promise<void> {
    const job = await this.#jobOf(hostId, jobId);
    if (!job) return;
    await markAcked(this.database.tables, jobId);
    this.deployments.accepted(jobId, job.topologyId);
  }

  async refused(hostId: string, jobId: string, failure: JobFailure): Promise<void> {
    const job = await this.#jobOf(hostId, jobId);
    if (!job || !(await finishJob(this.database.tables, jobId, "refused", failure))) return;
    this.deployments.settled(jobId);
    if (failure.code === "STALE" || failure.code === "EQUIVOCATION") await this.#ahead(job.topologyId, job.generation + GENERATIONS_AHEAD);
    const feed = this.bus.feedOn(hostId, job.topologyId);
    const row = await this.database.transaction((tables) => findTopologyLocked(tables, job.topologyId));
    if (!feed || !row) return;
    // What was shown as pending will not come: back to what the host said last.
    feed.publish({ type: "deployment", deployment: { ...(row.deployment ?? EMPTY_DEPLOYMENT), state: "failed" }, failure });
    feed.publish({ type: "log", line: { at: Date.now(), level: "error", text: failure.message } });
  }

  async done(hostId: string, { jobId, topologyId, deployment, failure }: Report<"job-done">): Promise<void> {
    const failed = failure !== undefined || deployment.state === "failed";
    const newest = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      const job = await findJob(tables, jobId);
      if (!row || !job || row.hostId !== hostId || job.topologyId !== topologyId) return false;
      if (!(await finishJob(tables, jobId, failed ? "failed" : "applied", failure ?? null))) return false;
      // A newer job is on its way: this is not the last word.
      if (job.generation !== row.generation) return false;
      await saveDeployment(tables, topologyId, deployment);
      return true;
    });
    this.deployments.settled(jobId);
    if (!newest) return;
    this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment, ...(failure ? { failure } : {}) });
  }

  /** The host saw a change that nobody asked for. */
  async deployment(hostId: string, { topologyId, deployment }: Report<"deployment">): Promise<void> {
    const isLastWord = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      if (!row || row.hostId !== hostId || deployment.generation > row.generation) return false;
      await saveDeployment(tables, topologyId, deployment);
      const newest = await findNewestJob(tables, topologyId);
      return !newest || !isOpen(newest) || deployment.generation === newest.generation;
    });
    if (isLastWord) this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment });
  }

  objects(hostId: string, { topologyId, objects }: Report<"objects">): void {
    const feed = this.bus.feedOn(hostId, topologyId);
    if (!feed || Object.keys(feed.state.deployment.objects).length + Object.keys(objects).length > OBJECTS_MAX) return;
    feed.publish({ type: "objects", objects });
  }

  counters(hostId: string, { at, topologies }: Report<"counters">): void {
    for (const [topologyId, counters] of Object.entries(topologies)) this.bus.feedOn(hostId, topologyId)?.publishCounters(at, counters);
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

  async #compare(hostId: string, topologyId: string, seen: Deployment): Promise<void> {
    const { newest, desired, send } = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      const newest = await findNewestJob(tables, topologyId);
      if (!row || !newest || row.hostId !== hostId) return { newest: null, desired: null, send: false };
      await saveDeployment(tables, topologyId, seen);
      const send = mustSend(newest, seen);
      if (seen.generation > row.generation) {
        if (isOpen(newest)) await finishJob(tables, newest.id, "refused", { code: "STALE", message: RESTORED });
        return { newest, desired: null, send: false };
      }
      // The word that it was done got lost on the way.
      if (!send && isOpen(newest)) await finishJob(tables, newest.id, "applied", null);
      const desired = newest.kind === "apply" ? await findDocument(tables, topologyId, newest.revision) : null;
      return { newest, desired, send };
    });
    if (!newest) return;
    if (seen.generation > newest.generation) await this.#ahead(topologyId, seen.generation);
    this.bus.feedOn(hostId, topologyId)?.publish({ type: "deployment", deployment: send ? askedFor(seen, desired) : seen });
    if (send) await this.deployments.dispatch(topologyId, true);
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

  /** Whether it is online is asked last: while the end of one connection was written down, the next may have come. */
  async #publishHost(hostId: string): Promise<void> {
    const host = await findHost(this.database.tables, hostId);
    if (host) this.bus.publishHost(hostInfo(host, this.agents.isOnline(hostId)));
  }
}
