import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Result } from "@vpclab/shared/errors/result";
import { compileTopology } from "@vpclab/shared/plan/compile";
import type { KernelState } from "@vpclab/shared/plan/kernel-state";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { Deployment, JobFailure } from "@vpclab/shared/wire/live";
import type { OutgoingMessage } from "../link/outgoing-message";
import type { Deployed, FenceEntry, VerifiedApply } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { FenceStore } from "../state/fence-store";
import type { JobStore } from "../state/job-store";
import type { Objects, Remainder } from "./object-status";
import { deploymentState, failureOf, objectStatuses } from "./object-status";
import { ProgressReport } from "./progress-report";
import type { Outcome } from "./reconcile";
import { reconcile, survey } from "./reconcile";
import { SerialQueue } from "./serial-queue";
import type { Site } from "./site";
import { contextOf } from "./site";

/** One topology on this host: what was accepted last, what the kernel was last brought towards, and how that went. */
interface Held {
  job: VerifiedApply;
  /** Document that the kernel holds or is being brought towards; null before the first reconcile and after a removal. */
  applied: Topology | null;
  deployment: Deployment;
}

export interface DeploymentsOptions {
  readonly site: Omit<Site, "others">;
  readonly fence: FenceStore;
  readonly jobs: JobStore;
  readonly log: AgentLog;
  /** Tells the server, if there is one. */
  readonly send: (message: OutgoingMessage) => void;
}

type InventoryMessage = Extract<OutgoingMessage, { type: "inventory" }>;
const INVENTORY_MAX = 1000;

