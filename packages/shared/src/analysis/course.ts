import { parseAddress } from "../net/cidr";
import type { DrawnInstance, DrawnVpc, Drawing, NetworkInterface } from "./drawing";
import { subnetAt } from "./drawing";
import { EPHEMERAL_PORTS, HOST_ADDRESS, HOST_LINK_ADDRESS, INTERNET_WEB_ADDRESS, PUBLIC_ADDRESS } from "./internet";
import { publicAddressOf, publishedPortOf } from "./internet-gateway";
import { ALL_PORTS, answerTo, type Packet } from "./packet";
import type { Landing, Stop } from "./passage";
import { isProbePair, type ProbeEnd } from "./probe";
import type { Memory } from "./trip";
import type { Flow } from "./verdict";
import type { Leg, Start } from "./walk";
import { walk } from "./walk";

/** Both ends of a flow, as drawn. `public`: what of its target the internet sees. */
export type Ends =
  | { readonly from: DrawnInstance; readonly to: DrawnInstance | "internet" | "host" | "public" }
  | { readonly from: "internet"; readonly to: NetworkInterface }
  | { readonly from: "host"; readonly to: DrawnInstance };

/** What became of a flow: a packet there and its answer. */
export type Course =
  /** There is nothing to send: an end that is not drawn, or no way in at all. */
  | { readonly kind: "not-sent"; readonly reason: NotSent }
  | {
      readonly kind: "sent";
      readonly ends: Ends;
      readonly there: Leg;
      /** null when it never arrived, or arrived at home. */
      readonly back: Leg | null;
      /** Somebody else has the address: whoever sends to it sees their answer. null: it arrived at the drawn target. */
      readonly elsewhere: Landing | null;
      /** null: the answer came back. */
      readonly stopped: { readonly on: "there" | "back"; readonly stop: Stop | DisconnectedVpcs } | null;
    };

