import type { Issue } from "../errors/issue";
import type { Cidr } from "../net/cidr";
import { cidrFrom, containsAddress, containsCidr, firstAddress, formatAddress, lastAddress, overlaps, parseAddress } from "../net/cidr";
import { gatewayAddress, resolverAddress, usableRange } from "../net/subnet-addresses";
import type { Subnet, Topology, Vpc } from "./topology";
import type { TopologyIndex } from "./topology-index";
import { validateCidr } from "./validate-cidr";

/** CIDRs of VPCs and subnets, addresses of instances, overlaps where two blocks share a router. */
export function validateAddresses(doc: Topology, index: TopologyIndex): Issue[] {
  const vpcs = doc.vpcs.flatMap((vpc, i) => validateCidr(vpc.cidr, ["vpcs", i, "cidr"], vpc.id));
  const subnets = doc.subnets.flatMap((subnet, i) => validateCidr(subnet.cidr, ["subnets", i, "cidr"], subnet.id));
  // Containment and overlap mean something only for prefixes that parse.
  if (vpcs.length + subnets.length > 0) return [...vpcs, ...subnets];
  return [
    ...subnetsInVpcs(doc, index), ...subnetOverlaps(doc), ...peeringOverlaps(doc, index),
    ...instanceAddresses(doc, index),
  ];
}

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

function subnetOverlaps(doc: Topology): Issue[] {
  const earlier = new Map<string, { subnet: Subnet; cidr: Cidr }[]>();
  return doc.subnets.flatMap((subnet, i): Issue[] => {
    const cidr = cidrFrom(subnet.cidr);
    const siblings = earlier.get(subnet.vpcId) ?? [];
    earlier.set(subnet.vpcId, [...siblings, { subnet, cidr }]);
    const hit = siblings.find((sibling) => overlaps(sibling.cidr, cidr));
    if (!hit) return [];
    return [{
      severity: "error", code: "CIDR_OVERLAP", path: ["subnets", i, "cidr"], objectId: subnet.id,
      message: `${subnet.cidr} overlaps subnet “${hit.subnet.name}” (${hit.subnet.cidr}) of the same VPC.`,
    }];
  });
}

/** AWS: no peering between VPCs whose blocks overlap, because a route could not tell them apart. */
function peeringOverlaps(doc: Topology, index: TopologyIndex): Issue[] {
  return doc.peerings.flatMap((peering, i): Issue[] => {
    const requester = index.vpcById.get(peering.requesterVpcId);
    const accepter = index.vpcById.get(peering.accepterVpcId);
    if (!requester || !accepter || !vpcsOverlap(requester, accepter)) return [];
    return [{
      severity: "error", code: "PEER_OVERLAP", path: ["peerings", i, "accepterVpcId"], objectId: peering.id,
      message: `“${requester.name}” (${requester.cidr}) and “${accepter.name}” (${accepter.cidr}) overlap; VPCs with overlapping addresses cannot be peered.`,
    }];
  });
}

export const vpcsOverlap = (a: Vpc, b: Vpc): boolean => overlaps(cidrFrom(a.cidr), cidrFrom(b.cidr));

function instanceAddresses(doc: Topology, index: TopologyIndex): Issue[] {
  const owners = new Map<string, string>();
  return doc.instances.flatMap((instance, i): Issue[] => {
    const subnet = index.subnetById.get(instance.subnetId);
    const vpc = subnet && index.vpcById.get(subnet.vpcId);
    if (!subnet || !vpc) return [];
    const at = { severity: "error", path: ["instances", i, "address"], objectId: instance.id } as const;
    const problem = addressProblem(instance.address, subnet, vpc, doc.settings.addressing);
    if (problem) return [{ ...at, ...problem }];
    const key = `${vpc.id}/${instance.address}`;
    const other = owners.get(key);
    owners.set(key, instance.name);
    if (other === undefined) return [];
    return [{ ...at, code: "ADDR_TAKEN", message: `${instance.address} is already instance “${other}”'s; choose another address.` }];
  });
}

function addressProblem(text: string, subnet: Subnet, vpc: Vpc, addressing: Topology["settings"]["addressing"]): Pick<Issue, "code" | "message"> | null {
  const address = parseAddress(text);
  if (address === null) return { code: "ADDR_SYNTAX", message: "Write an IPv4 address in plain decimal, like 10.0.1.5." };
  const cidr = cidrFrom(subnet.cidr);
  const usable = usableRange(cidr, addressing);
  const range = `${formatAddress(usable.first)} to ${formatAddress(usable.last)}`;
  if (!containsAddress(cidr, address)) {
    return { code: "ADDR_OUTSIDE_SUBNET", message: `${text} is not in subnet “${subnet.name}” (${subnet.cidr}); use ${range}.` };
  }
  const reservedFor = reservedUse(address, cidr, vpc, usable);
  return reservedFor ? { code: "ADDR_RESERVED", message: `${text} is reserved (${reservedFor}); use ${range}.` } : null;
}

function reservedUse(address: number, subnet: Cidr, vpc: Vpc, usable: { first: number; last: number }): string | null {
  if (address === firstAddress(subnet)) return "network address";
  if (address === gatewayAddress(subnet)) return "the subnet's router";
  if (address === lastAddress(subnet)) return "last address of the subnet";
  if (address === resolverAddress(cidrFrom(vpc.cidr))) return "the VPC's resolver";
  return address < usable.first ? "kept by AWS for later use" : null;
}
