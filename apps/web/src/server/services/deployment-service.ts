import { AppError } from "@vpclab/shared/errors/app-error";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ApplyAnswer, CancelAnswer, SafeApply } from "@vpclab/shared/wire/api";
import type { JobFailure } from "@vpclab/shared/wire/live";
import type { LiveBus } from "../bus/live-bus";
import type { Database } from "../store/database";
import { findHost, listHosts } from "../store/host-store";
import { createJob, findJob, findNewestJob, markQueued, markSent } from "../store/job-store";
import type { JobRow } from "../store/job-store";
import { findDocument } from "../store/revision-store";
import { findTopologyLocked, nextGeneration } from "../store/topology-store";
import type { TopologyRow } from "../store/topology-store";
import { findFor, lockFor } from "./access";
import { actorOf } from "./actor-of";
import type { AgentLink, ApplyDraft } from "./agent-link";
import { AuditScope } from "./audit-scope";
import { Cancels } from "./cancel-service";
import { askedFor, isOpen } from "./deployment-state";
import { defaultHost } from "./host-service";
import { standardConfirmSeconds } from "./safe-apply";
import { sendable } from "./sendable";
import type { Actor, DeploymentService } from "./services";

export interface DeploymentTimes {
  /** Until a sent job must be accepted, and until an accepted one must be done. */
  readonly acceptMs: number;
  readonly doneMs: number;
  /** Until a job that came too late by the host's clock is sent again. */
  readonly expiredMs: number;
}
const TIMES: DeploymentTimes = { acceptMs: 20_000, doneMs: 5 * 60_000, expiredMs: 60_000 };

export class Deployments implements DeploymentService {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly cancels: Cancels;

  constructor(
    private readonly database: Database,
    private readonly bus: LiveBus,
    private readonly agents: AgentLink,
    private readonly times: DeploymentTimes = TIMES,
  ) {
    this.cancels = new Cancels(database, bus, agents, (jobId) => this.settled(jobId));
  }

  apply(actor: Actor, topologyId: string, confirmSeconds?: number): Promise<ApplyAnswer> {
    return this.#ask(actor, topologyId, "apply", confirmSeconds);
  }

  async safeApply(actor: Actor, topologyId: string): Promise<SafeApply> {
    const { tables } = this.database;
    const { hostId } = await findFor(tables, actor, "view", topologyId);
    const host = hostId === null ? defaultHost(await listHosts(tables)) : await findHost(tables, hostId);
    const standard = host ? standardConfirmSeconds(host) : 0;
    return { seconds: (await findNewestJob(tables, topologyId))?.confirmSeconds ?? standard, standard };
  }

  teardown(actor: Actor, topologyId: string): Promise<ApplyAnswer> {
    return this.#ask(actor, topologyId, "teardown");
  }

  cancel(actor: Actor, topologyId: string): Promise<CancelAnswer> {
    return this.cancels.cancel(actor, topologyId);
  }

  /**
   * Sends the newest job of a topology to its host. False: nothing was sent, because the host is away or the job is on
   * its way already. `again`: the host has asked, or was found to hold something else.
   */
  async dispatch(topologyId: string, again = false): Promise<boolean> {
    const prepared = await this.database.transaction(async (tables) => {
      const row = await findTopologyLocked(tables, topologyId);
      const job = await findNewestJob(tables, topologyId);
      if (!row || !job || row.hostId === null || !this.agents.isOnline(row.hostId)) return null;
      if (!(await markSent(tables, job.id, again))) return null;
      const desired = job.kind === "apply" ? await findDocument(tables, topologyId, job.revision) : null;
      const host = await findHost(tables, row.hostId);
      return { hostId: row.hostId, draft: draftOf(row, job, desired, 1000 * (job.confirmSeconds ?? (host ? standardConfirmSeconds(host) : 0))) };
    });
    if (!prepared) return false;
    const { hostId, draft } = prepared;
    if (!this.agents.sendApply(hostId, draft)) {
      await markQueued(this.database.tables, draft.jobId);
      return false;
    }
    this.#expect(draft.jobId, topologyId, this.times.acceptMs, "The host does not answer; what is there now is not known.", () => this.agents.disconnect(hostId, "no answer"));
    return true;
  }

  /** The host has accepted a job and works on it. */
  accepted(jobId: string, topologyId: string): void {
    this.#expect(jobId, topologyId, this.times.doneMs, "The host has not finished in time; what is there now is not known.");
  }

