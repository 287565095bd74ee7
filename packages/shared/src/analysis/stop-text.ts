import { formatAddress, formatCidr } from "../net/cidr";
import { describeEntry, describeFirewallRule } from "../topology/describe-rule";
import { subnetType } from "../topology/subnet-type";
import type { DrawnInstance, DrawnSubnet, Drawing, NetworkInterface } from "./drawing";
import { subnetAt } from "./drawing";
import { INTERNET_WEB_ADDRESS } from "./internet";
import type { DisconnectedVpcs } from "./course";
import type { Landing, Stop } from "./passage";
import type { Decision, Hop } from "./verdict";
import { instanceName, interfaceName, listed, natName, plainTraffic, quoted, subnetName, trafficOf } from "./wording";

/** A stop in words: one sentence with what to change, the place where it happens, and the rule or route that decides. */
export interface StopText {
  readonly why: string;
  readonly hop: Hop;
  readonly decision: Decision;
}

type AnyStop = Stop | DisconnectedVpcs;
/** The stops that can have a code. Not `Extract`: some have one of two. */
type StopOf<C, S = AnyStop> = S extends { code: infer D } ? (C extends D ? S : never) : never;
type TextOf<C> = (stop: StopOf<C>, drawing: Drawing) => Omit<StopText, "decision"> & { rule: string | null };

export function stopText(stop: AnyStop, drawing: Drawing): StopText {
  // The table is complete by its type; that each entry gets a stop of its own code is what TypeScript cannot follow.
  const text = (TEXTS[stop.code] as (stop: AnyStop, drawing: Drawing) => ReturnType<TextOf<AnyStop["code"]>>)(stop, drawing);
  return { why: text.why, hop: text.hop, decision: { code: stop.code, objectId: text.hop.by ?? text.hop.objectId, rule: text.rule } };
}

const stopAt = (object: { id: string; name: string }, by: string | null, note: string): Hop =>
  ({ objectId: object.id, label: object.name, by, note, verdict: "stop" });

