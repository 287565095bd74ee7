import type { LinkRole } from "../net/interface-name";
import { interfaceName } from "../net/interface-name";
import type { Owner } from "./kernel-state";
import { formatMark } from "./mark";

/** What a topology alone does not say: who applies it, under which name, and which transit links it got on this host. */
export interface CompileContext {
  readonly agentId: string;
  readonly topologyId: string;
  readonly topologyName: string;
  /** Transit slot by object id, for every internet gateway, peering and VPC that the host may reach (see transit.ts). */
  readonly slots: Readonly<Record<string, number>>;
  /** Public address by object id: of Elastic IPs, and of instances that get one by themselves. Absent where the host has none to give. */
  readonly publicAddresses: Readonly<Record<string, string>>;
  /** Router namespace of the other end, by id of a peering with another topology; absent while that one is not applied here. */
  readonly remoteRouters: Readonly<Record<string, string>>;
  readonly host: HostContext;
}

/** One VPC's way to the internet, seen from the host. */
export interface HostGateway {
  /** Host end of the gateway's link. */
  readonly link: string;
  /** The router's transit address: where everything for this VPC is routed to. */
  readonly routerAddress: string;
  /** Public addresses that are translated behind it. */
  readonly publicAddresses: readonly string[];
  readonly publishedPorts: readonly { readonly protocol: "tcp" | "udp"; readonly hostPort: number }[];
}

/** The host (or the namespace that plays it) as far as it concerns gateways. */
export interface HostContext {
  /** Interface towards the internet. */
  readonly uplink: string;
  /** `net.ipv4.conf.<uplink>.forwarding` before the first gateway; put back when the last one goes. */
  readonly uplinkForwardingBefore: "0" | "1";
  /** The host has a pool of public addresses: gateways translate 1:1, and who has no public address gets no internet. Else it shares its own. */
  readonly publicPool: boolean;
  /** Gateways of all *other* topologies: the host's one table covers them too. */
  readonly otherGateways: readonly HostGateway[];
  /** Host ends of the links to VPCs of all other topologies that the host itself may reach. */
  readonly otherAccessLinks: readonly string[];
  /** VPCs (ids) that the host may reach by their switch and cannot, because it has other routes to their addresses. */
  readonly closedVpcs: readonly string[];
  /** Name servers that VPCs' resolvers may ask, by their internet gateways. */
  readonly dnsUpstreams: readonly string[];
}

export const ownerOf = (context: CompileContext, objectId: string): Owner => ({ topologyId: context.topologyId, objectId });

export const markFor = (context: CompileContext, objectId: string, readable: string): string =>
  formatMark({ agentId: context.agentId, topologyId: context.topologyId, objectId }, readable);

export const linkName = (context: Pick<CompileContext, "topologyId">, role: LinkRole, objectId: string): string =>
  interfaceName(role, context.topologyId, objectId);

export function slotOf(context: Pick<CompileContext, "slots">, objectId: string): number {
  const slot = context.slots[objectId];
  if (slot === undefined) throw new Error(`no transit slot for ${objectId}: allocate slots before compiling`);
  return slot;
}
