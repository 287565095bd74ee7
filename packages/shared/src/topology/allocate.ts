import type { Cidr } from "../net/cidr";
import { cidrFrom, formatAddress, formatCidr, nextFreeCidr } from "../net/cidr";
import { resolverAddress, usableRange } from "../net/subnet-addresses";
import { NAME_LENGTH_MAX } from "./topology";
import type { Topology } from "./topology";
import { indexTopology } from "./topology-index";
import { PREFIX_LENGTH } from "./validate-cidr";

/** What can be derived is never asked: the next free prefix, address and name for a new object. */

/** Where new VPCs are placed, in this order: 10.0.0.0/16, 10.1.0.0/16 …, then 172.16/12, then 192.168/16. */
const VPC_POOLS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(cidrFrom);
const VPC_LENGTH = 16;
const SUBNET_LENGTH = 24;

/** A /16 (or `length`) that overlaps no other VPC of the topology (so that any two can be peered later), or null. */
export function nextVpcCidr(doc: Topology, length = VPC_LENGTH): string | null {
  const taken = doc.vpcs.map((vpc) => cidrFrom(vpc.cidr));
  for (const pool of VPC_POOLS) {
    const free = nextFreeCidr(pool, length, taken);
    if (free) return formatCidr(free);
  }
  return null;
}

/**
 * The next free prefix in a VPC: a /24 where it fits, else the largest that does. In a VPC of more than 256 addresses the
 * first /24 is left for last, so that the usual lab reads 10.0.1.0/24, 10.0.2.0/24. `wished`: of that length or not at all.
 * Null when the VPC is full or unknown.
 */
export function nextSubnetCidr(doc: Topology, vpcId: string, wished?: number): string | null {
  const index = indexTopology(doc);
  const vpc = index.vpcById.get(vpcId);
  if (!vpc) return null;
  const outer = cidrFrom(vpc.cidr);
  const taken = index.subnetsOfVpc(vpcId).map((subnet) => cidrFrom(subnet.cidr));
  const keptForLast: Cidr[] = outer.length < SUBNET_LENGTH ? [{ base: outer.base, length: SUBNET_LENGTH }] : [];
  // A VPC of /24 or smaller still holds two subnets: halves.
  const preferred = wished ?? Math.max(SUBNET_LENGTH, Math.min(outer.length + 1, PREFIX_LENGTH.max));
  for (let length = preferred; length <= (wished ?? PREFIX_LENGTH.max); length++) {
    const free = nextFreeCidr(outer, length, [...taken, ...keptForLast]) ?? nextFreeCidr(outer, length, taken);
    if (free) return formatCidr(free);
  }
  return null;
}

/** The lowest free address of a subnet, or null when it is full or unknown. */
export function nextAddress(doc: Topology, subnetId: string): string | null {
  const index = indexTopology(doc);
  const subnet = index.subnetById.get(subnetId);
  const vpc = subnet && index.vpcById.get(subnet.vpcId);
  if (!subnet || !vpc) return null;
  const owners = [...index.instancesOfSubnet(subnetId), ...index.natGatewaysOfSubnet(subnetId)];
  const taken = new Set(owners.map((owner) => owner.address));
  taken.add(formatAddress(resolverAddress(cidrFrom(vpc.cidr))));
  const usable = usableRange(cidrFrom(subnet.cidr), doc.settings.addressing);
  for (let address = usable.first; address <= usable.last; address++) {
    const text = formatAddress(address);
    if (!taken.has(text)) return text;
  }
  return null;
}

/** `stem` when it is free and `stem` alone was asked for, else `stem` with the lowest free number: vpc1, vpc2 … */
export function nextName(taken: Iterable<string>, stem: string, options: { bareFirst?: boolean } = {}): string {
  const names = new Set(taken);
  const cut = stem.slice(0, NAME_LENGTH_MAX - 4);
  if (options.bareFirst && !names.has(cut)) return cut;
  for (let number = options.bareFirst ? 2 : 1; ; number++) {
    const candidate = `${cut}${number}`;
    if (!names.has(candidate)) return candidate;
  }
}
