import { containsAddress } from "../net/cidr";
import type { InternetGateway } from "../topology/topology";
import type { DrawnSubnet, DrawnVpc, Drawing, NetworkInterface } from "./drawing";
import { interfaceAt } from "./drawing";
import { PRIVATE_RANGES, SHARED_RANGE } from "./internet";
import { isAnswerTo, type Packet } from "./packet";
import type { Stop, Translation } from "./passage";

/**
 * What an internet gateway makes of a packet that a VPC sends to the internet. With a pool it translates one to one, so the
 * sender must have a public address; without one it shares the host's with everybody. `asked`: the packet that came in by
 * it before, if this may be the answer to it.
 */
export function leaveByGateway(
  drawing: Drawing, subnet: DrawnSubnet, gateway: InternetGateway, packet: Packet, asked: Packet | undefined,
): Translation | Stop {
  if (PRIVATE_RANGES.some((range) => containsAddress(range, packet.destination))) {
    return { code: "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", subnet, gateway, packet };
  }
  if (containsAddress(SHARED_RANGE, packet.destination)) return { code: "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS", subnet, gateway, packet };
  if (asked && isAnswerTo(packet, asked)) return { kind: "answer" };
  if (!drawing.host.publicPool) return { kind: "host-address" };
  const from = interfaceAt(subnet.vpc, packet.source);
  if (!from) throw new Error(`${packet.source} is nobody's address in ${subnet.vpc.vpc.id}: packets keep the source of an interface`);
  return publicAddressOf(drawing, from) ?? { code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", gateway, from };
}

/** What a packet from the internet to an instance or NAT gateway of the VPC is addressed to, before the gateway translates it. */
export function enterByGateway(
  drawing: Drawing, vpc: DrawnVpc, gateway: InternetGateway, packet: Packet, answer: boolean,
): Translation | Stop {
  if (answer) return { kind: "answer" };
  const to = interfaceAt(vpc, packet.destination);
  if (!to) throw new Error(`${packet.destination} is nobody's address in ${vpc.vpc.id}: it was asked for one`);
  const translation = drawing.host.publicPool ? publicAddressOf(drawing, to) : publishedPortOf(to, packet.protocol, packet.destinationPorts.from);
  return translation ?? { code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", gateway, to, packet };
}

type PublicAddress = Extract<Translation, { kind: "elastic-ip" | "auto-assigned" }>;

/** An Elastic IP replaces the address that an instance has by its subnet. A NAT gateway has none but an Elastic IP. */
export function publicAddressOf(drawing: Drawing, face: NetworkInterface): PublicAddress | null {
  const elasticIp = drawing.index.elasticIpOf(face.id);
  if (elasticIp) return { kind: "elastic-ip", elasticIp };
  return face.kind === "instance" && face.subnet.subnet.autoAssignPublicAddress ? { kind: "auto-assigned" } : null;
}

/** Without a pool: the port of the host that leads to a port of an instance. */
export function publishedPortOf(face: NetworkInterface, protocol: Packet["protocol"], port: number | null): Extract<Translation, { kind: "published-port" }> | null {
  if (face.kind !== "instance") return null;
  const published = face.instance.publishedPorts.find((candidate) => candidate.protocol === protocol && candidate.port === port);
  return published ? { kind: "published-port", published } : null;
}
