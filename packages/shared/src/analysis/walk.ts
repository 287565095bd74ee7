import { containsAddress, containsCidr, parseAddress } from "../net/cidr";
import type { InternetGateway, Peering } from "../topology/topology";
import type { DrawnInstance, DrawnNatGateway, DrawnSubnet, DrawnVpc, Drawing, NetworkInterface } from "./drawing";
import { interfaceAt, liesIn, subnetAt } from "./drawing";
import { passAcl, passHost, passInstance } from "./gates";
import { HOST_ADDRESS, PRIVATE_RANGES, SHARED_RANGE } from "./internet";
import { enterByGateway, leaveByGateway } from "./internet-gateway";
import { throughNatGateway } from "./nat-gateway";
import type { Packet } from "./packet";
import type { Landing, Passage, Stop } from "./passage";
import { routeFrom } from "./routing";
import type { Memory, Trip } from "./trip";
import { goesRound, recall, remember } from "./trip";

/**
 * One packet's way, place by place, in the order in which the kernel that plan/ compiles asks them. Nothing is looked ahead:
 * each place decides by the packet and by what it remembers of the packet before (connection tracking).
 */
export interface Leg {
  readonly passages: readonly Passage[];
  /** The packet as it was in the end: translation changes it. */
  readonly packet: Packet;
  readonly landing: Landing | null;
  readonly stop: Stop | null;
}

/** Where a packet sets out. */
export type Start =
  /** Sent by an instance of its own accord. */
  | { readonly at: "sender"; readonly instance: DrawnInstance }
  /** The router itself answers, on the segment where the asker is; what it sends is not filtered. */
  | { readonly at: "router-itself"; readonly subnet: DrawnSubnet }
  /** Comes from the internet by this gateway, which translates the address to that of an interface of the VPC. */
  | { readonly at: "internet"; readonly vpc: DrawnVpc; readonly gateway: InternetGateway }
  /** Sent by the host itself to an instance. */
  | { readonly at: "host"; readonly vpc: DrawnVpc };

type Place =
  | Start
  | { readonly at: "segment"; readonly subnet: DrawnSubnet }
  | { readonly at: "interface"; readonly face: NetworkInterface }
  | { readonly at: "router"; readonly subnet: DrawnSubnet }
  | { readonly at: "into-subnet"; readonly subnet: DrawnSubnet; readonly nextHop: number }
  | { readonly at: "own-subnets"; readonly vpc: DrawnVpc }
  | { readonly at: "peering"; readonly peering: Peering; readonly far: DrawnVpc | null }
  | { readonly at: "internet-gateway"; readonly subnet: DrawnSubnet; readonly gateway: InternetGateway };

interface Move { readonly to: Place; readonly packet: Packet }
type Outcome = Move | { readonly landing: Landing; readonly packet: Packet } | { readonly stop: Stop };

/** Lets a packet go from `start` until it lands or is stopped. Ends: every forwarder is passed once per destination. */
export function walk(drawing: Drawing, start: Start, packet: Packet, memory: Memory, answer: boolean): Leg {
  const trip: Trip = { drawing, memory, answer, passages: [], passed: [] };
  let move: Move = { to: start, packet };
  for (;;) {
    const outcome = goOn(trip, move);
    if ("stop" in outcome) return { passages: trip.passages, packet: move.packet, landing: null, stop: outcome.stop };
    if ("landing" in outcome) return { passages: trip.passages, packet: outcome.packet, landing: outcome.landing, stop: null };
    move = outcome;
  }
}

function goOn(trip: Trip, { to: place, packet }: Move): Outcome {
  switch (place.at) {
    case "sender": return fromSender(trip, place.instance, packet);
    case "router-itself": return onSegment(trip, place.subnet, packet);
    case "segment": return onSegment(trip, place.subnet, packet);
    case "interface": return place.face.kind === "instance" ? atInstance(trip, place.face, packet) : atNatGateway(trip, place.face, packet);
    case "router": return atRouter(trip, place.subnet, packet);
    case "into-subnet": return intoSubnet(trip, place.subnet, place.nextHop, packet);
    case "own-subnets": return amongOwnSubnets(trip, place.vpc, packet);
    case "peering": return overPeering(trip, place, packet);
    case "internet-gateway": return byInternetGateway(trip, place, packet);
    case "internet": return fromInternet(trip, place, packet);
    case "host": return fromHost(trip, place.vpc, packet);
  }
}

