import { compileTopology } from "@vpclab/shared/plan/compile";
import type { KernelState } from "@vpclab/shared/plan/kernel-state";
import { publicAddressOwners } from "@vpclab/shared/plan/public-addresses";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { Deployment } from "@vpclab/shared/wire/live";
import type { OutgoingMessage } from "../link/outgoing-message";
import type { Authority, Deployed, FenceEntry, VerifiedApply } from "../link/verify-job";
import type { Held } from "./held";
import { NOTHING_KNOWN } from "./held";
import type { AppliedTopology } from "./remote-peerings";
import { remoteEnds, remotePeeringsOf } from "./remote-peerings";
import { RepairPauses } from "./repair-pauses";
import type { Site } from "./site";
import { contextOf } from "./site";

export interface HeldTopologiesOptions {
  readonly site: Omit<Site, "others" | "staying" | "sharedPeerings">;
  readonly fenceOf: (topologyId: string) => FenceEntry | null;
  /** A clock that only goes forward. */
  readonly nowMs: () => number;
}

type InventoryMessage = Extract<OutgoingMessage, { type: "inventory" }>;
const INVENTORY_MAX = 1000;

/** What was accepted last of each topology, and what is known of it. Whoever changes the kernel says so here. */
export class HeldTopologies {
  readonly #options: HeldTopologiesOptions;
  readonly #held = new Map<string, Held>();
  /** Stored topologies that could not be read or verified: their state is unknown until the server sends them again. */
  readonly #unreadable = new Map<string, Authority>();
  readonly site: Site;

  constructor(options: HeldTopologiesOptions) {
    this.#options = options;
    const others = (topologyId: string): Held[] => this.all.filter((held) => held.job.topologyId !== topologyId);
    const applied = (held: Held): AppliedTopology[] => (held.applied ? [held.applied] : []);
    this.site = {
      ...options.site,
      others: (topologyId) => others(topologyId).flatMap(applied),
      staying: (topologyId) => others(topologyId).filter(({ job }) => job.desired !== null).flatMap(applied),
      sharedPeerings: () => new Set(this.all.flatMap((held) => [held.job.desired, held.applied?.document ?? null])
        .flatMap((document) => (document ? remotePeeringsOf(document).map(({ id }) => id) : []))),
    };
  }

  /** As they are now; what comes later is not in it. */
  get all(): readonly Held[] {
    return [...this.#held.values()];
  }

  get(topologyId: string): Held | undefined {
    return this.#held.get(topologyId);
  }

  add(job: VerifiedApply, applied: AppliedTopology | null, deployment: Deployment): void {
    this.#held.set(job.topologyId, { job, applied, deployment, stopped: false, pauses: new RepairPauses(this.#options.nowMs) });
  }

  delete(topologyId: string): void {
    this.#held.delete(topologyId);
  }

  isUnreadable(topologyId: string): boolean {
    return this.#unreadable.has(topologyId);
  }

  /** `authority`: whom the stored job names; null: it was accepted anew. */
  noteUnreadable(topologyId: string, authority: Authority | null): void {
    if (authority === null) this.#unreadable.delete(topologyId);
    else this.#unreadable.set(topologyId, authority);
  }

  /** Topologies that were accepted and are not gone. */
  deployed(): Deployed[] {
    return this.all.map(({ job }) => ({ topologyId: job.topologyId, name: job.topologyName, document: job.desired, authority: job.authority }));
  }

  /** Nothing is here, and nothing that could not be read. */
  get empty(): boolean {
    return this.#held.size + this.#unreadable.size === 0;
  }

  authorityOf(topologyId: string): Authority | null {
    return this.#held.get(topologyId)?.job.authority ?? this.#unreadable.get(topologyId) ?? null;
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
    const applied = this.all.flatMap((held) => (held.applied ? [{ job: held.job, mine: held.applied }] : []));
    return { key: applied.map(({ mine }) => mine.document), compile: () => applied.map(({ job, mine }) => this.#compiled(job, mine)) };
  }

  /** What one applied topology should be in the kernel; null when it is not applied. */
  appliedState(topologyId: string): KernelState | null {
    const held = this.#held.get(topologyId);
    return held?.applied ? this.#compiled(held.job, held.applied) : null;
  }

  /** Public addresses that the topology's objects hold now. */
  addressesOf({ job }: Pick<Held, "job">): Readonly<Record<string, string>> {
    return this.site.publicAddresses.peek(job.topologyId, publicAddressOwners(job.desired ?? EMPTY_TOPOLOGY));
  }

  /** What is here of a server's, for one that comes back. A topology that is not named was removed, or never came. */
  inventory(): InventoryMessage["topologies"] {
    const held = [...this.#held].filter(([, { job }]) => job.authority === "server").map(([topologyId, { deployment }]) => ({ topologyId, deployment, contentHash: this.#options.fenceOf(topologyId)?.contentHash ?? "" }));
    const unknown = [...this.#unreadable].filter(([, authority]) => authority === "server").map(([topologyId]) => ({ topologyId, deployment: NOTHING_KNOWN, contentHash: "" }));
    return [...held, ...unknown].slice(0, INVENTORY_MAX);
  }

  #compiled(job: VerifiedApply, mine: AppliedTopology): KernelState {
    return compileTopology(mine.document, contextOf(job, mine.document, this.site, {}, remoteEnds(mine, this.site.staying(mine.topologyId))));
  }
}
