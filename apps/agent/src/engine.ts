import { AppError } from "@vpclab/shared/errors/app-error";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import type { Step } from "@vpclab/shared/plan/step";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Envelope } from "@vpclab/shared/wire/job";
import type { Counters, Inspection, MeasuredFlows, ProbeResult } from "@vpclab/shared/wire/live";
import type { OutgoingMessage } from "./link/outgoing-message";
import type { JobHandlers } from "./link/receive-job";
import { receiveJob } from "./link/receive-job";
import type { Authority, VerifiedInspect, VerifiedJob, VerifiedMeasure, VerifiedPlan, VerifiedProbe } from "./link/verify-job";
import type { Trust, TrustedKeys } from "./link/verify-stored";
import { claimedAuthority, verifyStored } from "./link/verify-stored";
import type { Policy } from "./policy/policy";
import type { Action } from "./reconcile/action";
import { recordedMeasurement, recordedProbe, refusedAction } from "./reconcile/action-of-job";
import { Deployments } from "./reconcile/deployments";
import { planJob } from "./reconcile/plan-job";
import { ruleHitsJob } from "./reconcile/rule-hits-job";
import { RecentCount } from "./reconcile/recent-count";
import { SerialQueue } from "./reconcile/serial-queue";
import type { OtherFirewall } from "./reconcile/site";
import type { AgentLog } from "./report/agent-log";
import type { HostCheckList } from "./report/host-checks";
import type { CounterTarget } from "./report/counter-targets";
import { counterTargets } from "./report/counter-targets";
import type { Stores } from "./state/stores";

const PROBES_COUNTED_MS = 60_000;

/** Traffic of the watched links, by topology and object. */
export interface CounterSource {
  watch(targets: readonly CounterTarget[]): void;
  read(): Promise<Readonly<Record<string, Counters>>>;
  stop(): void;
}

export interface EngineOptions {
  readonly agentId: string;
  /** Asked each time: a server's key is followed by another one. */
  readonly keys: () => TrustedKeys;
  readonly stores: Stores;
  readonly policy: Policy;
  readonly kernel: Kernel;
  /** The host's interface towards the internet. */
  readonly uplink: string;
  /** Another firewall of a real host; null in a sandbox. */
  readonly firewall: OtherFirewall | null;
  /** Mends what the agent itself stands on: its sandbox. */
  readonly surroundings?: () => Promise<unknown>;
  /** What has to be there before anything is applied, where nobody looks after the surroundings; answers with the steps that it took. */
  readonly prepare?: () => Promise<readonly Step[]>;
  /** What programs of a real host wait on, e.g. `tcp 22`. */
  readonly portsInUse?: () => ReadonlySet<string>;
  /** Name servers that VPCs' resolvers may ask by their internet gateways. */
  readonly dnsUpstreams: readonly string[];
  /** Those of the names that stand in /run/netns without a namespace behind them. */
  readonly leftovers: (names: readonly string[]) => readonly string[];
  /** Namespace that plays the host; null on a real host. */
  readonly hostNetns: string | null;
  readonly log: AgentLog;
  readonly probe: (job: VerifiedProbe, deployments: Deployments) => Promise<ProbeResult>;
  /** Many tests at once. */
  readonly measure: (job: VerifiedMeasure, deployments: Deployments) => Promise<MeasuredFlows>;
  /** What the kernel holds of one object. */
  readonly inspect: (job: VerifiedInspect, deployments: Deployments) => Promise<Inspection>;
  /** What `doctor` finds on this host. Without it nobody can ask for it by a job. */
  readonly checks?: HostCheckList;
  readonly counters: CounterSource;
  /** Tells whoever decides about the topology that the message is about. */
  readonly tell: (message: OutgoingMessage, to: Authority) => void;
  readonly record: (action: Action) => void;
  /** Calls once, when the server has acknowledged what it was told so far. Without it no apply is taken back by itself. */
  readonly whenHeard?: (heard: () => void) => void;
  /** A clock that only goes forward. */
  readonly nowMs?: () => number;
}

/** The way that one envelope has come. */
export interface Sender {
  readonly authority: Authority;
  readonly session: string;
  readonly lastSeq: number;
  readonly send: (message: OutgoingMessage) => void;
  /** Hears how accepted work goes on, beside what is sent. */
  readonly handlers?: (own: JobHandlers) => JobHandlers;
}

