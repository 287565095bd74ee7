import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Result } from "@vpclab/shared/errors/result";
import { compileTopology } from "@vpclab/shared/plan/compile";
import type { KernelState } from "@vpclab/shared/plan/kernel-state";
import { publicAddressOwners } from "@vpclab/shared/plan/public-addresses";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { contentHashOf } from "@vpclab/shared/wire/content-hash";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { Deployment, JobFailure } from "@vpclab/shared/wire/live";
import type { OutgoingMessage } from "../link/outgoing-message";
import type { Authority, Deployed, FenceEntry, VerifiedApply } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { FenceStore } from "../state/fence-store";
import type { JobStore } from "../state/job-store";
import type { Action, BroughtAbout } from "./action";
import { actionOf } from "./action";
import { differingOwners } from "./drift";
import type { Held } from "./held";
import { allFailed, appliedBy, deploymentOf, documentOf, NOTHING_KNOWN } from "./held";
import { failureOf, objectStatuses } from "./object-status";
import { look } from "./look";
import { ProgressReport } from "./progress-report";
import type { Outcome } from "./reconcile";
import { countsAnew } from "./counts-anew";
import { reconcile } from "./reconcile";
import type { AppliedTopology } from "./remote-peerings";
import { remoteEnds, remotePeeringsOf } from "./remote-peerings";
import { RepairPauses } from "./repair-pauses";
import { SerialQueue } from "./serial-queue";
import type { Site } from "./site";
import { contextOf } from "./site";
import { Trials } from "./trials";
import { Upkeep } from "./upkeep";

export interface DeploymentsOptions {
  readonly site: Omit<Site, "others" | "staying" | "sharedPeerings">;
  readonly fence: FenceStore;
  readonly jobs: JobStore;
  readonly log: AgentLog;
  /** Tells whoever decides about the topology that the message is about. */
  readonly send: (message: OutgoingMessage, to: Authority) => void;
  /** Writes down what was done. */
  readonly record?: (action: Action) => void;
  /** What has to be there before anything is applied (a sandbox); answers with the steps that it took. */
  readonly prepare?: () => Promise<readonly Step[]>;
  /** Mends what the agent itself needs to stand (its sandbox) before topologies are looked at. */
  readonly surroundings?: () => Promise<unknown>;
  /** See TrialsOptions. */
  readonly whenHeard?: (heard: () => void) => void;
  /** A clock that only goes forward. */
  readonly nowMs?: () => number;
}

/** How an apply ended. */
export interface Done {
  readonly deployment: Deployment;
  readonly failure: JobFailure | null;
  /** How many steps were due. */
  readonly steps: number;
}

/** From stored bytes to a job that may be acted on. */
export type Verify = (envelope: Envelope, others: readonly Deployed[]) => Result<VerifiedApply, JobFailure>;

type InventoryMessage = Extract<OutgoingMessage, { type: "inventory" }>;
const INVENTORY_MAX = 1000;
const NO_PROGRESS = { planned: () => undefined, started: () => undefined };