/** Own address: loopback, which nothing filters. The subnet's router is a reserved address, which none filters either (AWS). */
function fromSender(trip: Trip, instance: DrawnInstance, packet: Packet): Outcome {
  if (packet.destination === instance.address) {
    trip.passages.push({ at: "loopback", instance });
    return { landing: { at: "instance", instance }, packet };
  }
  // A packet of its own that comes back to the sender is dropped there as a martian, and would go round if it were not.
  goesRound(trip, instance, packet);
  if (packet.destination === instance.subnet.router) {
    trip.passages.push({ at: "security-group", instance, direction: "egress", packet, by: "unfiltered" });
    remember(trip, instance.id, packet);
  } else {
    const stop = passInstance(trip, instance, ["egress"], packet);
    if (stop) return { stop };
  }
  return { to: { at: "segment", subnet: instance.subnet }, packet };
}

/** On a segment neighbours reach each other without the router; everything else goes to it. */
function onSegment(trip: Trip, subnet: DrawnSubnet, packet: Packet): Outcome {
  if (!liesIn(subnet, packet.destination) || packet.destination === subnet.router) {
    return { to: { at: "router", subnet }, packet };
  }
  const face = subnet.interfaces.get(packet.destination);
  if (!face) return { stop: { code: "NO_POSSIBLE_DESTINATION", vpc: subnet.vpc, packet, has: "nobody" } };
  trip.passages.push({ at: "segment", subnet });
  return { to: { at: "interface", face }, packet };
}

function atInstance(trip: Trip, instance: DrawnInstance, packet: Packet): Outcome {
  if (packet.destination === instance.address) {
    const stop = passInstance(trip, instance, ["ingress"], packet);
    return stop ? { stop } : { landing: { at: "instance", instance }, packet };
  }
  if (instance.instance.sourceDestCheck) return { stop: { code: "ENI_SOURCE_DEST_CHECK_RESTRICTION", instance, packet } };
  const stop = goesRound(trip, instance, packet) ?? passInstance(trip, instance, ["ingress", "egress"], packet);
  return stop ? { stop } : { to: { at: "segment", subnet: instance.subnet }, packet };
}

function atNatGateway(trip: Trip, nat: DrawnNatGateway, packet: Packet): Outcome {
  const loop = goesRound(trip, nat, packet);
  if (loop) return { stop: loop };
  const through = throughNatGateway(nat, packet, recall(trip, nat.id), trip.answer);
  if ("code" in through) return { stop: through };
  remember(trip, nat.id, packet, through.packet);
  trip.passages.push({ at: "nat-gateway", nat, translated: through.translated });
  return { to: { at: "segment", subnet: nat.subnet }, packet: through.packet };
}

/** From a subnet's bridge: a gateway address is the router itself; else its ACL, then its route table. */
function atRouter(trip: Trip, subnet: DrawnSubnet, packet: Packet): Outcome {
  const own = subnetAt(subnet.vpc, packet.destination);
  if (own?.router === packet.destination) {
    if (packet.protocol === "icmp") return { landing: { at: "router", subnet: own }, packet };
    return { stop: { code: "NO_POSSIBLE_DESTINATION", vpc: subnet.vpc, packet, has: "router" } };
  }
  const decision = routeFrom(trip.drawing, subnet, packet.destination);
  // By a forwarder of the same subnet it does not leave it: no ACL, although the router passes it on.
  const stays = decision.kind === "interface" && decision.target.subnet === subnet;
  const stop = stays ? null : passAcl(trip, subnet, "egress", packet);
  if (stop) return { stop };
  if (decision.kind === "none") return { stop: { code: "NO_ROUTE_TO_DESTINATION", subnet, packet } };
  if (decision.kind === "blackhole") return { stop: { code: "BAD_STATE_ROUTE", subnet, decision } };
  trip.passages.push({ at: "route-table", subnet, decision });
  switch (decision.kind) {
    case "local":
      if (!decision.subnet) return { stop: { code: "NO_POSSIBLE_DESTINATION", vpc: subnet.vpc, packet, has: "nobody" } };
      return { to: { at: "into-subnet", subnet: decision.subnet, nextHop: packet.destination }, packet };
    case "interface": {
      const { target } = decision;
      if (stays) return { to: { at: "interface", face: target }, packet };
      return { to: { at: "into-subnet", subnet: target.subnet, nextHop: target.address }, packet };
    }
    case "internet-gateway":
      return { to: { at: "internet-gateway", subnet, gateway: decision.gateway }, packet };
    case "peering":
      return { to: { at: "peering", peering: decision.peering, far: decision.far }, packet };
  }
}