const TEXTS: { readonly [C in AnyStop["code"]]: TextOf<C> } = {
  SG_HAS_NO_RULES: ({ instance, direction, packet }) => ({
    why: `${groupsHave(instance)} no ${direction} rules; add one that allows ${trafficOf(packet, direction)}.`,
    hop: stopAt(instance.instance, instance.groups.groups[0]?.id ?? null, `no ${direction} rules`), rule: null,
  }),
  ENI_SG_RULES_MISMATCH: ({ instance, direction, packet }) => ({
    why: `${groupsHave(instance)} no ${direction} rule that allows ${trafficOf(packet, direction)}; add one.`,
    hop: stopAt(instance.instance, instance.groups.groups[0]?.id ?? null, `no ${direction} rule allows ${trafficOf(packet, direction)}`), rule: null,
  }),
  FIREWALL_RULES_RESTRICTION: ({ instance, direction, packet, by }) => {
    const traffic = trafficOf(packet, direction);
    const firewall = `The firewall of subnet ${subnetName(instance.subnet)}`;
    return {
      why: by
        ? `${firewall} denies ${traffic} by ${direction} rule ${by.number} (${describeFirewallRule(by.rule)}); change it, or allow this before it.`
        : `${firewall} has no ${direction} rule that allows ${traffic}, and its default is deny; add one.`,
      hop: stopAt(instance.instance, instance.subnet.subnet.id, by ? `firewall ${direction} rule ${by.number} denies ${traffic}` : `firewall ${direction} default denies ${traffic}`),
      rule: by ? `${direction} ${by.number}` : null,
    };
  },
  SUBNET_ACL_RESTRICTION: ({ subnet, direction, packet, entry }) => {
    const acl = `Network ACL ${quoted(subnet.acl.acl)} of subnet ${subnetName(subnet)}`;
    const traffic = trafficOf(packet, direction);
    return {
      why: entry
        ? `${acl} denies ${traffic} by ${direction} entry ${entry.number} (${describeEntry(entry)}); change it, or allow this before it.`
        : `${acl} has no ${direction} entry that allows ${traffic}; add one.`,
      hop: stopAt(subnet.subnet, subnet.acl.acl.id, entry ? `${direction} entry ${entry.number} denies ${traffic}` : `no ${direction} entry allows ${traffic}`),
      rule: entry ? `${direction} ${entry.number}` : null,
    };
  },
  NO_ROUTE_TO_DESTINATION: ({ subnet, packet }, drawing) => ({
    why: noRoute(subnet, packet.destination, drawing),
    hop: stopAt(subnet.vpc.vpc, subnet.table.id, `no route to ${formatAddress(packet.destination)}`), rule: null,
  }),
  BAD_STATE_ROUTE: ({ subnet, decision: { route, peering } }) => {
    const what = `Route ${route.destination} of route table ${quoted(subnet.table)} is a blackhole`;
    return {
      why: peering
        ? `${what}: peering ${quoted(peering)} is ${peering.status}; ${peering.status === "pending-acceptance" ? "accept it" : "make a new one, or delete the route"}.`
        : `${what}: its target ${route.target.id} is gone; lead it to something else, or delete it.`,
      hop: stopAt(subnet.vpc.vpc, subnet.table.id, `route ${route.destination} is a blackhole`), rule: route.destination,
    };
  },
  ROUTE_TABLE_LOOP: ({ subnet, by, packet }) => ({
    why: `Packets to ${formatAddress(packet.destination)} go round for ever: route table ${quoted(subnet.table)} of subnet ${subnetName(subnet)} leads back to ${interfaceName(by)}; lead it on to where they should go.`,
    hop: stopAt(subnet.vpc.vpc, subnet.table.id, `leads back to ${interfaceName(by)}`), rule: null,
  }),
  ENI_SOURCE_DEST_CHECK_RESTRICTION: ({ instance, packet }) => ({
    why: `${instanceName(instance)} gets a packet for ${formatAddress(packet.destination)} and does not forward it; switch its source/destination check off.`,
    hop: stopAt(instance.instance, instance.id, "source/destination check is on"), rule: null,
  }),
  NGW_DEST_ADDRESS_PRESERVATION: ({ nat, packet }) => ({
    why: `${formatAddress(packet.destination)} is the address of ${natName(nat)} in ${nat.subnet.vpc.vpc.name}, which lets nothing in; ask for an address behind it from inside.`,
    hop: stopAt(nat.gateway, nat.id, "lets nothing in"), rule: null,
  }),
  NGW_SOURCE_ADDRESS_REASSIGN: ({ nat, packet }) => ({
    why: `${natName(nat)} gets an answer to ${formatAddress(packet.destination)} that it has not seen the question of, and drops it; lead both ways through it or neither.`,
    hop: stopAt(nat.gateway, nat.id, "does not know this connection"), rule: null,
  }),
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: ({ gateway, from }) => ({
    why: from.kind === "instance"
      ? `${instanceName(from)} has no public address, so ${gateway.name} lets nothing of it out; associate an Elastic IP, or let its subnet assign public addresses.`
      : `${natName(from)} has no Elastic IP, so ${gateway.name} lets nothing of it out; associate one.`,
    hop: stopAt(gateway, from.id, `${interfaceName(from)} has no public address`), rule: null,
  }),
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: ({ gateway, to, packet }, { host }) => {
    if (host.publicPool) {
      return {
        why: noPublicAddress(to),
        hop: stopAt(gateway, to.id, `${interfaceName(to)} has no public address`), rule: null,
      };
    }
    const traffic = plainTraffic(packet);
    const how = packet.protocol === "icmp" ? "which has no ports to publish; ask for a tcp or udp port" : `which ${interfaceName(to)} does not publish at a port of the host; publish it`;
    return {
      why: `This host has no public addresses to give, so only published ports lead in, not ${traffic}, ${how}.`,
      hop: stopAt(gateway, to.id, `${traffic} is not published`), rule: null,
    };
  },
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: privateDestination,
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS: privateDestination,
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: ({ peering, far, packet }) => ({
    why: far
      ? `${formatAddress(packet.destination)} is not in ${far.vpc.name} (${formatCidr(far.cidr)}), and a peering leads no farther than to its other VPC; route it another way than by peering ${quoted(peering)}.`
      : `Peering ${quoted(peering)} leads to another topology, and this target is not there; route ${formatAddress(packet.destination)} another way.`,
    hop: stopAt(peering, peering.id, far ? `only to ${formatCidr(far.cidr)}` : "leads to another topology"), rule: null,
  }),
  NO_POSSIBLE_DESTINATION: ({ vpc, packet, has }) => {
    const address = formatAddress(packet.destination);
    const { name } = vpc.vpc;
    const leads = subnetAt(vpc, packet.source) ? `lies in ${name}'s own range, so the packet stays in ${name}` : `is routed to ${name}`;
    return {
      why: has === "router"
        ? `${address} is a router's address in ${name}, which answers nothing but pings of its own instances; use VPCs whose ranges differ.`
        : `${address} ${leads}, where nobody has it; use VPCs whose ranges differ.`,
      hop: stopAt(vpc.vpc, null, has === "router" ? `${address} is the router itself` : `nobody has ${address}`), rule: null,
    };
  },
  ENI_ADDRESS_RESTRICTION: ({ packet, arrivedAt }) => ({
    why: `${formatAddress(packet.destination)} leads to ${landingName(arrivedAt)} from there, not to the end that was meant; make the routes tell the two apart.`,
    hop: { ...landingHop(arrivedAt), by: null, note: `has ${formatAddress(packet.destination)} there`, verdict: "stop" }, rule: null,
  }),
  HOST_CLOSED_TO_VPCS: ({ packet }) => ({
    why: `The host answers nothing that comes from a VPC, so its ${plainTraffic(packet)} ends there.`,
    hop: stopAtHost("closed to VPCs"), rule: null,
  }),
  HOST_UPLINK_ONLY: ({ packet }) => ({
    why: `${formatAddress(packet.destination)} is an address that this host gives out, and what comes from a VPC leaves it by the uplink only; use the private address, over a peering where it is another VPC's.`,
    hop: stopAtHost("by the uplink only"), rule: null,
  }),
  HOST_ACCESS_DISABLED: ({ vpc: { vpc } }) => ({
    why: vpc.reachableFromHost
      ? `The host has no way into ${vpc.name}: ${vpc.cidr} are addresses of the internet, which it would lose; choose a private range.`
      : `The host has no way into ${vpc.name}; switch on that it may reach it.`,
    hop: stopAt(vpc, vpc.id, "the host has no way in"), rule: null,
  }),
  DISCONNECTED_VPCS: ({ from, to, between }) => {
    const [a, b] = [from.subnet.vpc.vpc, to.subnet.vpc.vpc];
    const via = between ? ` (both are peered with ${between.vpc.name}, but peering is not transitive)` : "";
    return {
      why: `${a.name} and ${b.name} are not peered, so there is no route${via}; peer them.`,
      hop: stopAt(a, from.subnet.table.id, `no route to ${b.name}`), rule: null,
    };
  },
};

