import type { LinkRole } from "../net/interface-name";
import { interfaceName } from "../net/interface-name";
import type { Owner } from "./kernel-state";
import { formatMark } from "./mark";

/** What a topology alone does not say: who applies it, under which name, and which transit links it got on this host. */
export interface CompileContext {
  readonly agentId: string;
  readonly topologyId: string;
  readonly topologyName: string;
  /** Transit slot by object id, for every internet gateway and peering of the document (see transit.ts). */
  readonly slots: Readonly<Record<string, number>>;
  readonly host: HostContext;
}

/** The host (or the namespace that plays it) as far as it concerns gateways. */
export interface HostContext {
  /** Interface towards the internet. */
  readonly uplink: string;
  /** `net.ipv4.conf.<uplink>.forwarding` before the first gateway; put back when the last one goes. */
  readonly uplinkForwardingBefore: "0" | "1";
  /** Host ends of the gateways of all *other* topologies: the host's one table covers them too. */
  readonly otherGatewayLinks: readonly string[];
}

export const ownerOf = (context: CompileContext, objectId: string): Owner => ({ topologyId: context.topologyId, objectId });

export const markFor = (context: CompileContext, objectId: string, readable: string): string =>
  formatMark({ agentId: context.agentId, topologyId: context.topologyId, objectId }, readable);

export const linkName = (context: CompileContext, role: LinkRole, objectId: string): string =>
  interfaceName(role, context.topologyId, objectId);

export function slotOf(context: CompileContext, objectId: string): number {
  const slot = context.slots[objectId];
  if (slot === undefined) throw new Error(`no transit slot for ${objectId}: allocate slots before compiling`);
  return slot;
}
