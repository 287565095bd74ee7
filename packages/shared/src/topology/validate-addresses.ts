import type { Issue } from "../errors/issue";
import type { Cidr } from "../net/cidr";
import { cidrFrom, containsAddress, containsCidr, firstAddress, formatAddress, lastAddress, overlaps, parseAddress } from "../net/cidr";
import { gatewayAddress, resolverAddress, usableRange } from "../net/subnet-addresses";
import type { Peering, Subnet, Topology, Vpc } from "./topology";
import type { TopologyIndex } from "./topology-index";
import { validateCidr } from "./validate-cidr";
import { isOpen } from "./validate-peerings";

/** The blocks of VPCs and subnets, each by itself. */
export const validateBlocks = (doc: Topology): Issue[] => [
  ...doc.vpcs.flatMap((vpc, i) => validateCidr(vpc.cidr, ["vpcs", i, "cidr"], vpc.id)),
  ...doc.subnets.flatMap((subnet, i) => validateCidr(subnet.cidr, ["subnets", i, "cidr"], subnet.id)),
];

/** Containment, overlaps where two blocks share a router, addresses of instances and NAT gateways. After validateBlocks. */
export const validateAddresses = (doc: Topology, index: TopologyIndex): Issue[] =>
  [...subnetsInVpcs(doc, index), ...subnetOverlaps(doc, index), ...peeringOverlaps(doc, index), ...ownAddresses(doc, index)];

function subnetsInVpcs(doc: Topology, index: TopologyIndex): Issue[] {
  return doc.subnets.flatMap((subnet, i): Issue[] => {
    const vpc = index.vpcById.get(subnet.vpcId);
    if (!vpc || containsCidr(cidrFrom(vpc.cidr), cidrFrom(subnet.cidr))) return [];
    return [{
      severity: "error", code: "CIDR_OUTSIDE_VPC", path: ["subnets", i, "cidr"], objectId: subnet.id,
      message: `${subnet.cidr} is not inside its VPC's ${vpc.cidr}; choose a part of that.`,
    }];
  });
}

/** Blocks are either apart or one inside the other: in order of address, each is compared with those that enclose it only. */
function subnetOverlaps(doc: Topology, index: TopologyIndex): Issue[] {
  const position = new Map(doc.subnets.map((subnet, i) => [subnet, i]));
  return doc.vpcs.flatMap((vpc): Issue[] => {
    const inOrder = index.subnetsOfVpc(vpc.id)
      .map((subnet) => ({ subnet, cidr: cidrFrom(subnet.cidr), i: position.get(subnet) ?? 0 }))
      .sort((a, b) => a.cidr.base - b.cidr.base || a.cidr.length - b.cidr.length || a.i - b.i);
    const refused = new Map<number, Issue>();
    let enclosing: typeof inOrder = [];
    for (const block of inOrder) {
      enclosing = enclosing.filter((outer) => containsCidr(outer.cidr, block.cidr));
      for (const outer of enclosing) {
        const [first, later] = outer.i < block.i ? [outer, block] : [block, outer];
        refused.set(later.i, {
          severity: "error", code: "CIDR_OVERLAP", path: ["subnets", later.i, "cidr"], objectId: later.subnet.id,
          message: `${later.subnet.cidr} overlaps subnet “${first.subnet.name}” (${first.subnet.cidr}) of the same VPC.`,
        });
      }
      enclosing.push(block);
    }
    return [...refused.values()];
  });
}

/** AWS: no peering between VPCs whose blocks overlap, because a route could not tell them apart. */
function peeringOverlaps(doc: Topology, index: TopologyIndex): Issue[] {
  return doc.peerings.flatMap((peering, i): Issue[] => {
    const requester = endOf(peering, "requester", index);
    const accepter = endOf(peering, "accepter", index);
    if (!isOpen(peering) || !requester || !accepter || !vpcsOverlap(requester, accepter)) return [];
    return [{
      severity: "error", code: "PEER_OVERLAP", path: ["peerings", i, "accepterVpcId"], objectId: peering.id,
      message: `“${requester.name}” (${requester.cidr}) and “${accepter.name}” (${accepter.cidr}) overlap; VPCs with overlapping addresses cannot be peered.`,
    }];
  });
}

