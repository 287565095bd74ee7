import { macAddress } from "../net/interface-name";
import { routerNamespace } from "../net/namespace-name";
import type { Topology, Vpc } from "../topology/topology";
import type { CompileContext } from "./compile-context";
import { linkName, markFor, ownerOf, slotOf } from "./compile-context";
import { MAIN_TABLE } from "./main-table";
import { HOST_NAMESPACE, type Link, ROUTE_PROTOCOL, type Route } from "./kernel-state";
import { transitAddresses } from "./transit";

/**
 * The link by which the host itself opens connections to a VPC's instances (`reachableFromHost`). It is one of its own, not the
 * internet gateway's: what comes in by that one is the internet, and a VPC without a gateway can be reached from the host, too.
 */
export interface HostAccess {
  /** The router's end. */
  readonly link: string;
  readonly routerAddress: string;
  /** The only source on the link: the networks behind the host do not get in by it, whatever the host forwards. */
  readonly hostAddress: string;
}

/** VPCs whose switch is on: each needs a transit slot, by its own id. */
export const reachableVpcs = (doc: Topology): readonly Vpc[] => doc.vpcs.filter((vpc) => vpc.reachableFromHost);

type AccessContext = Pick<CompileContext, "topologyId" | "slots"> & { readonly host: Pick<CompileContext["host"], "closedVpcs"> };

/** null where the switch is off, or the host cannot have a route to the VPC beside its own. */
export function hostAccess(vpc: Vpc, context: AccessContext): HostAccess | null {
  if (!vpc.reachableFromHost || context.host.closedVpcs.includes(vpc.id)) return null;
  const { near, far } = transitAddresses(slotOf(context, vpc.id));
  return { link: linkName(context, "access-router", vpc.id), routerAddress: near, hostAddress: far };
}

/** Name of the host's end. */
export const hostAccessLink = (vpc: Vpc, context: Pick<CompileContext, "topologyId">): string => linkName(context, "access-host", vpc.id);

export function accessLinkOfRouter(vpc: Vpc, { link, routerAddress }: HostAccess, context: CompileContext): Link {
  return {
    ...endOf(vpc, context),
    name: link,
    mac: macAddress("access-router", context.topologyId, vpc.id),
    peer: { namespace: HOST_NAMESPACE, name: hostAccessLink(vpc, context), mac: macAddress("access-host", context.topologyId, vpc.id) },
    creator: false,
    addresses: [`${routerAddress}/31`],
  };
}

export function accessLinkOfHost(vpc: Vpc, { link, hostAddress }: HostAccess, context: CompileContext): Link {
  return {
    ...endOf(vpc, context),
    name: hostAccessLink(vpc, context),
    mac: macAddress("access-host", context.topologyId, vpc.id),
    peer: { namespace: routerNamespace(context.topologyName, vpc.name), name: link, mac: macAddress("access-router", context.topologyId, vpc.id) },
    creator: true,
    addresses: [`${hostAddress}/31`],
  };
}

const endOf = (vpc: Vpc, context: CompileContext) =>
  ({ kind: "veth", alias: markFor(context, vpc.id, vpc.name), owner: ownerOf(context, vpc.id), master: null } as const);

export const accessRouteOfHost = (vpc: Vpc, { routerAddress }: HostAccess, context: CompileContext): Route => ({
  type: "unicast", destination: vpc.cidr, table: MAIN_TABLE, via: routerAddress, dev: hostAccessLink(vpc, context),
  protocol: ROUTE_PROTOCOL.vpclab, owner: ownerOf(context, vpc.id),
});
