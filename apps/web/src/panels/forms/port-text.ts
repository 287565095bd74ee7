import type { PortRange, Protocol } from "@vpclab/shared/topology/topology";

/** Only tcp and udp have ports. */
export const hasPorts = (protocol: string): boolean => protocol === "tcp" || protocol === "udp";

export const PORTS_HINT = "Write a port or a range, like 80 or 8000-8100; empty means all.";
const PORT = /^(0|[1-9]\d{0,5})$/;

/** `80`, `8000-8100`, empty for all. */
export const portsText = (ports: PortRange | null): string =>
  ports === null ? "" : ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;

/** One port in plain decimal, or null. Bounds are the document's rules. */
export const parsePort = (text: string): number | null => (PORT.test(text) ? Number(text) : null);

/** Undefined when the text is neither a port nor a range; null is every port. */
export function parsePorts(text: string, protocol: Protocol | string): PortRange | null | undefined {
  const plain = text.trim().toLowerCase();
  if (!hasPorts(protocol) || plain === "" || plain === "all") return null;
  const parts = plain.split(/\s*[-–]\s*/);
  const from = parsePort(parts[0] ?? "");
  const to = parts.length === 1 ? from : parsePort(parts[1] ?? "");
  return parts.length > 2 || from === null || to === null ? undefined : { from, to };
}
