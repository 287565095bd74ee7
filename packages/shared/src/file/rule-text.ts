import type { PortRange, Protocol } from "../topology/topology";

/** Protocol and ports as a file has them: `tcp 80-90`, `icmp`, `all`. */
export const trafficText = (protocol: Protocol, ports: PortRange | null): string => (ports ? `${protocol} ${portsText(ports)}` : protocol);

export const portsText = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}-${to}`);

/** A rule that is being written: as one line of text, or as an object where it has a description. */
export interface WrittenRule {
  readonly number?: number;
  readonly action?: string;
  readonly protocol: Protocol;
  readonly ports: PortRange | null;
  readonly way: "from" | "to";
  readonly peer: string;
  readonly description: string;
}

export function writeRule({ number, action, protocol, ports, way, peer, description }: WrittenRule): unknown {
  const before = [number === undefined ? "" : String(number), action ?? ""].filter(Boolean);
  if (description === "") return [...before, trafficText(protocol, ports), way, peer].join(" ");
  const portsValue = ports && (ports.from === ports.to ? ports.from : portsText(ports));
  return { ...(action && { action }), protocol, ...(portsValue !== null && { ports: portsValue }), [way]: peer, description };
}
