import { setTimeout as delay } from "node:timers/promises";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import type { RotatedKey } from "@vpclab/shared/wire/local-agent";
import type { Delays } from "./link/backoff";
import type { AgentFacts, Timing } from "./link/connection";
import type { TrustedKey } from "./link/ed25519";
import { fingerprintOfKey } from "./link/ed25519";
import type { OutgoingMessage } from "./link/outgoing-message";
import { ServerLink } from "./link/server-link";
import { signedRefusal } from "./link/signed-refusal";
import type { EngineOptions } from "./engine";
import { Engine } from "./engine";
import type { Policy } from "./policy/policy";
import type { Action } from "./reconcile/action";
import type { Deployments } from "./reconcile/deployments";
import { tellingLog } from "./report/agent-log";
import { Every } from "./report/every";
import { hostLoad } from "./report/host-load";
import { trustedKeys } from "./link/verify-stored";
import type { ServerTrust } from "./state/server-trust";

export interface AgentOptions extends Omit<EngineOptions, "agentId" | "keys" | "tell" | "record" | "prepare" | "whenHeard"> {
  readonly trust: ServerTrust;
  /** Key of root on this host; null: only the server decides. */
  readonly localKey?: TrustedKey | null;
  readonly facts: AgentFacts;
  readonly socketUrl: string;
  /** Hears what becomes of topologies that were made on this host. */
  readonly tellLocal?: (message: OutgoingMessage) => void;
  /** Writes an action down; answers with the entry. */
  readonly record?: (action: Action) => ActivityEntry;
  readonly timing?: Timing;
  readonly delays?: Delays;
  readonly resyncEveryMs?: number;
  /** How long whoever asks for a new key of this agent waits for the server. */
  readonly keyWaitMs?: number;
}

const KEY_WAIT_MS = 15_000;
const RESYNC_EVERY_MS = 5_000;
/** Looking for drift takes a tenth of the time at most, however much there is to look at. */
const RESYNC_REST = 9;
const COUNTERS_EVERY_MS = 1_000;
const LOAD_EVERY_MS = 10_000;
const BACKLOG_BYTES_MAX = 1024 * 1024;

/** The parts of the agent, put together: link → verify → deployments → kernel, and what is reported back. */
export class Agent {
  readonly engine: Engine;
  readonly #options: AgentOptions;
  readonly #link: ServerLink;
  readonly #resync: Every;
  readonly #counters: Every;
  readonly #load: Every;

  constructor(options: AgentOptions) {
    this.#options = options;
    const { trust, localKey = null, tellLocal } = options;
    const send = (message: OutgoingMessage): void => this.#link.send(message);
    const isLocal = (topologyId: string | null): boolean => topologyId !== null && this.deployments.authorityOf(topologyId) === "local";
    const log = tellingLog(options.log, (topologyId, line) => {
      if (!isLocal(topologyId)) send({ type: "log", topologyId, line });
    });
    const engine = new Engine({
      ...options, log, agentId: trust.identity.agentId, keys: () => trustedKeys(trust.identity, localKey),
      tell: (message, to) => (to === "server" ? send(message) : tellLocal?.(message)),
      record: (action) => this.#record(action),
      whenHeard: (heard) => this.#link.whenHeard(heard),
    });
    this.engine = engine;
    this.#link = new ServerLink({
      socketUrl: options.socketUrl, self: { trust, facts: options.facts, join: options.stores.join }, log,
      greeting: () => [{ type: "inventory", topologies: this.deployments.inventory(), auditHeads: options.stores.auditWitness.heads }],
      ready: () => this.#introduce(),
      receive: (envelope, session, lastSeq) => engine.receive(envelope, {
        authority: "server", session, lastSeq, send: (message) => send(message.type === "job-refused" ? signedRefusal(message, session, trust.identity) : message),
      }),
      ...(options.timing ? { timing: options.timing } : {}), ...(options.delays ? { delays: options.delays } : {}),
    });
    this.#resync = new Every(options.resyncEveryMs ?? RESYNC_EVERY_MS, () => this.deployments.resync(), log, { rest: RESYNC_REST });
    this.#counters = new Every(COUNTERS_EVERY_MS, () => this.#sendCounters(), log);
    this.#load = new Every(LOAD_EVERY_MS, () => Promise.resolve(this.#sendLoad()), log);
  }

  get deployments(): Deployments {
    return this.engine.deployments;
  }

  usePolicy(policy: Policy): void {
    this.engine.usePolicy(policy);
  }

  /** Takes up what is on the disk, without waiting for it or for a server. */
  async start(): Promise<void> {
    await this.engine.restore();
    this.#link.start();
    this.#resync.start();
    this.#counters.start();
    this.#load.start();
  }

  /**
   * A new key in the place of the agent's own. The server hears of it with the next connection, which is tried at once; what is under way
   * goes on meanwhile. Answers when the server has taken it, or after a while without: then the next connection brings it about.
   */
  async rotateKey(): Promise<RotatedKey> {
    const { trust, keyWaitMs = KEY_WAIT_MS } = this.#options;
    const { agentKey } = trust.identity;
    const { key, taken } = await trust.prepareKey();
    this.#link.reconnect("this agent's key is being replaced");
    const waiting = new AbortController();
    const inTime = await Promise.race([taken.then(() => true), delay(keyWaitMs, false, { signal: waiting.signal }).catch(() => false)]);
    waiting.abort();
    return { before: fingerprintOfKey(agentKey), after: fingerprintOfKey(key), taken: inTime };
  }

  /** Ends connection and timers, and waits for the reconcile that runs. The kernel stays as it is. */
  async stop(): Promise<void> {
    this.#link.stop();
    await Promise.all([this.#resync.stop(), this.#counters.stop(), this.#load.stop()]);
    await this.engine.stop();
  }

  #record(action: Action): void {
    const entry = this.#options.record?.(action);
    if (entry) this.#link.send({ type: "activity", entry });
  }

  /** What a server that was just connected does not know yet. */
  #introduce(): void {
    this.#sendLoad();
    void this.#sendChecks();
  }

  #sendLoad(): void {
    if (this.#link.ready && this.#link.backlogBytes <= BACKLOG_BYTES_MAX) this.#link.send({ type: "load", load: hostLoad() });
  }

  async #sendChecks(): Promise<void> {
    try {
      const found = await this.#options.checks?.read();
      if (found) this.#link.send({ type: "checks", ...found });
    } catch (error) {
      this.#options.log.error("could not find out what this system has", { error });
    }
  }

  /** The newest value is all that counts, so a slow network gets fewer of them, not later ones. */
  async #sendCounters(): Promise<void> {
    if (!this.#link.ready || this.#link.backlogBytes > BACKLOG_BYTES_MAX) return;
    const read = Object.entries(await this.engine.readCounters());
    const topologies = Object.fromEntries(read.filter(([topologyId]) => this.deployments.authorityOf(topologyId) === "server"));
    if (read.length > 0) this.#link.send({ type: "counters", at: Date.now(), topologies });
  }
}
