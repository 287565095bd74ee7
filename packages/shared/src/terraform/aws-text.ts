import type { PortRange, Protocol } from "../topology/topology";

/** AWS takes these characters only in descriptions of groups and rules. */
export const awsDescription = (text: string): string => text.replace(/[^a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]/g, "?").slice(0, 255);

/** Protocol and ports as security group rules have them: `-1` is all, icmp has types in place of ports. */
export function awsTraffic(protocol: Protocol, ports: PortRange | null): { protocol: string; from: number | undefined; to: number | undefined } {
  if (protocol === "all") return { protocol: "-1", from: undefined, to: undefined };
  if (protocol === "icmp") return { protocol: "icmp", from: -1, to: -1 };
  return { protocol, from: ports?.from ?? 0, to: ports?.to ?? 65535 };
}