function endOf(peering: Peering, side: "requester" | "accepter", index: TopologyIndex): Pick<Vpc, "name" | "cidr"> | undefined {
  if (peering.remote?.side === side) return { name: `${peering.remote.topologyName}/${peering.remote.vpcName}`, cidr: peering.remote.cidr };
  return index.vpcById.get(side === "requester" ? peering.requesterVpcId : peering.accepterVpcId);
}

export const vpcsOverlap = (a: Pick<Vpc, "cidr">, b: Pick<Vpc, "cidr">): boolean => overlaps(cidrFrom(a.cidr), cidrFrom(b.cidr));

/** Instances and NAT gateways: one space of addresses per VPC. */
function ownAddresses(doc: Topology, index: TopologyIndex): Issue[] {
  const roomOf = new Map(doc.subnets.flatMap((subnet) => {
    const vpc = index.vpcById.get(subnet.vpcId);
    return vpc ? [[subnet.id, roomIn(subnet, vpc, doc.settings.addressing)] as const] : [];
  }));
  const owners = new Map<string, string>();
  return (["instances", "natGateways"] as const).flatMap((collection) => doc[collection].flatMap((owner, i): Issue[] => {
    const room = roomOf.get(owner.subnetId);
    if (!room) return [];
    const at = { severity: "error", path: [collection, i, "address"], objectId: owner.id } as const;
    const problem = addressProblem(owner.address, room);
    if (problem) return [{ ...at, ...problem }];
    const key = `${room.subnet.vpcId}/${owner.address}`;
    const other = owners.get(key);
    owners.set(key, owner.name);
    if (other === undefined) return [];
    return [{ ...at, code: "ADDR_TAKEN", message: `${owner.address} is already “${other}”'s; choose another address.` }];
  }));
}

/** Where a subnet's interfaces may be. */
interface Room {
  readonly subnet: Subnet;
  readonly cidr: Cidr;
  readonly usable: { readonly first: number; readonly last: number };
  readonly resolver: number;
}

function roomIn(subnet: Subnet, vpc: Vpc, addressing: Topology["settings"]["addressing"]): Room {
  const cidr = cidrFrom(subnet.cidr);
  return { subnet, cidr, usable: usableRange(cidr, addressing), resolver: resolverAddress(cidrFrom(vpc.cidr)) };
}

function addressProblem(text: string, room: Room): Pick<Issue, "code" | "message"> | null {
  const address = parseAddress(text);
  if (address === null) return { code: "ADDR_SYNTAX", message: "Write an IPv4 address in plain decimal, like 10.0.1.5." };
  const { subnet, cidr, usable } = room;
  const range = () => `${formatAddress(usable.first)} to ${formatAddress(usable.last)}`;
  if (!containsAddress(cidr, address)) {
    return { code: "ADDR_OUTSIDE_SUBNET", message: `${text} is not in subnet “${subnet.name}” (${subnet.cidr}); use ${range()}.` };
  }
  const reservedFor = reservedUse(address, room);
  return reservedFor ? { code: "ADDR_RESERVED", message: `${text} is reserved (${reservedFor}); use ${range()}.` } : null;
}

function reservedUse(address: number, { cidr, usable, resolver }: Room): string | null {
  if (address === firstAddress(cidr)) return "network address";
  if (address === gatewayAddress(cidr)) return "the subnet's router";
  if (address === lastAddress(cidr)) return "last address of the subnet";
  if (address === resolver) return "the VPC's resolver";
  return address < usable.first ? "kept by AWS for later use" : null;
}
