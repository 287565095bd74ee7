import type { Cidr } from "../net/cidr";
import { cidrFrom, firstAddress, lastAddress, parseAddress } from "../net/cidr";
import { gatewayAddress } from "../net/subnet-addresses";
import { isActive, networkAclOf, routeTableOf } from "../topology/effective";
import type { Instance, NatGateway, Peering, RouteTable, Subnet, Topology, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology } from "../topology/topology-index";
import type { FirewallGate } from "./firewall";
import { firewallGate } from "./firewall";
import type { NetworkAclGate } from "./network-acl";
import { networkAclGate } from "./network-acl";
import type { SecurityGroupGate } from "./security-groups";
import { PUBLIC_ADDRESS } from "./internet";
import { securityGroupGates } from "./security-groups";
import type { HostFacts } from "./verdict";

/** A document prepared for many questions: what is in effect looked up, addresses and prefixes as numbers. */
export interface Drawing {
  readonly doc: Topology;
  readonly index: TopologyIndex;
  readonly host: HostFacts;
  readonly vpcs: ReadonlyMap<string, DrawnVpc>;
  readonly instances: ReadonlyMap<string, DrawnInstance>;
  readonly natGateways: ReadonlyMap<string, DrawnNatGateway>;
  /** That the host has given to somebody. */
  readonly publicAddresses: ReadonlySet<number>;
}

export interface DrawnVpc {
  readonly vpc: Vpc;
  readonly cidr: Cidr;
  readonly subnets: DrawnSubnet[];
  /** VPCs of this document that are joined to it by an active peering. */
  readonly peers: Peer[];
}
export interface Peer {
  readonly peering: Peering;
  readonly far: DrawnVpc;
}

export interface DrawnSubnet {
  readonly subnet: Subnet;
  readonly vpc: DrawnVpc;
  /** First and last address of its CIDR. */
  readonly first: number;
  readonly last: number;
  /** The router's address on the subnet's segment. */
  readonly router: number;
  readonly table: RouteTable;
  readonly acl: NetworkAclGate;
  readonly firewall: FirewallGate | null;
  /** Network interfaces on the segment, by address. */
  readonly interfaces: Map<number, NetworkInterface>;
}

export interface DrawnInstance {
  readonly kind: "instance";
  readonly id: string;
  readonly instance: Instance;
  readonly subnet: DrawnSubnet;
  readonly address: number;
  readonly groups: SecurityGroupGate;
}
export interface DrawnNatGateway {
  readonly kind: "nat-gateway";
  readonly id: string;
  readonly gateway: NatGateway;
  readonly subnet: DrawnSubnet;
  readonly address: number;
}
export type NetworkInterface = DrawnInstance | DrawnNatGateway;

/** For valid documents (validate.ts); throws on a reference that leads nowhere and on an address that is none. */
export function prepare(doc: Topology, host: HostFacts): Drawing {
  const index = indexTopology(doc);
  const vpcs = new Map<string, DrawnVpc>();
  for (const vpc of doc.vpcs) vpcs.set(vpc.id, { vpc, cidr: cidrFrom(vpc.cidr), subnets: [], peers: [] });
  for (const peering of doc.peerings.filter(isActive)) join(peering, vpcs.get(peering.requesterVpcId), vpcs.get(peering.accepterVpcId));
  const acls = new Map(doc.networkAcls.map((acl) => [acl.id, networkAclGate(acl)]));
  const subnets = new Map<string, DrawnSubnet>();
  for (const subnet of doc.subnets) {
    const vpc = vpcs.get(subnet.vpcId);
    const acl = acls.get(networkAclOf(index, subnet).id);
    if (!vpc || !acl) continue;
    const cidr = cidrFrom(subnet.cidr);
    const range = { first: firstAddress(cidr), last: lastAddress(cidr), router: gatewayAddress(cidr) };
    const firewall = subnet.firewall && firewallGate(subnet.firewall);
    const drawn = { subnet, vpc, ...range, table: routeTableOf(index, subnet), acl, firewall, interfaces: new Map() };
    subnets.set(subnet.id, drawn);
    vpc.subnets.push(drawn);
  }
  const gateOf = securityGroupGates(index);
  const instances = new Map<string, DrawnInstance>();
  const natGateways = new Map<string, DrawnNatGateway>();
  for (const instance of doc.instances) {
    const at = placeOf(subnets, instance.subnetId, instance.address);
    if (at) instances.set(instance.id, plugIn({ kind: "instance", id: instance.id, instance, ...at, groups: gateOf(instance) }));
  }
  for (const gateway of doc.natGateways) {
    const at = placeOf(subnets, gateway.subnetId, gateway.address);
    if (at) natGateways.set(gateway.id, plugIn({ kind: "nat-gateway", id: gateway.id, gateway, ...at }));
  }
  const publicAddresses = new Set([PUBLIC_ADDRESS, ...Object.values(host.publicAddresses ?? {})].flatMap((text) => parseAddress(text) ?? []));
  return { doc, index, host, vpcs, instances, natGateways, publicAddresses };
}

/** The subnet of a VPC that an address lies in. */
export const subnetAt = (vpc: DrawnVpc, address: number): DrawnSubnet | undefined =>
  vpc.subnets.find((subnet) => liesIn(subnet, address));

export const liesIn = ({ first, last }: DrawnSubnet, address: number): boolean => first <= address && address <= last;

/** Who in a VPC has an address, if it is not the router. */
export const interfaceAt = (vpc: DrawnVpc, address: number): NetworkInterface | undefined =>
  subnetAt(vpc, address)?.interfaces.get(address);

function join(peering: Peering, a: DrawnVpc | undefined, b: DrawnVpc | undefined): void {
  if (!a || !b) return;
  a.peers.push({ peering, far: b });
  b.peers.push({ peering, far: a });
}

function placeOf(subnets: ReadonlyMap<string, DrawnSubnet>, subnetId: string, text: string): { subnet: DrawnSubnet; address: number } | null {
  const subnet = subnets.get(subnetId);
  const address = parseAddress(text);
  if (address === null) throw new Error(`not an IPv4 address: ${text}`);
  return subnet ? { subnet, address } : null;
}

function plugIn<T extends NetworkInterface>(face: T): T {
  face.subnet.interfaces.set(face.address, face);
  return face;
}
