import { cidrFrom, overlaps } from "../net/cidr";
import { nextVpcCidr } from "../topology/allocate";
import { subnetType } from "../topology/subnet-type";
import type { Topology, Vpc } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { Hint, HintFix } from "./hint";
import { plainFix } from "./hint";

/** Public subnets whose instances have no public address; VPCs that can never be peered because their ranges overlap. */
export const addressHints = (doc: Topology, index: TopologyIndex): Hint[] => [...withoutPublicAddress(doc, index), ...overlappingVpcs(doc, index)];

function withoutPublicAddress(doc: Topology, index: TopologyIndex): Hint[] {
  return doc.subnets.flatMap((subnet, i): Hint[] => {
    if (subnet.autoAssignPublicAddress || subnetType(index, subnet) !== "public") return [];
    const [one, ...more] = index.instancesOfSubnet(subnet.id).filter(({ id }) => !index.elasticIpOf(id));
    if (!one) return [];
    const who = more.length === 0 ? `“${one.name}” in “${subnet.name}” has` : `${more.length + 1} instances in “${subnet.name}” have`;
    return [{
      code: "NO_PUBLIC_ADDRESS", objectId: subnet.id, path: ["subnets", i, "autoAssignPublicAddress"],
      message: `${who} no public address, so the route to the internet gateway carries nothing for them; give out public addresses, or make the subnet private.`,
      fix: plainFix("Give out public addresses", { op: "update", kind: "subnet", id: subnet.id, set: { autoAssignPublicAddress: true } }),
    }];
  });
}

/** Each VPC is told of the first one before it that it overlaps: n VPCs of one range give n − 1 hints. */
function overlappingVpcs(doc: Topology, index: TopologyIndex): Hint[] {
  const blocks = doc.vpcs.map((vpc) => ({ vpc, cidr: cidrFrom(vpc.cidr) }));
  return blocks.flatMap(({ vpc, cidr }, i): Hint[] => {
    const other = blocks.slice(0, i).find((before) => overlaps(before.cidr, cidr));
    if (!other) return [];
    return [{
      code: "VPC_OVERLAP", objectId: vpc.id, path: ["vpcs", i, "cidr"],
      message: `“${vpc.name}” (${vpc.cidr}) overlaps “${other.vpc.name}” (${other.vpc.cidr}), so the two can never be peered; give one of them another range.`,
      fix: otherRange(vpc, doc, index) ?? otherRange(other.vpc, doc, index),
    }];
  });
}

/** Only of a VPC in which nothing depends on its range yet. */
function otherRange(vpc: Vpc, doc: Topology, index: TopologyIndex): HintFix | null {
  const inUse = index.subnetsOfVpc(vpc.id).length > 0 || index.peeringsOfVpc(vpc.id).length > 0 || index.routeTablesOfVpc(vpc.id).some(({ routes }) => routes.length > 0);
  const cidr = inUse ? null : nextVpcCidr(doc);
  return cidr === null ? null : plainFix(`Change “${vpc.name}” to ${cidr}`, { op: "update", kind: "vpc", id: vpc.id, set: { cidr } });
}
