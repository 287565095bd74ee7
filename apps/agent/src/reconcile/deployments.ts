import type { Step } from "@vpclab/shared/plan/step";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { Deployment, JobFailure } from "@vpclab/shared/wire/live";
import type { OutgoingMessage } from "../link/outgoing-message";
import type { Authority, FenceEntry, VerifiedApply, VerifiedCancel } from "../link/verify-job";
import type { AgentLog } from "../report/agent-log";
import type { FenceStore } from "../state/fence-store";
import type { JobStore } from "../state/job-store";
import type { Action, BroughtAbout } from "./action";
import { actorOf } from "./action";
import type { BringAboutOptions, Brought } from "./bring-about";
import { bringAbout } from "./bring-about";
import type { Held } from "./held";
import { isSettled, NOTHING_KNOWN } from "./held";
import { HeldTopologies } from "./held-topologies";
import { look } from "./look";
import { QuietWork } from "./quiet-work";
import { reconcile } from "./reconcile";
import { SerialQueue } from "./serial-queue";
import type { Site } from "./site";
import { Stops } from "./stops";
import type { Verify } from "./take-up";
import { fenceEntryOf, takeUp } from "./take-up";
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
export interface Done extends Brought {
  readonly deployment: Deployment;
}

const NO_PROGRESS = { planned: () => undefined, started: () => undefined };

