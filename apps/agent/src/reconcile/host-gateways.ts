import { hostGateways } from "@vpclab/shared/plan/compile-host";
import type { HostGateway } from "@vpclab/shared/plan/compile-context";
import type { SeenLink, SeenNamespace } from "@vpclab/shared/plan/kernel-state";
import { parseMark } from "@vpclab/shared/plan/mark";
import { publicAddressOwners } from "@vpclab/shared/plan/public-addresses";
import { kindOfId } from "@vpclab/shared/topology/ids";
import type { PublicAddressStore } from "../state/public-address-store";
import type { SlotStore } from "../state/slot-store";
import type { AppliedTopology } from "./remote-peerings";

/** Internet gateways of another topology as its document and this host's stores give them. */
export function drawnGateways(
  { topologyId, document }: AppliedTopology, { slots, publicAddresses }: { readonly slots: SlotStore; readonly publicAddresses: PublicAddressStore },
): HostGateway[] {
  return hostGateways(document, {
    topologyId,
    slots: slots.peek(topologyId, { own: document.internetGateways.map(({ id }) => id), shared: [] }),
    publicAddresses: publicAddresses.peek(topologyId, publicAddressOwners(document)),
    host: { publicPool: publicAddresses.hasPool },
  });
}

/**
 * Gateways of other topologies that stand on the host, whether or not their documents can be read: what is routed to them
 * stays, their published ports are not known.
 */
export function standingGateways(host: SeenNamespace | undefined, whose: { readonly agentId: string; readonly except: string }): HostGateway[] {
  return (host?.links ?? []).flatMap((link) => {
    const mark = parseMark(link.alias);
    if (mark?.agentId !== whose.agentId || mark.topologyId === whose.except || kindOfId(mark.objectId) !== "internet-gateway") return [];
    const routerAddress = farTransitAddress(link);
    if (routerAddress === null) return [];
    const publicAddresses = (host?.routes ?? []).filter((route) => route.dev === link.name && route.type === "unicast").map(({ destination }) => destination.replace(/\/32$/, ""));
    return [{ link: link.name, routerAddress, publicAddresses, publishedPorts: [] }];
  });
}

/** Links to VPCs of other topologies that the host may reach, as they stand. */
export function standingAccessLinks(host: SeenNamespace | undefined, whose: { readonly agentId: string; readonly except: string }): string[] {
  return (host?.links ?? []).flatMap((link) => {
    const mark = parseMark(link.alias);
    const isAccess = mark?.agentId === whose.agentId && mark.topologyId !== whose.except && kindOfId(mark.objectId) === "vpc";
    return isAccess ? [link.name] : [];
  });
}

/** The router's end of a transit /31, from the host's: the lower of the two addresses. */
function farTransitAddress({ addresses }: SeenLink): string | null {
  const [, stem, last] = /^(\d+\.\d+\.\d+\.)(\d+)\/31$/.exec(addresses[0] ?? "") ?? [];
  return stem !== undefined && last !== undefined ? `${stem}${Number(last) - (Number(last) % 2)}` : null;
}
