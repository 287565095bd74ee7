import { instanceNamespace, natGatewayNamespace } from "../net/namespace-name";
import { cidrFrom, formatAddress } from "../net/cidr";
import { gatewayAddress } from "../net/subnet-addresses";
import { routeTableOf } from "../topology/effective";
import { subnetType } from "../topology/subnet-type";
import type { Direction, DrawnRoute, ObjectByKind, ObjectKind, RouteTarget, Subnet } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { ChangeKind } from "./step";

/** What a sentence needs to know of the document around an object. The topology's name is part of its namespaces' names. */
export interface Surroundings {
  readonly index: TopologyIndex;
  readonly topologyName: string;
}

/** Kinds whose names are their own world: a subnet and its route table are often called alike. */
const CALLED: Partial<Record<ObjectKind, string>> = {
  "route-table": " (route table)", "security-group": " (security group)", "network-acl": " (network ACL)",
};

/** Name with its place, e.g. `vpc1/public/main`, `vpc1/public (route table)`. */
export function readableName<K extends ObjectKind>(kind: K, object: ObjectByKind[K], index: TopologyIndex): string {
  const called = CALLED[kind] ?? "";
  if ("vpcId" in object && kind !== "internet-gateway") return `${vpcName(index, object.vpcId)}/${object.name}${called}`;
  if (!("subnetId" in object)) return object.name;
  const subnet = index.subnetById.get(object.subnetId);
  return `${vpcName(index, subnet?.vpcId ?? "")}/${subnet?.name ?? "?"}/${object.name}`;
}

/** A plain sentence: what happens to an object, in AWS's terms, and what that does to others where it is not obvious. */
export function sentenceFor<K extends ObjectKind>(change: ChangeKind, kind: K, object: ObjectByKind[K], around: Surroundings): string {
  if (change === "remove") return REMOVES[kind];
  const what = WHAT[kind](object, around);
  return change === "create" ? `Makes ${what}.` : `Changes ${what}.`;
}

const REMOVES: Record<ObjectKind, string> = {
  vpc: "Removes the VPC's router namespace with everything in it.",
  subnet: "Removes the subnet's bridge, routes and rules.",
  instance: "Ends the instance's processes and removes its namespace.",
  "internet-gateway": "Cuts the VPC off the internet: routes to the gateway become blackholes.",
  "nat-gateway": "Removes the NAT gateway's namespace: routes to it become blackholes, connections through it end.",
  "elastic-ip": "Gives the public address back to the host's pool; nobody answers at it any more.",
  "route-table": "Removes the route table's kernel table.",
  "security-group": "Removes the group's rules from every instance; rules that name the group match nothing any more.",
  "network-acl": "Removes the network ACL's chains from the router.",
  peering: "Removes the link between the two VPCs: routes to the peering become blackholes.",
};

const ROUTES_SHOWN = 8;

