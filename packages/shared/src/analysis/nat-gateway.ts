import type { PortRange } from "../topology/topology";
import type { DrawnNatGateway } from "./drawing";
import { NAT_PORTS } from "./internet";
import { isAnswerTo, type Packet } from "./packet";
import type { Stop } from "./passage";
import type { Remembered } from "./trip";

export interface Translated {
  readonly packet: Packet;
  readonly translated: "source" | "destination";
}

/**
 * A NAT gateway forwards new packets with its own address as the source, and brings answers back. What is addressed to it
 * and is no such answer ends there; so does an answer to a connection that it does not know, which would come from a
 * stranger's address. `before`: what it remembers of the packet there.
 */
export function throughNatGateway(
  nat: DrawnNatGateway, packet: Packet, before: Remembered | undefined, answer: boolean,
): Translated | Stop {
  if (before && isAnswerTo(packet, before.left)) {
    // An ICMP error about a datagram has no ports of its own.
    const destinationPorts = packet.protocol === before.came.protocol ? before.came.sourcePorts : packet.destinationPorts;
    return { packet: { ...packet, destination: before.came.source, destinationPorts }, translated: "destination" };
  }
  if (packet.destination === nat.address) return { code: "NGW_DEST_ADDRESS_PRESERVATION", nat, packet };
  if (answer) return { code: "NGW_SOURCE_ADDRESS_REASSIGN", nat, packet };
  return { packet: { ...packet, source: nat.address, sourcePorts: translatedPorts(packet) }, translated: "source" };
}

/** Kept where they can be (nf_nat keeps a port of the range that is free); a port below it becomes any of the range. */
function translatedPorts({ protocol, sourcePorts }: Packet): Readonly<PortRange> {
  return protocol === "icmp" || sourcePorts.from >= NAT_PORTS.from ? sourcePorts : NAT_PORTS;
}