/** All topologies of this host. Accepting is immediate and durable; the kernel follows, one topology at a time. */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #topologies: HeldTopologies;
  readonly #queue = new SerialQueue();
  readonly #quiet: QuietWork;
  readonly #upkeep: Upkeep;
  readonly #trials: Trials;
  readonly #stops: Stops;
  readonly #bringAbout: BringAboutOptions;
  #stopped = false;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    const { log, send, jobs, record = () => undefined, prepare = null, whenHeard = null, nowMs = () => performance.now() } = options;
    const topologies = new HeldTopologies({ site: options.site, fenceOf: (topologyId) => this.fenceOf(topologyId), nowMs });
    this.#topologies = topologies;
    this.#quiet = new QuietWork(log);
    this.#stops = new Stops(jobs, log);
    this.#bringAbout = { topologies, log, send, record, prepare, stops: this.#stops, forget: (held, job) => this.#forget(held, job) };
    this.#upkeep = new Upkeep({
      site: topologies.site, log, send, record,
      held: () => topologies.all,
      forget: (held) => this.#forget(held, held.job),
      addressesOf: (held) => topologies.addressesOf(held),
    });
    this.#trials = new Trials({ jobs, log, whenHeard, goBack: (job, instead) => void this.#goBack(job, instead) });
  }

  fenceOf(topologyId: string): FenceEntry | null {
    return this.#options.fence.get(topologyId);
  }

  get site(): Site {
    return this.#topologies.site;
  }

  get empty(): boolean {
    return this.#topologies.empty;
  }

  deployed: HeldTopologies["deployed"] = () => this.#topologies.deployed();
  authorityOf: HeldTopologies["authorityOf"] = (topologyId) => this.#topologies.authorityOf(topologyId);
  applied: HeldTopologies["applied"] = (topologyId) => this.#topologies.applied(topologyId);
  appliedStates: HeldTopologies["appliedStates"] = () => this.#topologies.appliedStates();
  appliedState: HeldTopologies["appliedState"] = (topologyId) => this.#topologies.appliedState(topologyId);
  countingSince: HeldTopologies["countingSince"] = (topologyId) => this.#topologies.countingSince(topologyId);
  inventory: HeldTopologies["inventory"] = () => this.#topologies.inventory();

  /** What was accepted last for a topology. */
  jobOf(topologyId: string): VerifiedApply | null {
    return this.#topologies.get(topologyId)?.job ?? null;
  }

  /** Each topology that was accepted last and the kernel as it is now. */
  async look(): Promise<{ readonly job: VerifiedApply; readonly deployment: Deployment }[]> {
    const found: { job: VerifiedApply; deployment: Deployment }[] = [];
    await this.inTurn(async () => {
      for (const held of this.#topologies.all) found.push({ job: held.job, deployment: await look(held, this.site, this.#topologies.addressesOf(held)) });
    });
    return found;
  }

  /** Writes the job down; once this is done it survives a crash and older ones are refused. Job first: the fence never promises what is not there. */
  async accept(job: VerifiedApply, envelope: Envelope): Promise<void> {
    const { fence, jobs } = this.#options;
    const { topologyId } = job;
    const held = this.#topologies.get(topologyId);
    const trial = await this.#trials.prepare(job, held?.job ?? null, this.#topologies.isUnreadable(topologyId));
    await fence.set(topologyId, fenceEntryOf(job), () => jobs.write(topologyId, envelope));
    await this.#trials.accepted(job, trial);
    this.#topologies.noteUnreadable(topologyId, null);
    // The same one again, because its answer was lost, is as cancelled as it was.
    if (this.#stops.byWhom(job) === null) await this.#stops.forget(topologyId);
    if (held) held.job = job;
    else this.#topologies.add(job, null, NOTHING_KNOWN);
  }

  /** Brings the kernel to an accepted job and tells the server how it went. Only the newest accepted job of a topology runs. */
  run(job: VerifiedApply): Promise<Done | null> {
    return this.#queue.add(async () => {
      const held = this.#topologies.get(job.topologyId);
      if (this.#stopped || !held) return null;
      if (held.job !== job) return this.#superseded(job, held);
      const before = held.applied;
      const { failure, steps } = await bringAbout(held, "apply", this.#bringAbout);
      const { deployment } = held;
      this.#options.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment, ...(failure ? { failure } : {}) }, job.authority);
      await this.#trials.watch(job);
      await this.#upkeep.settleNeighbours(job.topologyId, [before, held.applied]);
      return { deployment, failure, steps };
    });
  }

  /** No further step of that apply begins, now or after a restart. `over`: it has ended, or there is none. */
  async cancel({ topologyId, generation, actor }: VerifiedCancel): Promise<"stopping" | "over"> {
    const held = this.#topologies.get(topologyId);
    if (!held || held.job.generation !== generation || held.job.returned || isSettled(held)) return "over";
    const { job } = held;
    await this.#stops.ask(job, actorOf({ actor }));
    // Its last step may have been done meanwhile.
    if (held.job !== job || !isSettled(held) || held.stopped) return "stopping";
    await this.#stops.forget(topologyId);
    return "over";
  }

  /** The server was not heard after an apply. Should it be heard now, or have asked for something newer, everything stays as it is. */
  #goBack(job: VerifiedApply, instead: VerifiedApply): Promise<void> {
    return this.#inQuietTurn(job.topologyName, job.topologyId, async () => {
      const held = this.#topologies.get(job.topologyId);
      if (held?.job !== job || !(await this.#trials.takeBack(job))) return;
      held.job = instead;
      await this.#stops.forget(job.topologyId);
      await this.#bringAboutAndTell(held, "return");
    });
  }

  async #bringAboutAndTell(held: Held, kind: Exclude<BroughtAbout["kind"], "apply">): Promise<void> {
    const { topologyId, authority } = held.job;
    const before = held.applied;
    await bringAbout(held, kind, this.#bringAbout);
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
    for (const held of this.#topologies.all) {
      held.stopped = this.#stops.byWhom(held.job) !== null;
      held.deployment = { ...held.deployment, state: held.stopped ? "stopped" : "applying" };
      void this.#queue.add(() => this.#rebuild(held, held.job));
    }
  }

  async #rebuild(held: Held, stored: VerifiedApply): Promise<void> {
    if (this.#stopped || held.job !== stored) return; // a newer one came meanwhile and runs by itself
    const { topologyId, topologyName } = stored;
    const by = this.#stops.byWhom(stored);
    this.#options.log.info(by === null ? `rebuilding ${topologyName} from this host's own disk` : `${topologyName} is left as it is: its apply was cancelled by ${by}`, { topologyId });
    await this.#bringAboutAndTell(held, stored.returned && (await this.#trials.takeBack(stored)) ? "return" : "rebuild");
    await this.#trials.watch(stored);
  }

  /** Everything that was accepted before is known again; the kernel stays as it is. `claimed`: whom an envelope names. */
  takeUp(verify: Verify, claimed: (envelope: Envelope) => Authority = () => "server"): Promise<void> {
    const { fence, jobs, log } = this.#options;
    return takeUp({ topologies: this.#topologies, trials: this.#trials, stops: this.#stops, fence, jobs, log, verify, claimed });
  }

  /**
   * Looks whether the kernel still is as it was brought to, tells the server what changed by itself, and mends what the drawing
   * lets it mend. One topology at a time, so that an apply never waits for more than one.
   */
  async resync(): Promise<void> {
    const { surroundings } = this.#options;
    if (surroundings) await this.#inQuietTurn("the sandbox", null, async () => void (await surroundings()));
    for (const held of this.#topologies.all) {
      const { topologyId, topologyName } = held.job;
      await this.#inQuietTurn(topologyName, topologyId, async () => {
        if (this.#topologies.get(topologyId) === held) await this.#upkeep.look(held);
      });
    }
  }

  #inQuietTurn(what: string, topologyId: string | null, work: () => Promise<void>): Promise<void> {
    return this.#quiet.run(what, topologyId, () => this.#queue.add(() => (this.#stopped ? Promise.resolve() : work())));
  }

  /** Removes every topology's kernel objects and forgets nothing: the next start brings them back. */
  async takeDown(): Promise<{ left: number }> {
    this.#stopped = true;
    let left = 0;
    await this.#queue.add(async () => {
      for (const held of this.#topologies.all) {
        const outcome = await reconcile(held.job, this.site, NO_PROGRESS, { document: EMPTY_TOPOLOGY });
        held.applied = null;
        left += outcome.left.steps.length;
        this.#options.log.info(`took down ${held.job.topologyName}: ${outcome.steps} steps, ${outcome.left.steps.length} left`, { topologyId: held.job.topologyId });
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

  /** A removed topology leaves its tombstone in the fence and nothing else. */
  async #forget(held: Held, job: VerifiedApply): Promise<void> {
    // A newer one came meanwhile; or it was taken back, which the server has to be told for as long as it asks for nothing newer.
    if (held.job !== job || job.returned) return;
    this.#topologies.delete(job.topologyId);
    await this.#options.jobs.remove(job.topologyId);
    const { slots, sharedPeerings } = this.site;
    await slots.keepShared(sharedPeerings());
  }
}
