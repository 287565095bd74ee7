import type { Instance, NetworkAcl, Peering, RouteTable, SecurityGroup, Subnet, Topology } from "./topology";
import type { TopologyIndex } from "./topology-index";

/**
 * What is in effect where nothing else is named. For valid documents (validate.ts): a reference that leads nowhere throws.
 */

/** The route table that a subnet's packets are routed by: its own, else its VPC's main one. */
export function routeTableOf(index: TopologyIndex, subnet: Subnet): RouteTable {
  const id = subnet.routeTableId ?? index.vpcById.get(subnet.vpcId)?.mainRouteTableId ?? "";
  return present(index.routeTableById.get(id), subnet.id, "route table");
}

/** The network ACL at a subnet's edge: its own, else its VPC's default one. */
export function networkAclOf(index: TopologyIndex, subnet: Subnet): NetworkAcl {
  const id = subnet.networkAclId ?? index.vpcById.get(subnet.vpcId)?.defaultNetworkAclId ?? "";
  return present(index.networkAclById.get(id), subnet.id, "network ACL");
}

/** The groups of an instance, in the order drawn; all their rules are joined. */
export const groupsOf = (index: TopologyIndex, instance: Instance): SecurityGroup[] =>
  instance.securityGroupIds.map((id) => present(index.groupById.get(id), instance.id, "security group"));

/** Only such a peering carries packets, and only over it group references work. */
export const isActive = (peering: Peering): boolean => peering.status === "active";

/**
 * Who has a public address where the host has a pool: every Elastic IP, and every instance of a subnet that assigns one by
 * itself, unless an Elastic IP replaces it (AWS). Ids, in the document's order.
 */
export function ownersOfPublicAddresses(doc: Topology, index: TopologyIndex): string[] {
  const assigned = doc.instances.filter(
    (instance) => index.subnetById.get(instance.subnetId)?.autoAssignPublicAddress === true && !index.elasticIpOf(instance.id),
  );
  return [...doc.elasticIps, ...assigned].map((owner) => owner.id);
}

function present<T>(found: T | undefined, ownerId: string, what: string): T {
  if (!found) throw new Error(`${ownerId} names a ${what} that is not in this topology: validate before use`);
  return found;
}
