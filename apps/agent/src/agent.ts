import type { Kernel } from "@vpclab/shared/plan/kernel";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Counters, ProbeResult } from "@vpclab/shared/wire/live";
import type { AgentFacts, Timing } from "./link/connection";
import type { OutgoingMessage } from "./link/outgoing-message";
import { receiveJob } from "./link/receive-job";
import { ServerLink } from "./link/server-link";
import type { VerifiedProbe } from "./link/verify-job";
import { verifyStoredApply } from "./link/verify-job";
import type { Policy } from "./policy/policy";
import { Deployments } from "./reconcile/deployments";
import { planJob } from "./reconcile/plan-job";
import type { OtherFirewall } from "./reconcile/site";
import type { AgentLog } from "./report/agent-log";
import { tellingLog } from "./report/agent-log";
import type { CounterTarget } from "./report/counter-targets";
import { counterTargets } from "./report/counter-targets";
import { Every } from "./report/every";
import type { Identity } from "./state/identity";
import type { Stores } from "./state/stores";

/** Traffic of the watched links, by topology and object. */
export interface CounterSource {
  watch(targets: readonly CounterTarget[]): void;
  read(): Promise<Readonly<Record<string, Counters>>>;
  stop(): void;
}

export interface AgentOptions {
  readonly identity: Identity;
  readonly stores: Stores;
  readonly policy: Policy;
  readonly kernel: Kernel;
  /** The host's interface towards the internet. */
  readonly uplink: string;
  /** Another firewall of a real host; null in a sandbox. */
  readonly firewall: OtherFirewall | null;
  /** Mends what the agent itself stands on: its sandbox. */
  readonly surroundings?: () => Promise<void>;
  /** What programs of a real host wait on, e.g. `tcp 22`. */
  readonly portsInUse?: () => ReadonlySet<string>;
  /** Those of the names that stand in /run/netns without a namespace behind them. */
  readonly leftovers: (names: readonly string[]) => readonly string[];
  /** Namespace that plays the host; null on a real host. */
  readonly hostNetns: string | null;
  readonly facts: AgentFacts;
  readonly socketUrl: string;
  readonly log: AgentLog;
  readonly probe: (job: VerifiedProbe, deployments: Deployments) => Promise<ProbeResult>;
  readonly counters: CounterSource;
  readonly timing?: Timing;
  readonly resyncEveryMs?: number;
  /** A clock that only goes forward. */
  readonly nowMs?: () => number;
}

const RESYNC_EVERY_MS = 5_000;
/** Looking for drift takes a tenth of the time at most, however much there is to look at. */
const RESYNC_REST = 9;
const COUNTERS_EVERY_MS = 1_000;
const BACKLOG_BYTES_MAX = 1024 * 1024;

/** The parts of the agent, put together: link → verify → deployments → kernel, and what is reported back. */
export class Agent {
  readonly deployments: Deployments;
  readonly #options: AgentOptions;
  readonly #log: AgentLog;
  readonly #link: ServerLink;
  readonly #resync: Every;
  readonly #counters: Every;
  /** Documents whose links are watched. */
  #watched: readonly Topology[] = [];

  constructor(options: AgentOptions) {
    this.#options = options;
    const { identity, stores, policy, hostNetns } = options;
    const send = (message: OutgoingMessage): void => void this.#link.send(message);
    this.#log = tellingLog(options.log, (topologyId, line) => send({ type: "log", topologyId, line }));
    const { kernel, uplink, firewall, leftovers } = options;
    const { ledger, slots, publicAddresses, hostRecord } = stores;
    const site = { agentId: identity.agentId, kernel, uplink, firewall, leftovers, ledger, slots, publicAddresses, hostRecord };
    const deployments = new Deployments({
      site, fence: stores.fence, jobs: stores.jobs, log: this.#log, send,
      ...(options.surroundings ? { surroundings: options.surroundings } : {}), ...(options.nowMs ? { nowMs: options.nowMs } : {}),
    });
    this.deployments = deployments;
    const reception = {
      identity, policy, send, log: this.#log, nowMs: Date.now, ...(options.portsInUse ? { portsInUse: options.portsInUse } : {}),
      fenceOf: (topologyId: string) => deployments.fenceOf(topologyId),
      deployed: () => deployments.deployed(),
      handlers: {
        accept: deployments.accept.bind(deployments),
        run: deployments.run.bind(deployments),
        plan: (job: Parameters<typeof planJob>[0]) => planJob(job, deployments, { hostNetns }),
        probe: (job: VerifiedProbe) => options.probe(job, deployments),
      },
    };
    this.#link = new ServerLink({
      socketUrl: options.socketUrl, identity, facts: options.facts, log: this.#log,
      greeting: () => ({ type: "inventory", topologies: deployments.inventory() }),
      receive: (envelope, session, lastSeq) => receiveJob(envelope, session, lastSeq, reception),
      ...(options.timing ? { timing: options.timing } : {}),
    });
    this.#resync = new Every(options.resyncEveryMs ?? RESYNC_EVERY_MS, () => deployments.resync(), this.#log, { rest: RESYNC_REST });
    this.#counters = new Every(COUNTERS_EVERY_MS, () => this.#sendCounters(), this.#log);
  }

  /** Takes up what is on the disk, without waiting for it or for a server. */
  async start(): Promise<void> {
    const { identity, policy } = this.#options;
    await this.deployments.restore((envelope, deployed) => verifyStoredApply(envelope, { serverKey: identity.serverKey, agentId: identity.agentId, deployed, policy }));
    this.#link.start();
    this.#resync.start();
    this.#counters.start();
  }

  /** Ends connection and timers, and waits for the reconcile that runs. The kernel stays as it is. */
  async stop(): Promise<void> {
    this.#link.stop();
    await Promise.all([this.#resync.stop(), this.#counters.stop()]);
    this.#options.counters.stop();
    await this.deployments.stop();
  }

  /** The newest value is all that counts, so a slow network gets fewer of them, not later ones. */
  async #sendCounters(): Promise<void> {
    if (!this.#link.ready || this.#link.backlogBytes > BACKLOG_BYTES_MAX) return;
    const { key, compile } = this.deployments.appliedStates();
    if (key.length !== this.#watched.length || key.some((document, i) => document !== this.#watched[i])) {
      this.#options.counters.watch(compile().flatMap(counterTargets));
      this.#watched = key;
    }
    if (key.length === 0) return;
    const topologies = await this.#options.counters.read();
    this.#link.send({ type: "counters", at: Date.now(), topologies });
  }
}
