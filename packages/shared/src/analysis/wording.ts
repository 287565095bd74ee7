import { formatAddress } from "../net/cidr";
import { describeTraffic } from "../topology/describe-rule";
import type { Direction } from "../topology/topology";
import type { DrawnInstance, DrawnNatGateway, DrawnSubnet, NetworkInterface } from "./drawing";
import { ALL_PORTS, covers, type Packet } from "./packet";

/** Names as drawn, in typographic quotes; an instance by its whole path, because `main` alone says little. */
export const quoted = (object: { readonly name: string }): string => `“${object.name}”`;

export const instanceName = ({ instance, subnet }: DrawnInstance): string => `${subnetName(subnet)}/${instance.name}`;
export const subnetName = ({ subnet, vpc }: DrawnSubnet): string => `${vpc.vpc.name}/${subnet.name}`;
export const natName = ({ gateway }: DrawnNatGateway): string => `NAT gateway ${quoted(gateway)}`;
export const interfaceName = (face: NetworkInterface): string => (face.kind === "instance" ? instanceName(face) : natName(face));

/** Protocol and destination port, e.g. `tcp 22`. */
export const plainTraffic = ({ protocol, destinationPorts }: Packet): string =>
  describeTraffic(protocol, covers(destinationPorts, ALL_PORTS) ? null : destinationPorts);

/** What a rule in this direction would have to allow, e.g. `tcp 22 from 10.0.2.2`. */
export const trafficOf = (packet: Packet, direction: Direction): string =>
  `${plainTraffic(packet)} ${direction === "ingress" ? `from ${formatAddress(packet.source)}` : `to ${formatAddress(packet.destination)}`}`;

/** A sentence after a colon. Names stay as they are drawn. */
export const continued = (sentence: string): string =>
  /^(Network ACL|Packets|Peering|Route|Security group|Subnet|The)\b/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;

/** `“a”`, `“a” and “b”`, `“a”, “b” and “c”`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
