import { gatewayHostLinks } from "@vpclab/shared/plan/compile";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import type { SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import { parseMark } from "@vpclab/shared/plan/mark";
import { kindOfId } from "@vpclab/shared/topology/ids";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { VerifiedApply, VerifiedPlan } from "../link/verify-job";
import type { HostRecordStore } from "../state/host-record";
import type { NamespaceLedger } from "../state/namespace-ledger";
import type { SlotStore } from "../state/slot-store";

/** What was asked for, and by whom: only a verified job can say. */
export type Goal = VerifiedApply | VerifiedPlan;

/** The host as the reconciler needs it: its kernel, and what the agent remembers about it. */
export interface Site {
  readonly agentId: string;
  readonly kernel: Kernel;
  /** The host's interface towards the internet. */
  readonly uplink: string;
  readonly ledger: NamespaceLedger;
  readonly slots: SlotStore;
  readonly hostRecord: HostRecordStore;
  /** Those of the names that stand in /run/netns without a namespace behind them. */
  readonly leftovers: (names: readonly string[]) => readonly string[];
  /** Documents of the other topologies that are applied. */
  readonly others: (topologyId: string) => readonly { readonly topologyId: string; readonly document: Topology }[];
}

export const uplinkForwardingKey = (uplink: string): string => `net/ipv4/conf/${uplink}/forwarding`;

/** The uplink's forwarding as it was before vpclab: as recorded, or as it is while nothing was recorded. */
export function forwardingBefore(site: Site, seen: SeenKernel): "0" | "1" {
  return site.hostRecord.forwardingBefore(site.uplink) ?? (seen[HOST_NAMESPACE]?.sysctls[uplinkForwardingKey(site.uplink)] === "1" ? "1" : "0");
}

export function contextOf(goal: Goal, document: Topology, site: Site, seen: SeenKernel): CompileContext {
  const transit = [...document.internetGateways, ...document.peerings].map((object) => object.id);
  return {
    agentId: site.agentId,
    topologyId: goal.topologyId,
    topologyName: goal.topologyName,
    slots: site.slots.peek(goal.topologyId, transit),
    host: {
      uplink: site.uplink,
      uplinkForwardingBefore: forwardingBefore(site, seen),
      otherGatewayLinks: otherGatewayLinks(goal.topologyId, site, seen),
    },
  };
}

/** By the documents, and by what is really there: a link that the one table leaves out would be open to the host's networks. */
function otherGatewayLinks(topologyId: string, site: Site, seen: SeenKernel): string[] {
  const drawn = site.others(topologyId).flatMap((other) => gatewayHostLinks(other.document, other));
  const standing = (seen[HOST_NAMESPACE]?.links ?? []).filter((link) => {
    const mark = parseMark(link.alias);
    return mark?.agentId === site.agentId && mark.topologyId !== topologyId && kindOfId(mark.objectId) === "internet-gateway";
  });
  return [...new Set([...drawn, ...standing.map((link) => link.name)])].sort();
}
