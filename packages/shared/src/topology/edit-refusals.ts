import type { Issue } from "../errors/issue";
import { kindWord } from "./diff";
import { kindOfId } from "./ids";
import type { ObjectKind, Topology, TopologyObject } from "./topology";
import { indexTopology, type TopologyIndex } from "./topology-index";

/** Refusals that only the change itself can give: both documents may be valid, and still AWS does not let one become the other. */

/** What a command names for deletion, and the document from which it was deleted. */
export interface Deletion {
  readonly object: TopologyObject;
  readonly from: Topology;
}

/** What a person deletes must not be in use any more at the end of the edit (AWS: DependencyViolation). */
export function stillInUse(after: Topology, deletions: readonly Deletion[]): Issue[] {
  if (deletions.length === 0) return [];
  const index = indexTopology(after);
  return deletions.flatMap(({ object, from }): Issue[] => {
    const kind = kindOfId(object.id);
    const use = kind && useOf(kind, object.id, from, after, index);
    if (!use) return [];
    return [{
      severity: "error", code: "IN_USE", path: ["id"], objectId: object.id, message: `The ${kindWord(kind)} “${object.name}” ${use}`,
    }];
  });
}

function useOf(kind: ObjectKind, id: string, from: Topology, after: Topology, index: TopologyIndex): string | null {
  switch (kind) {
    case "route-table": return useOfRouteTable(id, after);
    case "network-acl": return useOfNetworkAcl(id, after);
    case "security-group": return useOfGroup(id, after, index);
    case "internet-gateway": return useOfGateway(id, from, index);
    default: return null;
  }
}

function useOfRouteTable(id: string, after: Topology): string | null {
  const main = after.vpcs.find((vpc) => vpc.mainRouteTableId === id);
  if (main) return `is the main one of “${main.name}”; make another table the main one first.`;
  const subnets = after.subnets.filter((subnet) => subnet.routeTableId === id);
  return subnets.length > 0 ? `routes ${names(subnets)}; give that subnet another table first.` : null;
}

function useOfNetworkAcl(id: string, after: Topology): string | null {
  const vpc = after.vpcs.find((candidate) => candidate.defaultNetworkAclId === id);
  if (vpc) return `is the default one of “${vpc.name}” and goes only with the VPC; change its entries instead.`;
  const subnets = after.subnets.filter((subnet) => subnet.networkAclId === id);
  return subnets.length > 0 ? `filters ${names(subnets)}; give that subnet another ACL first.` : null;
}

function useOfGroup(id: string, after: Topology, index: TopologyIndex): string | null {
  const vpc = after.vpcs.find((candidate) => candidate.defaultSecurityGroupId === id);
  if (vpc) return `is the default one of “${vpc.name}” and goes only with the VPC; change its rules instead.`;
  const members = index.membersOf(id);
  if (members.length > 0) return `is that of ${names(members)}; give the instance another group first.`;
  const naming = after.securityGroups.filter((group) =>
    group.rules.some((rule) => "securityGroupId" in rule.peer && rule.peer.securityGroupId === id));
  return naming.length > 0 ? `is named by a rule of ${names(naming)}; delete that rule first.` : null;
}

/**
 * A gateway that routes lead to stays while an Elastic IP is associated in its VPC (AWS: mapped public addresses). Asked of the
 * document before, because the deletion turns those routes into blackholes; a gateway without routes may go, so that adding
 * one can be undone.
 */
function useOfGateway(id: string, from: Topology, after: TopologyIndex): string | null {
  const index = indexTopology(from);
  const vpcId = index.gatewayById.get(id)?.vpcId ?? "";
  const routed = index.routeTablesOfVpc(vpcId).some((table) => table.routes.some((route) => route.target.kind === "internet-gateway" && route.target.id === id));
  if (!routed || !after.vpcById.has(vpcId)) return null;
  const vpcOf = (targetId: string) => {
    const subnetId = (index.instanceById.get(targetId) ?? index.natGatewayById.get(targetId))?.subnetId ?? "";
    return index.subnetById.get(subnetId)?.vpcId;
  };
  const mapped = from.elasticIps.filter((ip) => ip.target && vpcOf(ip.target.id) === vpcId);
  return mapped.length > 0 ? `carries the Elastic IP ${names(mapped)}; disassociate or release it first.` : null;
}

/** The other side of a peering between topologies was shown this CIDR; it would route to addresses that are no longer here. */
export function fixedCidrs(before: Topology, after: Topology): Issue[] {
  const cidrBefore = new Map(before.vpcs.map((vpc) => [vpc.id, vpc.cidr]));
  const peeringsBefore = new Set(before.peerings.filter((peering) => peering.remote).map((peering) => peering.id));
  if (peeringsBefore.size === 0) return [];
  return after.vpcs.flatMap((vpc, i): Issue[] => {
    const old = cidrBefore.get(vpc.id);
    if (old === undefined || old === vpc.cidr) return [];
    const peering = after.peerings.find((candidate) =>
      peeringsBefore.has(candidate.id) && (candidate.requesterVpcId === vpc.id || candidate.accepterVpcId === vpc.id));
    if (!peering) return [];
    return [{
      severity: "error", code: "PEER_FIXED", path: ["vpcs", i, "cidr"], objectId: vpc.id,
      message: `“${vpc.name}” is peered with another topology by “${peering.name}”, which knows it as ${old}; delete that peering first.`,
    }];
  });
}

/** Up to three names, for a message. */
const names = (objects: readonly { readonly name: string }[]): string =>
  objects.slice(0, 3).map((object) => `“${object.name}”`).join(", ") + (objects.length > 3 ? ` and ${objects.length - 3} more` : "");