/** All topologies of this host. Accepting is immediate and durable; the kernel follows, one topology at a time. */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #held = new Map<string, Held>();
  /** Stored topologies that could not be read or verified: their state is unknown until the server sends them again. */
  readonly #unreadable = new Map<string, Authority>();
  readonly #queue = new SerialQueue();
  readonly #upkeep: Upkeep;
  readonly #trials: Trials;
  readonly site: Site;
  #stopped = false;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    const others = (topologyId: string): Held[] => [...this.#held.values()].filter((held) => held.job.topologyId !== topologyId);
    const applied = (held: Held): AppliedTopology[] => (held.applied ? [held.applied] : []);
    this.site = {
      ...options.site,
      others: (topologyId) => others(topologyId).flatMap(applied),
      staying: (topologyId) => others(topologyId).filter(({ job }) => job.desired !== null).flatMap(applied),
      sharedPeerings: () => new Set([...this.#held.values()].flatMap((held) => [held.job.desired, held.applied?.document ?? null])
        .flatMap((document) => (document ? remotePeeringsOf(document).map(({ id }) => id) : []))),
    };
    this.#upkeep = new Upkeep({
      site: this.site, log: options.log, send: options.send, record: options.record ?? (() => undefined),
      held: () => [...this.#held.values()],
      forget: (held) => this.#forget(held, held.job),
      addressesOf: (held) => this.#addressesOf(held),
    });
    this.#trials = new Trials({
      jobs: options.jobs, log: options.log, whenHeard: options.whenHeard ?? null, goBack: (job, instead) => void this.#goBack(job, instead),
    });
  }

  fenceOf(topologyId: string): FenceEntry | null {
    return this.#options.fence.get(topologyId);
  }

  /** Topologies that were accepted and are not gone. */
  deployed(): Deployed[] {
    return [...this.#held].map(([topologyId, { job }]) => ({ topologyId, name: job.topologyName, document: job.desired, authority: job.authority }));
  }

  /** Nothing is here, and nothing that could not be read. */
  get empty(): boolean {
    return this.#held.size + this.#unreadable.size === 0;
  }

  authorityOf(topologyId: string): Authority | null {
    return this.#held.get(topologyId)?.job.authority ?? this.#unreadable.get(topologyId) ?? null;
  }

  /** Each topology that was accepted last and the kernel as it is now. */
  async look(): Promise<{ readonly job: VerifiedApply; readonly deployment: Deployment }[]> {
    const found: { job: VerifiedApply; deployment: Deployment }[] = [];
    await this.inTurn(async () => {
      for (const held of this.#held.values()) found.push({ job: held.job, deployment: await look(held, this.site, this.#addressesOf(held)) });
    });
    return found;
  }

  /** What was accepted last for a topology. */
  jobOf(topologyId: string): VerifiedApply | null {
    return this.#held.get(topologyId)?.job ?? null;
  }

  /** The document that the kernel holds, as far as the agent brought it there, with its addresses; null when the topology is not applied. */
  applied(topologyId: string): (AppliedTopology & Pick<Deployment, "publicAddresses">) | null {
    const held = this.#held.get(topologyId);
    return held?.applied ? { ...held.applied, publicAddresses: held.deployment.publicAddresses } : null;
  }

  /** Unix milliseconds since when the counters of every rule have counted, at least; null when the topology is not here. */
  countingSince(topologyId: string): number | null {
    const held = this.#held.get(topologyId);
    return held ? Math.max(held.job.issuedAt, held.recountedAt ?? 0) : null;
  }

  /** What the applied topologies should be in the kernel, for those who look at their links. The same documents give the same `key`. */
  appliedStates(): { readonly key: readonly Topology[]; compile(): KernelState[] } {
    const applied = [...this.#held.values()].flatMap((held) => (held.applied ? [{ job: held.job, applied: held.applied }] : []));
    return {
      key: applied.map(({ applied: { document } }) => document),
      compile: () => applied.map(({ job, applied: mine }) =>
        compileTopology(mine.document, contextOf(job, mine.document, this.site, {}, remoteEnds(mine, this.site.staying(mine.topologyId))))),
    };
  }

  /** What one applied topology should be in the kernel; null when it is not applied. */
  appliedState(topologyId: string): KernelState | null {
    const held = this.#held.get(topologyId);
    const mine = held?.applied;
    return held && mine ? compileTopology(mine.document, contextOf(held.job, mine.document, this.site, {}, remoteEnds(mine, this.site.staying(topologyId)))) : null;
  }

  /** Writes the job down; once this is done it survives a crash and older ones are refused. Job first: the fence never promises what is not there. */
  async accept(job: VerifiedApply, envelope: Envelope): Promise<void> {
    const { fence, jobs } = this.#options;
    const held = this.#held.get(job.topologyId);
    const trial = await this.#trials.prepare(job, held?.job ?? null, this.#unreadable.has(job.topologyId));
    await fence.set(job.topologyId, fenceEntryOf(job), () => jobs.write(job.topologyId, envelope));
    await this.#trials.accepted(job, trial);
    this.#unreadable.delete(job.topologyId);
    if (held) held.job = job;
    else this.#hold(job, null, NOTHING_KNOWN);
  }

  #hold(job: VerifiedApply, applied: AppliedTopology | null, deployment: Deployment): void {
    this.#held.set(job.topologyId, { job, applied, deployment, pauses: new RepairPauses(this.#options.nowMs ?? (() => performance.now())) });
  }

  /** Brings the kernel to an accepted job and tells the server how it went. Only the newest accepted job of a topology runs. */
  run(job: VerifiedApply): Promise<Done | null> {
    return this.#queue.add(async () => {
      const held = this.#held.get(job.topologyId);
      if (this.#stopped || !held) return null;
      if (held.job !== job) return this.#superseded(job, held);
      const before = held.applied;
      const { failure, steps } = await this.#bringAbout(held, "apply");
      const { deployment } = held;
      this.#options.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment, ...(failure ? { failure } : {}) }, job.authority);
      await this.#trials.watch(job);
      await this.#upkeep.settleNeighbours(job.topologyId, [before, held.applied]);
      return { deployment, failure, steps };
    });
  }

  /** The server was not heard after an apply. Should it be heard now, or have asked for something newer, everything stays as it is. */
  #goBack(job: VerifiedApply, instead: VerifiedApply): Promise<void> {
    return this.#quietly(job.topologyName, job.topologyId, async () => {
      const held = this.#held.get(job.topologyId);
      if (held?.job !== job || !(await this.#trials.takeBack(job))) return;
      held.job = instead;
      await this.#bringAboutAndTell(held, "return");
    });
  }

  async #bringAboutAndTell(held: Held, kind: "rebuild" | "return"): Promise<void> {
    const { topologyId, authority } = held.job;
    const before = held.applied;
    await this.#bringAbout(held, kind);
    this.#options.send({ type: "deployment", topologyId, deployment: held.deployment }, authority);
    await this.#upkeep.settleNeighbours(topologyId, [before, held.applied]);
  }

  /** The same generation sent again answers for both; an older one ends here, without having begun. */
  #superseded(job: VerifiedApply, { job: newest, deployment }: Held): Done | null {
    if (newest.epoch === job.epoch && newest.generation === job.generation) return null;
    const failure: JobFailure = { code: "STALE", message: `Generation ${newest.generation} took the place of generation ${job.generation} before it began.` };
    this.#options.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment, failure }, job.authority);
    return { deployment, failure, steps: 0 };
  }

  /** Waits for what is queued now. */
  settled(): Promise<void> {
    return this.#queue.add(() => Promise.resolve());
  }

  /** Work that must not meet a half-applied topology, such as a plan. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.add(work);
  }

  /** After a start: everything that was accepted before is taken up, without a server, and brought about again. */
  async restore(verify: Verify, claimed?: (envelope: Envelope) => Authority): Promise<void> {
    await this.takeUp(verify, claimed);
    const { log } = this.#options;
    for (const [topologyId, held] of this.#held) {
      const stored = held.job;
      held.deployment = { ...held.deployment, state: "applying" };
      void this.#queue.add(async () => {
        if (this.#stopped || held.job !== stored) return; // a newer one came meanwhile and runs by itself
        log.info(`rebuilding ${held.job.topologyName} from this host's own disk`, { topologyId });
        await this.#bringAboutAndTell(held, stored.returned && (await this.#trials.takeBack(stored)) ? "return" : "rebuild");
        await this.#trials.watch(stored);
      });
    }
  }

  /** Everything that was accepted before is known again; the kernel stays as it is. `claimed`: whom an envelope names. */
  async takeUp(verify: Verify, claimed: (envelope: Envelope) => Authority = () => "server"): Promise<void> {
    const { log, jobs, fence } = this.#options;
    for (const { topologyId, envelope } of await jobs.readAll()) {
      const verdict = envelope ? verify(envelope, this.deployed()) : null;
      if (!envelope || !verdict?.ok) {
        const why = verdict && !verdict.ok ? `${verdict.error.code}: ${verdict.error.message}` : "its file is damaged";
        log.error(`topology ${topologyId} was not taken up again: ${why}`, { topologyId });
        this.#unreadable.set(topologyId, envelope ? claimed(envelope) : "server");
        continue;
      }
      const job = verdict.value;
      // A crash between the two writes of `accept` leaves the fence one behind.
      const known = fence.get(topologyId);
      const order = known ? job.epoch - known.epoch || job.generation - known.generation : 1;
      if (order < 0 || (order === 0 && known?.tombstone !== (job.desired === null))) {
        log.error(`topology ${topologyId} was not taken up again: STALE: its file is of generation ${job.epoch}.${job.generation}, and something else was accepted since`, { topologyId });
        this.#unreadable.set(topologyId, job.authority);
        continue;
      }
      if (order > 0) await fence.set(topologyId, fenceEntryOf(job));
      // Known as applied before the first one runs: the host's one table must not lose the gateways of those that come later.
      const taken = await this.#trials.takeUp(job, envelope, (kept) => verify(kept, this.deployed()));
      this.#hold(taken, appliedBy(taken), { ...deploymentOf(taken, {}, this.#addressesOf({ job: taken })), state: "unknown" });
    }
  }

  /**
   * Looks whether the kernel still is as it was brought to, tells the server what changed by itself, and mends what the drawing
   * lets it mend. One topology at a time, so that an apply never waits for more than one.
   */
  async resync(): Promise<void> {
    const { surroundings } = this.#options;
    if (surroundings) await this.#quietly("the sandbox", null, async () => void (await surroundings()));
    for (const [topologyId, held] of [...this.#held]) {
      await this.#quietly(held.job.topologyName, topologyId, async () => {
        if (this.#held.get(topologyId) === held) await this.#upkeep.look(held);
      });
    }
  }

  readonly #lastTrouble = new Map<string, string>();

  /** In turn; a failure that goes on is said once. */
  async #quietly(what: string, topologyId: string | null, work: () => Promise<void>): Promise<void> {
    try {
      await this.#queue.add(() => (this.#stopped ? Promise.resolve() : work()));
      this.#lastTrouble.delete(what);
    } catch (error) {
      const { publicMessage } = toWireError(error);
      if (this.#lastTrouble.get(what) === publicMessage) return;
      this.#lastTrouble.set(what, publicMessage);
      this.#options.log.error(`could not look after ${what}: ${publicMessage}`, { error, ...(topologyId === null ? {} : { topologyId }) });
    }
  }

  /** What is here of a server's, for one that comes back. A topology that is not named was removed, or never came. */
  inventory(): InventoryMessage["topologies"] {
    const held = [...this.#held].filter(([, { job }]) => job.authority === "server").map(([topologyId, { deployment }]) => ({ topologyId, deployment, contentHash: this.fenceOf(topologyId)?.contentHash ?? "" }));
    const unknown = [...this.#unreadable].filter(([, authority]) => authority === "server").map(([topologyId]) => ({ topologyId, deployment: NOTHING_KNOWN, contentHash: "" }));
    return [...held, ...unknown].slice(0, INVENTORY_MAX);
  }

  /** Removes every topology's kernel objects and forgets nothing: the next start brings them back. */
  async takeDown(): Promise<{ left: number }> {
    this.#stopped = true;
    let left = 0;
    await this.#queue.add(async () => {
      for (const [topologyId, held] of this.#held) {
        const outcome = await reconcile(held.job, this.site, NO_PROGRESS, { document: EMPTY_TOPOLOGY });
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
    this.#trials.stop();
    await this.settled();
  }

  async #bringAbout(held: Held, kind: BroughtAbout["kind"]): Promise<{ failure: JobFailure | null; steps: number }> {
    const { job } = held;
    const { log, send, prepare, record } = this.#options;
    const { topologyId } = job;
    const startedAt = performance.now();
    const document = documentOf(held);
    const before = held.applied?.document ?? EMPTY_TOPOLOGY;
    held.applied = appliedBy(job);
    held.deployment = { ...held.deployment, state: "applying", revision: job.revision, generation: job.generation };
    held.pauses.reset();
    const progress = new ProgressReport(document, held.deployment.objects, (objects) => send({ type: "objects", topologyId, objects }, job.authority));
    const about = { job, kind, before };
    let outcome: Outcome;
    let prepared: readonly Step[] = [];
    try {
      if (prepare && job.desired !== null) prepared = await prepare();
      outcome = await reconcile(job, this.site, progress);
      if (countsAnew(outcome.done)) held.recountedAt = Date.now();
    } catch (error) {
      const failure = this.#broken(held, job, error);
      record?.(actionOf({ ...about, failure, steps: prepared, startedAt }));
      return { failure, steps: 0 };
    } finally {
      progress.flush();
    }
    const objects = objectStatuses(document, outcome.left, () => "failed");
    const failure = failureOf(objects, outcome.left) ?? null;
    held.pauses.tried(differingOwners(outcome.left));
    held.deployment = deploymentOf(job, objects, this.#addressesOf(held));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    const result = `${job.topologyName} revision ${job.revision}: ${outcome.steps} steps in ${seconds} s, ${held.deployment.state}`;
    log[failure ? "error" : "info"](failure ? `${result}; ${failure.message}` : result, { topologyId });
    if (kind !== "rebuild" || outcome.steps > 0) record?.(actionOf({ ...about, failure, steps: [...prepared, ...outcome.done], startedAt }));
    if (job.desired === null && !failure) await this.#forget(held, job);
    return { failure, steps: outcome.steps };
  }

  /** Public addresses that the topology's objects hold now. */
  #addressesOf({ job }: Pick<Held, "job">): Readonly<Record<string, string>> {
    return this.site.publicAddresses.peek(job.topologyId, publicAddressOwners(job.desired ?? EMPTY_TOPOLOGY));
  }

  /** The reconcile itself broke (not a step of it): nothing is known about the objects. */
  #broken(held: Held, job: VerifiedApply, error: unknown): JobFailure {
    const { code, publicMessage: message } = toWireError(error);
    this.#options.log.error(`${job.topologyName}: ${message}`, { topologyId: job.topologyId, error });
    held.deployment = { ...deploymentOf(job, allFailed(documentOf(held), message), held.deployment.publicAddresses), state: "failed" };
    return { code, message };
  }

  /** A removed topology leaves its tombstone in the fence and nothing else. */
  async #forget(held: Held, job: VerifiedApply): Promise<void> {
    // A newer one came meanwhile; or it was taken back, which the server has to be told for as long as it asks for nothing newer.
    if (held.job !== job || job.returned) return;
    this.#held.delete(job.topologyId);
    await this.#options.jobs.remove(job.topologyId);
    await this.site.slots.keepShared(this.site.sharedPeerings());
  }
}

const fenceEntryOf = (job: VerifiedApply): FenceEntry => ({
  epoch: job.epoch, generation: job.generation, contentHash: contentHashOf(job.topologyName, job.desired), tombstone: job.desired === null,
});