  /** One of the two clocks is wrong, and somebody will put it right: what is still asked for then comes about without anybody asking again. */
  expired(jobId: string, topologyId: string): void {
    this.settled(jobId);
    const again = async (): Promise<void> => {
      this.#timers.delete(jobId);
      if ((await findNewestJob(this.database.tables, topologyId))?.id === jobId) await this.dispatch(topologyId, true);
    };
    // A database that is away answers at the next connection's inventory.
    this.#timers.set(jobId, setTimeout(() => void again().catch(() => undefined), this.times.expiredMs).unref());
  }

  /** The host has said how a job ended, or is gone: nothing is waited for any more. */
  settled(jobId: string): void {
    clearTimeout(this.#timers.get(jobId));
    this.#timers.delete(jobId);
  }

  close(): void {
    for (const jobId of [...this.#timers.keys()]) this.settled(jobId);
  }

  async #ask(actor: Actor, topologyId: string, kind: JobRow["kind"], chosen?: number): Promise<ApplyAnswer> {
    const { row, hostId, job } = await this.database.transaction(async (tables) => {
      const row = await lockFor(tables, actor, "deploy", topologyId);
      if (kind === "apply") sendable(row.document);
      else if (row.generation === 0) throw new AppError("NOT_APPLIED", `“${row.name}” was never applied, so there is nothing to tear down.`);
      const hostId = row.hostId ?? defaultHost(await listHosts(tables))?.id ?? null;
      const confirmSeconds = chosen ?? (await findNewestJob(tables, topologyId))?.confirmSeconds ?? null;
      const generation = await nextGeneration(tables, topologyId, hostId);
      const job = await createJob(tables, { topologyId, generation, revision: row.revision, kind, actorId: actor.id, confirmSeconds });
      AuditScope.current()?.noteJob(job.id);
      return { row, hostId, job };
    });
    if (hostId !== null) this.bus.assign(topologyId, hostId);
    const feed = this.bus.feed(topologyId);
    feed?.publish({ type: "deployment", deployment: askedFor(feed.state.deployment, kind === "apply" ? row.document : null) });
    if (!(await this.dispatch(topologyId)) && !(hostId !== null && this.agents.isOnline(hostId))) {
      feed?.publish({
        type: "log",
        line: { at: Date.now(), level: "warn", text: `The host is not connected. The ${kind} is stored and will be carried out as soon as it is.` },
      });
    }
    if (kind === "teardown") this.#tellPeers(row);
    return { jobId: job.id, generation: job.generation };
  }

  /** A peering outlives a teardown in both drawings, but carries nothing until both ends stand again. */
  #tellPeers({ name, document }: TopologyRow): void {
    for (const peering of document.peerings) {
      if (!peering.remote || peering.status !== "active") continue;
      const text = `“${name}”, the other end of the peering “${peering.name}”, is torn down: the peering carries nothing until it is applied again.`;
      this.bus.feed(peering.remote.topologyId)?.publish({ type: "log", line: { at: Date.now(), level: "warn", text, objectId: peering.id } });
    }
  }

  /** Tells the page when a host stays silent about a job, and does `then`. The job itself stays open: a late answer still counts. */
  #expect(jobId: string, topologyId: string, ms: number, message: string, then: () => void = () => undefined): void {
    this.settled(jobId);
    const timer = setTimeout(() => {
      this.#timers.delete(jobId);
      void this.#silent(jobId, topologyId, { code: "AGENT_TIMEOUT", message }).then((silent) => void (silent && then()));
    }, ms);
    this.#timers.set(jobId, timer.unref());
  }

  async #silent(jobId: string, topologyId: string, failure: JobFailure): Promise<boolean> {
    const job = await findJob(this.database.tables, jobId).catch(() => null);
    const feed = this.bus.feed(topologyId);
    if (!job || !isOpen(job) || !feed) return false;
    feed.publish({ type: "deployment", deployment: { ...feed.state.deployment, state: "unknown" }, failure });
    return true;
  }
}

const draftOf = (row: TopologyRow, job: JobRow, desired: Topology | null, confirmMs: number): ApplyDraft => ({
  kind: "apply",
  jobId: job.id,
  topologyId: row.id,
  topologyName: row.name,
  revision: job.revision,
  generation: job.generation,
  actor: actorOf(job.actor),
  desired,
  // Left out where it says nothing, so that agents that do not know it go on.
  ...(desired && confirmMs > 0 ? { confirmWithinMs: confirmMs } : {}),
});
