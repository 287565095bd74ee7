import { transitObjects } from "@vpclab/shared/plan/compile";
import { hostAccessLinks } from "@vpclab/shared/plan/compile-host";
import type { CompileContext, HostGateway } from "@vpclab/shared/plan/compile-context";
import type { SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import { publicAddressOwners } from "@vpclab/shared/plan/public-addresses";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { VerifiedApply, VerifiedPlan } from "../link/verify-job";
import type { HostRecordStore } from "../state/host-record";
import type { NamespaceLedger } from "../state/namespace-ledger";
import type { PublicAddressStore } from "../state/public-address-store";
import type { SlotStore, TransitObjects } from "../state/slot-store";
import { drawnGateways, standingAccessLinks, standingGateways } from "./host-gateways";
import type { AppliedTopology, RemoteEnd } from "./remote-peerings";
import { remotePeeringsOf } from "./remote-peerings";

/** What was asked for, and by whom: only a verified job can say. */
export type Goal = VerifiedApply | VerifiedPlan;

/** One rule of ours that is missing in another firewall, or is too many: in words, and as a person would mend it. */
export interface FirewallDifference {
  readonly words: string;
  readonly command: string;
}

/**
 * A firewall of somebody else on the host that drops what the host forwards (Docker, ufw, firewalld). A packet has to pass
 * it too, so there, and only there, one marked rule of ours lets through what vpclab forwards.
 */
export interface OtherFirewall {
  /** What differs from "our rule is there" (or is not, with `open` false). Never writes. */
  look(open: boolean): Promise<readonly FirewallDifference[]>;
  /** Puts the rule where it is missing, or removes every one. Throws AppError. */
  settle(open: boolean): Promise<void>;
}

/** The host as the reconciler needs it: its kernel, and what the agent remembers about it. */
export interface Site {
  readonly agentId: string;
  readonly kernel: Kernel;
  /** The host's interface towards the internet. */
  readonly uplink: string;
  readonly ledger: NamespaceLedger;
  readonly slots: SlotStore;
  readonly publicAddresses: PublicAddressStore;
  readonly hostRecord: HostRecordStore;
  /** null where nobody else can have one: in a sandbox. */
  readonly firewall: OtherFirewall | null;
  /** Name servers that VPCs' resolvers may ask by their internet gateways. */
  readonly dnsUpstreams: readonly string[];
  /** Those of the names that stand in /run/netns, or have a resolv.conf, without a namespace behind them. */
  readonly leftovers: (names: readonly string[]) => readonly string[];
  /** The other topologies that the kernel holds, one that is about to be removed included. */
  readonly others: (topologyId: string) => readonly AppliedTopology[];
  /** The other topologies that a peering can lead to: those that stay. */
  readonly staying: (topologyId: string) => readonly AppliedTopology[];
  /** Ids of peerings with another topology, of every topology here. */
  readonly sharedPeerings: () => ReadonlySet<string>;
}

export const uplinkForwardingKey = (uplink: string): string => `net/ipv4/conf/${uplink}/forwarding`;

/** The uplink's forwarding as it was before vpclab: as recorded, or as it is while nothing was recorded. */
export function forwardingBefore(site: Pick<Site, "hostRecord" | "uplink">, seen: SeenKernel): "0" | "1" {
  return site.hostRecord.forwardingBefore(site.uplink) ?? (seen[HOST_NAMESPACE]?.sysctls[uplinkForwardingKey(site.uplink)] === "1" ? "1" : "0");
}

/** Gateways and peerings within a topology have slots of their own; a peering with another topology has one for both. */
export function transitOf(document: Topology): TransitObjects {
  const shared = remotePeeringsOf(document).map(({ id }) => id);
  return { own: transitObjects(document).filter((id) => !shared.includes(id)), shared };
}

/** Everything that compiling needs beside the document, without `closedVpcs`. `ends`: other ends of peerings with other topologies. */
export function contextOf(goal: Goal, document: Topology, site: Site, seen: SeenKernel, ends: ReadonlyMap<string, RemoteEnd>): CompileContext {
  const { topologyId, topologyName } = goal;
  return {
    agentId: site.agentId,
    topologyId,
    topologyName,
    slots: site.slots.peek(topologyId, transitOf(document)),
    publicAddresses: site.publicAddresses.peek(topologyId, publicAddressOwners(document)),
    remoteRouters: Object.fromEntries([...ends].flatMap(([id, end]) => (end.state === "there" ? [[id, end.router]] : []))),
    host: {
      uplink: site.uplink,
      uplinkForwardingBefore: forwardingBefore(site, seen),
      publicPool: site.publicAddresses.hasPool,
      otherGateways: otherGateways(topologyId, site, seen),
      otherAccessLinks: otherAccessLinks(topologyId, site, seen),
      closedVpcs: [],
      dnsUpstreams: site.dnsUpstreams,
    },
  };
}

function otherAccessLinks(topologyId: string, site: Site, seen: SeenKernel): string[] {
  const drawn = site.others(topologyId).flatMap((other) => hostAccessLinks(other.document, other.topologyId));
  const standing = standingAccessLinks(seen[HOST_NAMESPACE], { agentId: site.agentId, except: topologyId });
  return [...new Set([...drawn, ...standing])].sort();
}

/** By the documents, and by what is really there: a link that the one table leaves out would be open to the host's networks. */
function otherGateways(topologyId: string, site: Site, seen: SeenKernel): HostGateway[] {
  const drawn = site.others(topologyId).flatMap((other) => drawnGateways(other, site));
  const links = new Set(drawn.map(({ link }) => link));
  const standing = standingGateways(seen[HOST_NAMESPACE], { agentId: site.agentId, except: topologyId });
  return [...drawn, ...standing.filter(({ link }) => !links.has(link))].sort((a, b) => (a.link < b.link ? -1 : 1));
}