export type NotSent =
  | { readonly code: "NO_SOURCE_OR_DESTINATION"; readonly missing: "source" | "target" }
  /** null: nothing drawn lies between such ends. */
  | { readonly code: "NO_PATH"; readonly to: NetworkInterface | null }
  /** Nothing on the internet leads there, so that there is no address to ask at. */
  | { readonly code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"; readonly to: NetworkInterface };

/** Two VPCs that no active peering joins: an address of one means nothing in the other. */
export interface DisconnectedVpcs {
  readonly code: "DISCONNECTED_VPCS";
  readonly from: DrawnInstance;
  readonly to: DrawnInstance;
  /** A VPC that is peered with both, if there is one: people expect that it leads on. */
  readonly between: DrawnVpc | null;
}

const numberOf = (address: string): number => parseAddress(address) ?? 0;
const INTERNET = numberOf(INTERNET_WEB_ADDRESS);

/** What a packet is addressed to. */
interface To {
  readonly address: number;
  readonly port: number | null;
}

export function follow(drawing: Drawing, flow: Flow): Course {
  const { source, destination, port } = flow;
  if (!isProbePair(source, destination)) return notSent({ code: "NO_PATH", to: null });
  const target = targetOf(drawing, destination);
  if (target === null) return notSent({ code: "NO_SOURCE_OR_DESTINATION", missing: "target" });
  if ("instanceId" in source) {
    const from = drawing.instances.get(source.instanceId);
    if (!from) return notSent({ code: "NO_SOURCE_OR_DESTINATION", missing: "source" });
    const start: Start = { at: "sender", instance: from };
    if (target === "internet") return send(drawing, { from, to: target }, start, flow, { address: INTERNET, port });
    if (target === "host") return send(drawing, { from, to: target }, start, flow, { address: numberOf(HOST_ADDRESS), port });
    if ("instanceId" in destination && target.kind === "instance") return send(drawing, { from, to: target }, start, flow, { address: target.address, port });
    if (!drawing.index.gatewayOfVpc(target.subnet.vpc.vpc.id)) return notSent({ code: "NO_PATH", to: target });
    const to = seenFromOutside(drawing, target, flow);
    return to ? send(drawing, { from, to: "public" }, start, flow, to) : notSent({ code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", to: target });
  }
  if (target === "internet" || target === "host") return notSent({ code: "NO_PATH", to: null });
  const to = { address: target.address, port };
  if ("host" in source && target.kind === "instance") return send(drawing, { from: "host", to: target }, { at: "host", vpc: target.subnet.vpc }, flow, to);
  const gateway = drawing.index.gatewayOfVpc(target.subnet.vpc.vpc.id);
  if (!gateway) return notSent({ code: "NO_PATH", to: target });
  return send(drawing, { from: "internet", to: target }, { at: "internet", vpc: target.subnet.vpc, gateway }, flow, to);
}

const notSent = (reason: NotSent): Course => ({ kind: "not-sent", reason });

/** null: it is not drawn. */
function targetOf({ instances, natGateways }: Drawing, end: ProbeEnd): NetworkInterface | "internet" | "host" | null {
  if ("instanceId" in end) return instances.get(end.instanceId) ?? null;
  if ("publicAddressOf" in end) return instances.get(end.publicAddressOf) ?? natGateways.get(end.publicAddressOf) ?? null;
  return "internet" in end ? "internet" : "host";
}

/** The address, or the port of the host, at which the internet finds somebody; null: it does not. */
function seenFromOutside(drawing: Drawing, face: NetworkInterface, { protocol, port }: Flow): To | null {
  const { publicPool, publicAddresses } = drawing.host;
  if (!publicPool) {
    const published = publishedPortOf(face, protocol, port)?.published;
    return published ? { address: numberOf(HOST_ADDRESS), port: published.hostPort } : null;
  }
  const own = publicAddressOf(drawing, face);
  const address = own && (publicAddresses ? publicAddresses[own.kind === "elastic-ip" ? own.elasticIp.id : face.id] : PUBLIC_ADDRESS);
  return address === null || address === undefined ? null : { address: numberOf(address), port };
}

function send(drawing: Drawing, ends: Ends, start: Start, flow: Flow, to: To): Course {
  const memory: Memory = [];
  const there = walk(drawing, start, firstPacket(ends, flow, to), memory, false);
  const sent = { kind: "sent", ends, there } as const;
  if (!there.landing) return { ...sent, back: null, elsewhere: null, stopped: { on: "there", stop: unpeered(ends, there) ?? there.stop! } };
  const elsewhere = isEnd(there.landing, ends.to) ? null : there.landing;
  if (elsewhere?.at === "internet" && ends.to !== "internet") {
    const stop = unpeered(ends, there) ?? { code: "ENI_ADDRESS_RESTRICTION" as const, packet: there.packet, arrivedAt: elsewhere };
    return { ...sent, back: null, elsewhere: null, stopped: { on: "there", stop } };
  }
  // To itself, and to the host by its own link: nothing asks about the answer.
  if (there.passages[0]?.at === "loopback" || ends.from === "host") return { ...sent, back: null, elsewhere, stopped: null };
  const back = walk(drawing, answering(there.landing, there.packet), answerOf(there, elsewhere !== null), memory, true);
  const strayed = back.landing && !isEnd(back.landing, ends.from) ? back.landing : null;
  const stop = strayed ? ({ code: "ENI_ADDRESS_RESTRICTION", packet: back.packet, arrivedAt: strayed } as const) : back.stop;
  return { ...sent, back, elsewhere, stopped: stop ? { on: "back", stop } : null };
}

function firstPacket({ from }: Ends, { protocol, sourcePort }: Flow, to: To): Packet {
  const withPorts = protocol !== "icmp";
  const only = (one: number) => ({ from: one, to: one });
  return {
    protocol,
    source: from === "internet" ? INTERNET : from === "host" ? numberOf(HOST_LINK_ADDRESS) : from.address,
    destination: to.address,
    sourcePorts: !withPorts ? ALL_PORTS : sourcePort === undefined ? EPHEMERAL_PORTS : only(sourcePort),
    destinationPorts: withPorts && to.port !== null ? only(to.port) : ALL_PORTS,
  };
}

function answering(landing: Landing, packet: Packet): Start {
  switch (landing.at) {
    case "instance": return { at: "sender", instance: landing.instance };
    case "internet": return { at: "internet", vpc: landing.vpc, gateway: landing.gateway };
    case "router": return { at: "router-itself", subnet: subnetAt(landing.subnet.vpc, packet.source) ?? landing.subnet };
  }
}

/** Where nobody listens for a datagram, the answer is an ICMP error (port unreachable), and filters see it as that. */
function answerOf({ packet }: Leg, nobodyListens: boolean): Packet {
  const answer = answerTo(packet);
  if (packet.protocol !== "udp" || !nobodyListens) return answer;
  return { ...answer, protocol: "icmp", sourcePorts: ALL_PORTS, destinationPorts: ALL_PORTS };
}

const isEnd = (landing: Landing, end: Ends["from"] | Ends["to"]): boolean =>
  typeof end === "string" ? end === "internet" && landing.at === "internet" : landing.at === "instance" && landing.instance === end;

/** Where two VPCs are not joined at all, that is the reason, and not which of the routes that do not lead there was taken. */
function unpeered({ from, to }: Ends, there: Leg): DisconnectedVpcs | null {
  if (typeof from === "string" || typeof to === "string" || to.kind !== "instance" || from.subnet.vpc === to.subnet.vpc) return null;
  const lost = there.landing?.at === "internet" || (there.stop && LOST.includes(there.stop.code));
  const [near, far] = [from.subnet.vpc, to.subnet.vpc];
  const leadsTo = (vpc: DrawnVpc) => vpc.peers.some((peer) => peer.far === far);
  if (!lost || leadsTo(near)) return null;
  return { code: "DISCONNECTED_VPCS", from, to, between: near.peers.find((peer) => leadsTo(peer.far))?.far ?? null };
}

const LOST: readonly Stop["code"][] = [
  "NO_ROUTE_TO_DESTINATION", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS",
  "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
];