/** All topologies of this host. Accepting is immediate and durable; the kernel follows, one topology at a time. */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #held = new Map<string, Held>();
  /** Stored topologies that could not be read or verified: their state is unknown until the server sends them again. */
  readonly #unreadable = new Set<string>();
  readonly #queue = new SerialQueue();
  readonly site: Site;
  #stopped = false;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    this.site = {
      ...options.site,
      others: (topologyId) => [...this.#held].flatMap(([id, held]) => (id !== topologyId && held.applied ? [{ topologyId: id, document: held.applied }] : [])),
    };
  }

  fenceOf(topologyId: string): FenceEntry | null {
    return this.#options.fence.get(topologyId);
  }

  /** Topologies that were accepted and not removed. */
  deployed(): Deployed[] {
    return [...this.#held].flatMap(([topologyId, { job }]) => (job.desired ? [{ topologyId, name: job.topologyName, document: job.desired }] : []));
  }

  /** The document that the kernel holds, as far as the agent brought it there; null when the topology is not applied. */
  applied(topologyId: string): { readonly name: string; readonly document: Topology } | null {
    const held = this.#held.get(topologyId);
    return held?.applied ? { name: held.job.topologyName, document: held.applied } : null;
  }

  /** What the applied topologies should be in the kernel, for those who look at their links. The same documents give the same `key`. */
  appliedStates(): { readonly key: readonly Topology[]; compile(): KernelState[] } {
    const applied = [...this.#held.values()].flatMap(({ job, applied: document }) => (document ? [{ job, document }] : []));
    return {
      key: applied.map(({ document }) => document),
      compile: () => applied.map(({ job, document }) => compileTopology(document, contextOf(job, document, this.site, {}))),
    };
  }

  /** Writes the job down; once this is done it survives a crash and older ones are refused. Job first: the fence never promises what is not there. */
  async accept(job: VerifiedApply, envelope: Envelope): Promise<void> {
    this.#options.fence.assertRoom(job.topologyId);
    await this.#options.jobs.write(job.topologyId, envelope);
    await this.#options.fence.set(job.topologyId, {
      epoch: job.epoch, generation: job.generation, contentHash: contentHashOf(job.topologyName, job.desired), tombstone: job.desired === null,
    });
    this.#unreadable.delete(job.topologyId);
    const held = this.#held.get(job.topologyId);
    if (held) held.job = job;
    else this.#held.set(job.topologyId, { job, applied: null, deployment: { state: "unknown", revision: 0, generation: 0, objects: {} } });
  }

  /** Brings the kernel to an accepted job and tells the server how it went. Only the newest accepted job of a topology runs. */
  run(job: VerifiedApply): Promise<void> {
    return this.#queue.add(async () => {
      const held = this.#held.get(job.topologyId);
      if (this.#stopped || !held) return;
      if (held.job !== job) return this.#superseded(job, held);
      const failure = await this.#bringAbout(held);
      this.#options.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment: held.deployment, ...(failure ? { failure } : {}) });
    });
  }

  /** The same generation sent again answers for both; an older one ends here, without having begun. */
  #superseded(job: VerifiedApply, { job: newest, deployment }: Held): void {
    if (newest.epoch === job.epoch && newest.generation === job.generation) return;
    const failure: JobFailure = { code: "STALE", message: `Generation ${newest.generation} took the place of generation ${job.generation} before it began.` };
    this.#options.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment, failure });
  }

  /** Waits for what is queued now. */
  settled(): Promise<void> {
    return this.#queue.add(() => Promise.resolve());
  }

  /** Work that must not meet a half-applied topology, such as a plan. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.add(work);
  }

  /** After a start: everything that was accepted before is brought about again, without the server. */
  async restore(verify: (envelope: Envelope, others: readonly Deployed[]) => Result<VerifiedApply, JobFailure>): Promise<void> {
    const { log, jobs, fence } = this.#options;
    for (const { topologyId, envelope } of await jobs.readAll()) {
      const verdict = envelope ? verify(envelope, this.deployed()) : null;
      if (!verdict?.ok) {
        const why = verdict ? `${verdict.error.code}: ${verdict.error.message}` : "its file is damaged";
        log.error(`topology ${topologyId} was not taken up again: ${why}`, { topologyId });
        this.#unreadable.add(topologyId);
        continue;
      }
      const job = verdict.value;
      // A crash between the two writes of `accept` leaves the fence one behind.
      const known = fence.get(topologyId);
      if (!known || job.epoch > known.epoch || (job.epoch === known.epoch && job.generation > known.generation)) {
        const contentHash = contentHashOf(job.topologyName, job.desired);
        await fence.set(topologyId, { epoch: job.epoch, generation: job.generation, contentHash, tombstone: job.desired === null });
      }
      // Known as applied before the first one runs: the host's one table must not lose the gateways of those that come later.
      const deployment: Deployment = { state: "applying", revision: job.revision, generation: job.generation, objects: {} };
      this.#held.set(topologyId, { job, applied: job.desired, deployment });
    }
    for (const [topologyId, held] of this.#held) {
      const stored = held.job;
      void this.#queue.add(async () => {
        if (this.#stopped || held.job !== stored) return; // a newer one came meanwhile and runs by itself
        log.info(`rebuilding ${held.job.topologyName} from this host's own disk`, { topologyId });
        await this.#bringAbout(held);
        this.#options.send({ type: "deployment", topologyId, deployment: held.deployment });
      });
    }
  }

  /** Looks whether the kernel still is as it was brought to; tells the server what changed by itself. Repairs nothing. */
  async resync(): Promise<void> {
    for (const topologyId of [...this.#held.keys()]) {
      await this.#queue.add(() => this.#compare(topologyId)).catch((error: unknown) => {
        this.#options.log.error(`could not observe: ${toWireError(error).publicMessage}`, { topologyId, error });
      });
    }
  }

  /** What is here, for a server that comes back. A topology that is not named was removed, or never came. */
  inventory(): InventoryMessage["topologies"] {
    const held = [...this.#held].map(([topologyId, { deployment }]) => ({ topologyId, deployment, contentHash: this.fenceOf(topologyId)?.contentHash ?? "" }));
    const unknown = [...this.#unreadable].map((topologyId) => ({
      topologyId, deployment: { state: "unknown" as const, revision: 0, generation: 0, objects: {} }, contentHash: "",
    }));
    return [...held, ...unknown].slice(0, INVENTORY_MAX);
  }

  /** Removes every topology's kernel objects and forgets nothing: the next start brings them back. */
  async takeDown(): Promise<{ left: number }> {
    this.#stopped = true;
    let left = 0;
    await this.#queue.add(async () => {
      for (const [topologyId, held] of this.#held) {
        const outcome = await reconcile(held.job, this.site, { planned: () => undefined, started: () => undefined }, EMPTY_TOPOLOGY);
        held.applied = null;
        left += outcome.left.steps.length;
        this.#options.log.info(`took down ${held.job.topologyName}: ${outcome.steps} steps, ${outcome.left.steps.length} left`, { topologyId });
      }
    });
    return { left };
  }

  /** No further work begins; waits for the piece that runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.settled();
  }

  async #bringAbout(held: Held): Promise<JobFailure | undefined> {
    const { job } = held;
    const { log, send } = this.#options;
    const { topologyId } = job;
    const startedAt = performance.now();
    const document = job.desired ?? EMPTY_TOPOLOGY;
    held.applied = job.desired;
    held.deployment = { ...held.deployment, state: "applying", revision: job.revision, generation: job.generation };
    const progress = new ProgressReport(document, held.deployment.objects, (objects) => send({ type: "objects", topologyId, objects }));
    let outcome: Outcome;
    try {
      outcome = await reconcile(job, this.site, progress);
    } catch (error) {
      return this.#broken(held, job, error);
    } finally {
      progress.flush();
    }
    const { objects, left } = outcome;
    const failure = failureOf(objects, left);
    held.deployment = deploymentOf(job, objects);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    const result = `${job.topologyName} revision ${job.revision}: ${outcome.steps} steps in ${seconds} s, ${held.deployment.state}`;
    log[failure ? "error" : "info"](failure ? `${result}; ${failure.message}` : result, { topologyId });
    if (job.desired === null && !failure) await this.#forget(held, job);
    return failure;
  }

  /** The reconcile itself broke (not a step of it): nothing is known about the objects. */
  #broken(held: Held, job: VerifiedApply, error: unknown): JobFailure {
    const wire = toWireError(error);
    this.#options.log.error(`${job.topologyName}: ${wire.publicMessage}`, { topologyId: job.topologyId, error });
    held.deployment = { state: "failed", revision: job.revision, generation: job.generation, objects: {} };
    return { code: wire.code, message: wire.publicMessage };
  }

  /** A removed topology leaves its tombstone in the fence and nothing else. */
  async #forget(held: Held, job: VerifiedApply): Promise<void> {
    if (held.job !== job) return; // a newer one came meanwhile
    this.#held.delete(job.topologyId);
    await this.#options.jobs.remove(job.topologyId);
  }

  async #compare(topologyId: string): Promise<void> {
    const held = this.#held.get(topologyId);
    if (this.#stopped || !held || held.deployment.state === "applying" || held.deployment.generation !== held.job.generation) return;
    const document = held.job.desired ?? EMPTY_TOPOLOGY;
    const { steps, blocked } = await survey(held.job, this.site, document);
    const left: Remainder = { steps, blocked, failures: [] };
    const objects = keepFailures(held.deployment.objects, objectStatuses(document, left, "drifted"));
    const deployment = deploymentOf(held.job, objects);
    if (JSON.stringify(deployment) === JSON.stringify(held.deployment)) return;
    held.deployment = deployment;
    const changed = Object.values(objects).filter((object) => object.state !== "in-place");
    const what = changed[0]?.reason ?? "everything is in place again";
    this.#options.log[changed.length > 0 ? "warn" : "info"](`${held.job.topologyName} is ${deployment.state}: ${what}`, { topologyId });
    this.#options.send({ type: "deployment", topologyId, deployment });
  }
}

const deploymentOf = (job: VerifiedApply, objects: Objects): Deployment => ({
  state: deploymentState(objects), revision: job.revision, generation: job.generation, objects,
});

/** What failed and still is not there keeps the kernel's words; it did not drift. */
const keepFailures = (before: Objects, now: Objects): Objects =>
  Object.fromEntries(Object.entries(now).map(([id, status]) => {
    const was = before[id];
    return [id, status.state === "drifted" && was?.state === "failed" ? was : status];
  }));