/** The router puts the packet onto the segment of another subnet than the one it came from. */
function intoSubnet(trip: Trip, subnet: DrawnSubnet, nextHop: number, packet: Packet): Outcome {
  const stop = passAcl(trip, subnet, "ingress", packet);
  if (stop) return { stop };
  const face = subnet.interfaces.get(nextHop);
  if (!face) return { stop: { code: "NO_POSSIBLE_DESTINATION", vpc: subnet.vpc, packet, has: "nobody" } };
  return { to: { at: "interface", face }, packet };
}

/** What entered by a gateway or a peering reaches the VPC's own subnets and nothing else: no transit, no edge to edge. */
function amongOwnSubnets(trip: Trip, vpc: DrawnVpc, packet: Packet): Outcome {
  trip.passages.push({ at: "own-subnets", vpc });
  const subnet = subnetAt(vpc, packet.destination);
  if (!subnet) return { stop: { code: "NO_POSSIBLE_DESTINATION", vpc, packet, has: "nobody" } };
  if (packet.destination === subnet.router) return { stop: { code: "NO_POSSIBLE_DESTINATION", vpc, packet, has: "router" } };
  return { to: { at: "into-subnet", subnet, nextHop: packet.destination }, packet };
}

function overPeering(trip: Trip, { peering, far }: { peering: Peering; far: DrawnVpc | null }, packet: Packet): Outcome {
  if (!far || !containsAddress(far.cidr, packet.destination)) return { stop: { code: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", peering, far, packet } };
  trip.passages.push({ at: "peering", peering });
  return { to: { at: "own-subnets", vpc: far }, packet };
}

function byInternetGateway(trip: Trip, { subnet, gateway }: { subnet: DrawnSubnet; gateway: InternetGateway }, packet: Packet): Outcome {
  const left = leaveByGateway(trip.drawing, subnet, gateway, packet, recall(trip, gateway.id)?.left);
  if ("code" in left) return { stop: left };
  remember(trip, gateway.id, packet);
  trip.passages.push({ at: "internet-gateway", gateway, translation: left });
  const stop = atHost(trip, packet);
  if (stop) return { stop };
  trip.passages.push({ at: "internet" });
  return { landing: { at: "internet", vpc: subnet.vpc, gateway }, packet };
}

function fromInternet(trip: Trip, { vpc, gateway }: { vpc: DrawnVpc; gateway: InternetGateway }, packet: Packet): Outcome {
  trip.passages.push({ at: "internet" });
  const entered = enterByGateway(trip.drawing, vpc, gateway, packet, trip.answer);
  if ("code" in entered) return { stop: entered };
  remember(trip, gateway.id, packet);
  trip.passages.push({ at: "internet-gateway", gateway, translation: entered });
  return { to: { at: "own-subnets", vpc }, packet };
}

const HOST = parseAddress(HOST_ADDRESS);

/** The host forwards what comes from a VPC by its uplink only, and is closed to it itself. */
function atHost({ drawing }: Trip, packet: Packet): Stop | null {
  if (packet.destination === HOST) return { code: "HOST_CLOSED_TO_VPCS", packet };
  return drawing.publicAddresses.has(packet.destination) ? { code: "HOST_UPLINK_ONLY", packet } : null;
}

/** By the VPC's switch, over a link of its own: no ACL and no group is asked. A public range stays the internet's, whatever the switch says. */
function fromHost(trip: Trip, vpc: DrawnVpc, packet: Packet): Outcome {
  trip.passages.push({ at: "host" });
  const isPrivate = [...PRIVATE_RANGES, SHARED_RANGE].some((range) => containsCidr(range, vpc.cidr));
  if (!vpc.vpc.reachableFromHost || !isPrivate) return { stop: { code: "HOST_ACCESS_DISABLED", vpc } };
  const instance = interfaceAt(vpc, packet.destination);
  if (instance?.kind !== "instance") throw new Error(`${packet.destination} is no instance's address in ${vpc.vpc.id}: it was asked for one`);
  const stop = passHost(trip, instance, packet);
  if (stop) return { stop };
  trip.passages.push({ at: "host-access", instance });
  return { landing: { at: "instance", instance }, packet };
}
