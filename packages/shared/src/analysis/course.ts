import { parseAddress } from "../net/cidr";
import type { DrawnInstance, DrawnVpc, Drawing } from "./drawing";
import { subnetAt } from "./drawing";
import { EPHEMERAL_PORTS, INTERNET_WEB_ADDRESS } from "./internet";
import { ALL_PORTS, answerTo, type Packet } from "./packet";
import type { Landing, Stop } from "./passage";
import type { ProbeEnd } from "./probe";
import type { Memory } from "./trip";
import type { Flow } from "./verdict";
import type { Leg, Start } from "./walk";
import { walk } from "./walk";

/** Both ends of a flow, as drawn. At most one is the internet. */
export type Ends =
  | { readonly from: DrawnInstance; readonly to: DrawnInstance | "internet" }
  | { readonly from: "internet"; readonly to: DrawnInstance };

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
  | { readonly code: "NO_PATH"; readonly to: DrawnInstance | null };

/** Two VPCs that no active peering joins: an address of one means nothing in the other. */
export interface DisconnectedVpcs {
  readonly code: "DISCONNECTED_VPCS";
  readonly from: DrawnInstance;
  readonly to: DrawnInstance;
  /** A VPC that is peered with both, if there is one: people expect that it leads on. */
  readonly between: DrawnVpc | null;
}

const INTERNET = parseAddress(INTERNET_WEB_ADDRESS) ?? 0;
const isDrawn = (end: ProbeEnd): end is { instanceId: string } => "instanceId" in end;

export function follow(drawing: Drawing, flow: Flow): Course {
  const from = isDrawn(flow.source) ? drawing.instances.get(flow.source.instanceId) : "internet";
  const to = isDrawn(flow.destination) ? drawing.instances.get(flow.destination.instanceId) : "internet";
  if (!from) return { kind: "not-sent", reason: { code: "NO_SOURCE_OR_DESTINATION", missing: "source" } };
  if (!to) return { kind: "not-sent", reason: { code: "NO_SOURCE_OR_DESTINATION", missing: "target" } };
  if (from !== "internet") return send(drawing, { from, to }, { at: "sender", instance: from }, flow);
  if (to === "internet") return { kind: "not-sent", reason: { code: "NO_PATH", to: null } };
  const gateway = drawing.index.gatewayOfVpc(to.subnet.vpc.vpc.id);
  if (!gateway) return { kind: "not-sent", reason: { code: "NO_PATH", to } };
  return send(drawing, { from, to }, { at: "internet", vpc: to.subnet.vpc, gateway }, flow);
}

function send(drawing: Drawing, ends: Ends, start: Start, flow: Flow): Course {
  const memory: Memory = [];
  const there = walk(drawing, start, firstPacket(ends, flow), memory, false);
  const sent = { kind: "sent", ends, there } as const;
  if (!there.landing) return { ...sent, back: null, elsewhere: null, stopped: { on: "there", stop: unpeered(ends, there) ?? there.stop! } };
  const elsewhere = isEnd(there.landing, ends.to) ? null : there.landing;
  if (elsewhere?.at === "internet" && ends.to !== "internet") {
    const stop = unpeered(ends, there) ?? { code: "ENI_ADDRESS_RESTRICTION" as const, packet: there.packet, arrivedAt: elsewhere };
    return { ...sent, back: null, elsewhere: null, stopped: { on: "there", stop } };
  }
  if (there.passages[0]?.at === "loopback") return { ...sent, back: null, elsewhere, stopped: null };
  const back = walk(drawing, answering(there.landing, there.packet), answerOf(there, elsewhere !== null), memory, true);
  const strayed = back.landing && !isEnd(back.landing, ends.from) ? back.landing : null;
  const stop = strayed ? ({ code: "ENI_ADDRESS_RESTRICTION", packet: back.packet, arrivedAt: strayed } as const) : back.stop;
  return { ...sent, back, elsewhere, stopped: stop ? { on: "back", stop } : null };
}

function firstPacket(ends: Ends, { protocol, port, sourcePort }: Flow): Packet {
  const withPorts = protocol !== "icmp";
  const only = (one: number) => ({ from: one, to: one });
  return {
    protocol,
    source: ends.from === "internet" ? INTERNET : ends.from.address,
    destination: ends.to === "internet" ? INTERNET : ends.to.address,
    sourcePorts: !withPorts ? ALL_PORTS : sourcePort === undefined ? EPHEMERAL_PORTS : only(sourcePort),
    destinationPorts: withPorts && port !== null ? only(port) : ALL_PORTS,
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

const isEnd = (landing: Landing, end: DrawnInstance | "internet"): boolean =>
  end === "internet" ? landing.at === "internet" : landing.at === "instance" && landing.instance === end;

/** Where two VPCs are not joined at all, that is the reason, and not which of the routes that do not lead there was taken. */
function unpeered({ from, to }: Ends, there: Leg): DisconnectedVpcs | null {
  if (from === "internet" || to === "internet" || from.subnet.vpc === to.subnet.vpc) return null;
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