const stopAtHost = (note: string): Hop => ({ objectId: null, label: "Host", by: null, note, verdict: "stop" });

/** Of an end that the internet cannot address, on a host with a pool. */
export const noPublicAddress = (to: NetworkInterface): string =>
  `${interfaceName(to)} has no public address, so nothing on the internet can address it; associate an Elastic IP.`;

function groupsHave(instance: DrawnInstance): string {
  const names = instance.groups.groups.map(quoted);
  return `${names.length === 1 ? "Security group" : "Security groups"} ${listed(names)} of ${instanceName(instance)} ${names.length === 1 ? "has" : "have"}`;
}

function noRoute(subnet: DrawnSubnet, address: number, drawing: Drawing): string {
  const { vpc } = subnet.vpc;
  const table = `route table ${quoted(subnet.table)}`;
  const peer = subnet.vpc.peers.find(({ far }) => subnetAt(far, address));
  if (peer) {
    const far = peer.far.vpc;
    return `Subnet ${quoted(subnet.subnet)} has no route to ${far.name}: add ${far.cidr} to peering ${quoted(peer.peering)} in ${table}.`;
  }
  if (formatAddress(address) !== INTERNET_WEB_ADDRESS) return `Subnet ${quoted(subnet.subnet)} has no route to ${formatAddress(address)}: add one to ${table}.`;
  if (!drawing.index.gatewayOfVpc(vpc.id)) return `${vpc.name} has no internet gateway, so there is no route to the internet; add one.`;
  if (subnetType(drawing.index, subnet.subnet) === "private") {
    return `Subnet ${quoted(subnet.subnet)} is private: its ${table} has no route to the internet; make it public, or add 0.0.0.0/0 to a NAT gateway.`;
  }
  return `The ${table} of subnet ${quoted(subnet.subnet)} has no route to ${INTERNET_WEB_ADDRESS}; add 0.0.0.0/0 to the internet gateway.`;
}

function privateDestination({ subnet, gateway, packet }: StopOf<"IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS">): Omit<StopText, "decision"> & { rule: null } {
  const address = formatAddress(packet.destination);
  return {
    why: `Route table ${quoted(subnet.table)} of subnet ${subnetName(subnet)} sends ${address} to ${gateway.name}, and the internet has no private addresses; add a more specific route, e.g. to a peering.`,
    hop: stopAt(gateway, subnet.table.id, `drops private ${address}`), rule: null,
  };
}

function landingHop(landing: Landing): Pick<Hop, "objectId" | "label"> {
  switch (landing.at) {
    case "instance": return { objectId: landing.instance.id, label: landing.instance.instance.name };
    case "router": return { objectId: landing.subnet.vpc.vpc.id, label: landing.subnet.vpc.vpc.name };
    case "internet": return { objectId: null, label: "Internet" };
  }
}

function landingName(landing: Landing): string {
  switch (landing.at) {
    case "instance": return instanceName(landing.instance);
    case "router": return `the router of ${landing.subnet.vpc.vpc.name}`;
    case "internet": return "the internet";
  }
}
