import type { PortRange, Protocol } from "../topology/topology";
import type { Flow } from "./verdict";

/**
 * A packet on its way, never changed: translation makes another one. Addresses are unsigned 32-bit (net/cidr.ts). A range of
 * ports means any of them, so whatever filters must let all of them pass; for icmp it is the whole range, as in a rule
 * without ports.
 */
export interface Packet {
  readonly protocol: Flow["protocol"];
  readonly source: number;
  readonly destination: number;
  readonly sourcePorts: Readonly<PortRange>;
  readonly destinationPorts: Readonly<PortRange>;
}

export const ALL_PORTS: Readonly<PortRange> = { from: 0, to: 65535 };

export const answerTo = (packet: Packet): Packet => ({
  protocol: packet.protocol,
  source: packet.destination,
  destination: packet.source,
  sourcePorts: packet.destinationPorts,
  destinationPorts: packet.sourcePorts,
});

/** Whether `reply` is what conntrack takes for the answer to `sent`. Ports follow from the addresses: there is one flow. */
export const isAnswerTo = (reply: Packet, sent: Packet): boolean =>
  reply.source === sent.destination && reply.destination === sent.source;

export const coversProtocol = (rule: Protocol, packet: Packet): boolean => rule === "all" || rule === packet.protocol;

export const meets = (a: Readonly<PortRange>, b: Readonly<PortRange>): boolean => a.from <= b.to && b.from <= a.to;

export const covers = (outer: Readonly<PortRange>, inner: Readonly<PortRange>): boolean => outer.from <= inner.from && inner.to <= outer.to;

/** What is left of `ranges` without `taken`. */
export function without(ranges: readonly Readonly<PortRange>[], taken: Readonly<PortRange>): Readonly<PortRange>[] {
  return ranges.flatMap((range) => {
    if (!meets(range, taken)) return [range];
    return [{ from: range.from, to: taken.from - 1 }, { from: taken.to + 1, to: range.to }].filter(({ from, to }) => from <= to);
  });
}