/** From a signed job to the kernel, whoever signed it: the only way to it. */
export class Engine {
  readonly deployments: Deployments;
  readonly #options: EngineOptions;
  readonly #handlers: JobHandlers;
  /** What is verified against must not change before it is accepted, whoever else asks. */
  readonly #acceptance = new SerialQueue();
  /** Counters are read for one at a time, however many ask. */
  readonly #looks = new SerialQueue();
  readonly #probes = new RecentCount(PROBES_COUNTED_MS);
  readonly #flows = new RecentCount(PROBES_COUNTED_MS);
  #policy: Policy;
  /** Documents whose links are watched. */
  #watched: readonly Topology[] = [];

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#policy = options.policy;
    const { agentId, stores, kernel, uplink, firewall, leftovers, dnsUpstreams, hostNetns, log, tell, record } = options;
    const { ledger, slots, publicAddresses, hostRecord, fence, jobs } = stores;
    const deployments = new Deployments({
      site: { agentId, kernel, uplink, firewall, leftovers, dnsUpstreams, ledger, slots, publicAddresses, hostRecord },
      fence, jobs, log, send: tell, record,
      ...(options.surroundings ? { surroundings: options.surroundings } : {}), ...(options.prepare ? { prepare: options.prepare } : {}),
      ...(options.nowMs ? { nowMs: options.nowMs } : {}), ...(options.whenHeard ? { whenHeard: options.whenHeard } : {}),
    });
    this.deployments = deployments;
    this.#handlers = {
      accept: async (job, envelope) => {
        await this.#witness(job);
        await deployments.accept(job, envelope);
      },
      run: deployments.run.bind(deployments),
      cancel: (job) => (this.#witnessLater(job), deployments.cancel(job)),
      plan: (job: VerifiedPlan) => (this.#witnessLater(job), planJob(job, deployments, { hostNetns })),
      probe: (job: VerifiedProbe) => (this.#witnessLater(job), this.#counted(job, () => recordedProbe(job, () => options.probe(job, deployments), record))),
      inspect: (job: VerifiedInspect) => (this.#witnessLater(job), options.inspect(job, deployments)),
      measure: (job: VerifiedMeasure) => {
        this.#witnessLater(job);
        if (job.authority === "server") this.#flows.add(job.request.flows.length);
        return recordedMeasurement(job, () => options.measure(job, deployments), record);
      },
      ruleHits: (job) => (this.#witnessLater(job), this.#looks.add(() => ruleHitsJob(job, deployments))),
      checks: (job) => (this.#witnessLater(job), options.checks?.read({ anew: true }) ?? Promise.reject(new AppError("KIND", "This agent does not look at its system."))),
    };
  }

  /** Checks an envelope and acts on it. Answers with the sequence number that its sender has reached. */
  receive(envelope: Envelope, { authority, session, lastSeq, send, handlers }: Sender): Promise<number> {
    const { agentId, log, portsInUse, record } = this.#options;
    const keys = this.#options.keys();
    const key = keys[authority];
    if (!key) throw new Error(`no ${authority} has a key here`);
    const { deployments } = this;
    return this.#acceptance.add(() => receiveJob(envelope, session, lastSeq, {
      agentId, authority, key, epoch: authority === "server" ? keys.epoch : null, policy: this.#policy, send, log, nowMs: Date.now,
      ...(portsInUse ? { portsInUse } : {}), ...(authority === "server" ? { recentProbes: this.#probes.count(), recentFlows: this.#flows.count() } : {}),
      fenceOf: (topologyId) => deployments.fenceOf(topologyId),
      deployed: () => deployments.deployed(),
      handlers: handlers?.(this.#handlers) ?? this.#handlers,
      refused: (refusal) => {
        const action = refusedAction(refusal, authority);
        if (action) record(action);
      },
    }));
  }

  /** From now on this is what the host allows. What is applied stays as it is until it is applied again. */
  usePolicy(policy: Policy): void {
    this.#policy = policy;
  }

  #counted<T>({ authority }: VerifiedProbe, work: () => Promise<T>): Promise<T> {
    if (authority === "server") this.#probes.add();
    return work();
  }

  /** Keeps the end of the server's audit log that a job shows. Its server goes on when the log is not what it was; people are told. */
  async #witness({ auditHead, authority }: VerifiedJob): Promise<void> {
    if (!auditHead || authority !== "server") return;
    const wrong = await this.#options.stores.auditWitness.note(auditHead);
    if (wrong !== null) this.#options.log.error(`SECURITY AUDIT_CHAIN: ${wrong}; somebody has changed the log, or restored an older database`);
  }

  /** For what changes nothing and so need not wait for the disk. */
  #witnessLater(job: VerifiedJob): void {
    void this.#witness(job).catch((error: unknown) => this.#options.log.warn("the end of the server's audit log could not be kept", { error }));
  }

  /** After a start: takes up what is on the disk, and brings it about again. Does not wait for that. */
  restore(): Promise<void> {
    const trust = this.#trust();
    return this.deployments.restore((envelope, deployed) => verifyStored(envelope, trust, deployed), (envelope) => claimedAuthority(envelope, trust.keys));
  }

  /** Takes up what is on the disk and leaves the kernel as it is. */
  takeUp(): Promise<void> {
    const trust = this.#trust();
    return this.deployments.takeUp((envelope, deployed) => verifyStored(envelope, trust, deployed), (envelope) => claimedAuthority(envelope, trust.keys));
  }

  #trust(): Trust {
    const { agentId, keys } = this.#options;
    return { agentId, policy: this.#policy, keys: keys() };
  }

  /** Traffic of everything that is applied, by topology and object; rates are over the time since the reading before. */
  async readCounters(): Promise<Readonly<Record<string, Counters>>> {
    const { counters } = this.#options;
    const { key, compile } = this.deployments.appliedStates();
    if (key.length !== this.#watched.length || key.some((document, i) => document !== this.#watched[i])) {
      counters.watch(compile().flatMap(counterTargets));
      this.#watched = key;
    }
    return key.length === 0 ? {} : counters.read();
  }

  /** No further work begins; waits for the piece that runs. The kernel stays as it is. */
  async stop(): Promise<void> {
    this.#options.counters.stop();
    await this.deployments.stop();
  }
}