const WHAT: { [K in ObjectKind]: (object: ObjectByKind[K], around: Surroundings) => string } = {
  vpc: (vpc) => `a router namespace for ${vpc.cidr} that forwards between its subnets and drops what nothing allows${vpc.reachableFromHost ? ", with a link and a route by which the host itself reaches its instances" : ""}`,
  subnet: (subnet, { index }) => {
    const way = subnetType(index, subnet) === "public" ? "routed to the internet gateway" : "with no route to an internet gateway";
    return `a bridge for ${subnet.cidr} with the router at ${formatAddress(gatewayAddress(cidrFrom(subnet.cidr)))}, ${way}, by route table “${routeTableOf(index, subnet).name}”${behindFirewall(subnet)}`;
  },
  instance: (instance, { index, topologyName }) => {
    const { vpc, subnet } = placeOf(index, instance.subnetId);
    const groups = instance.securityGroupIds.map((id) => `“${index.groupById.get(id)?.name ?? "?"}”`);
    const server = instance.webServer ? ` with a web server on port ${instance.webServer.port}` : "";
    const middlebox = instance.sourceDestCheck ? "" : "; it forwards what is routed to it";
    return `namespace ${instanceNamespace(topologyName, vpc, subnet, instance.name)} at ${instance.address}${server}, filtered by security ${groups.length === 1 ? "group" : "groups"} ${groups.join(" and ")}${index.subnetById.get(instance.subnetId)?.firewall ? " and its subnet's firewall" : ""}${middlebox}`;
  },
  "internet-gateway": (gateway, { index }) => `a way from ${vpcName(index, gateway.vpcId)}'s public subnets to the internet`,
  "nat-gateway": (gateway, { index, topologyName }) => {
    const { vpc, subnet } = placeOf(index, gateway.subnetId);
    return `namespace ${natGatewayNamespace(topologyName, vpc, subnet, gateway.name)} at ${gateway.address}, which forwards ${vpc}'s connections with that address and lets none in`;
  },
  "elastic-ip": (elasticIp, { index }) => {
    const target = elasticIp.target && (index.instanceById.get(elasticIp.target.id) ?? index.natGatewayById.get(elasticIp.target.id));
    return target ? `a public address for ${target.name} (${target.address}), translated 1:1 by the internet gateway` : "a public address that is associated with nothing yet";
  },
  "route-table": (table, { index }) => {
    const routes = table.routes.slice(0, ROUTES_SHOWN).map((route) => describeRoute(route, index));
    const more = table.routes.length > ROUTES_SHOWN ? ` and ${table.routes.length - ROUTES_SHOWN} more` : "";
    return `route table “${table.name}”, a kernel table of its own: ${["local", ...routes].join(", ")}${more}`;
  },
  "security-group": (group, { index }) => {
    const members = index.membersOf(group.id).length;
    return `security group “${group.name}”: ${counted(group.rules, "ingress")} in and ${counted(group.rules, "egress")} out, in ${members === 1 ? "the namespace of 1 instance" : `the namespaces of ${members} instances`}`;
  },
  "network-acl": (acl, { index }) => {
    const subnets = index.subnetsOfVpc(acl.vpcId).filter((subnet) => (subnet.networkAclId ?? index.vpcById.get(acl.vpcId)?.defaultNetworkAclId) === acl.id);
    return `network ACL “${acl.name}” at the edge of ${subnets.length === 1 ? "1 subnet" : `${subnets.length} subnets`}: ${counted(acl.entries, "ingress")} in and ${counted(acl.entries, "egress")} out, stateless, so answers need entries, too`;
  },
  peering: (peering, { index }) => {
    const ends = `${endName(peering.requesterVpcId, peering, index)} and ${endName(peering.accepterVpcId, peering, index)}`;
    if (peering.status !== "active") return `a peering of ${ends} that is ${peering.status.replace("-", " ")}: routes to it are blackholes`;
    return `a direct link between ${ends}, for the route tables that have a route to it`;
  },
};

const vpcName = (index: TopologyIndex, vpcId: string): string => index.vpcById.get(vpcId)?.name ?? "?";

function placeOf(index: TopologyIndex, subnetId: string): { vpc: string; subnet: string } {
  const subnet = index.subnetById.get(subnetId);
  return { vpc: vpcName(index, subnet?.vpcId ?? ""), subnet: subnet?.name ?? "?" };
}

/** A route as AWS's console writes it, e.g. `0.0.0.0/0 → igw1`. */
export const describeRoute = ({ destination, target }: DrawnRoute, index: TopologyIndex): string => `${destination} → ${targetName(target, index)}`;

function targetName({ kind, id }: RouteTarget, index: TopologyIndex): string {
  switch (kind) {
    case "internet-gateway": return index.gatewayById.get(id)?.name ?? id;
    case "nat-gateway": return index.natGatewayById.get(id)?.name ?? id;
    case "peering": return index.peeringById.get(id)?.name ?? id;
    case "instance": return index.instanceById.get(id)?.name ?? id;
    case "gone": return "blackhole";
  }
}

function counted(items: readonly { direction: Direction }[], direction: Direction): string {
  const number = items.filter((item) => item.direction === direction).length;
  return number === 1 ? "1 rule" : `${number} rules`;
}

function behindFirewall({ firewall }: Subnet): string {
  if (!firewall) return "";
  const { ingress, egress } = firewall.defaults;
  return `; its firewall has ${counted(firewall.rules, "ingress")} in, then ${ingress}, and ${counted(firewall.rules, "egress")} out, then ${egress}`;
}

function endName(vpcId: string, { remote, requesterVpcId }: ObjectByKind["peering"], index: TopologyIndex): string {
  const isFar = remote !== null && (remote.side === "requester") === (vpcId === requesterVpcId);
  return isFar ? `${remote.vpcName} of ${remote.topologyName}` : vpcName(index, vpcId);
}
