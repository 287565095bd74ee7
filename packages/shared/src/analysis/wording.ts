import { formatAddress } from "../net/cidr";
import { describeTraffic } from "../topology/describe-rule";
import type { Direction } from "../topology/topology";
import type { DrawnInstance, DrawnNatGateway, DrawnSubnet, NetworkInterface } from "./drawing";
import { ALL_PORTS, type Packet } from "./packet";

/** Names as drawn, in typographic quotes; an instance by its whole path, because `main` alone says little. */
export const quoted = (object: { readonly name: string }): string => `“${object.name}”`;

export const instanceName = ({ instance, subnet }: DrawnInstance): string => `${subnetName(subnet)}/${instance.name}`;
export const subnetName = ({ subnet, vpc }: DrawnSubnet): string => `${vpc.vpc.name}/${subnet.name}`;
export const natName = ({ gateway }: DrawnNatGateway): string => `NAT gateway ${quoted(gateway)}`;
export const interfaceName = (face: NetworkInterface): string => (face.kind === "instance" ? instanceName(face) : natName(face));

/** What a rule in this direction would have to allow, e.g. `tcp 22 from 10.0.2.2`. */
export function trafficOf(packet: Packet, direction: Direction): string {
  const { from, to } = packet.destinationPorts;
  const traffic = describeTraffic(packet.protocol, from === ALL_PORTS.from && to === ALL_PORTS.to ? null : packet.destinationPorts);
  return direction === "ingress" ? `${traffic} from ${formatAddress(packet.source)}` : `${traffic} to ${formatAddress(packet.destination)}`;
}

/** `“a”`, `“a” and “b”`, `“a”, “b” and “c”`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
