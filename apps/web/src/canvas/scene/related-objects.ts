import type { ObjectKind, Topology } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { byName } from "./object-name";

/** What an object holds or is used by, under a heading. */
export interface RelatedObjects {
  readonly title: string;
  readonly ids: readonly string[];
}

interface Named {
  readonly id: string;
  readonly name: string;
}
const list = (title: string, ...objects: (Named | undefined)[]): RelatedObjects => ({ title, ids: objects.filter((object) => object !== undefined).sort(byName).map(({ id }) => id) });

/** The ways on from an object to those that stand inside it, use it or are used by it; headings without objects are left out. */
export function relatedObjects(document: Topology, index: TopologyIndex, kind: ObjectKind, id: string): readonly RelatedObjects[] {
  const subnetsThat = (uses: (subnet: Topology["subnets"][number]) => boolean) => document.subnets.filter(uses);
  const of: { readonly [K in ObjectKind]: () => RelatedObjects[] } = {
    vpc: () => [
      list("Internet gateway", index.gatewayOfVpc(id)), list("Subnets", ...index.subnetsOfVpc(id)), list("Route tables", ...index.routeTablesOfVpc(id)),
      list("Security groups", ...index.groupsOfVpc(id)), list("Network ACLs", ...index.networkAclsOfVpc(id)), list("Peerings", ...index.peeringsOfVpc(id)),
    ],
    subnet: () => {
      const { routeTableId, networkAclId, vpcId } = index.subnetById.get(id)!;
      const vpc = index.vpcById.get(vpcId);
      return [
        list("In this subnet", ...index.instancesOfSubnet(id), ...index.natGatewaysOfSubnet(id)),
        list("Route table", index.routeTableById.get(routeTableId ?? vpc?.mainRouteTableId ?? "")), list("Network ACL", index.networkAclById.get(networkAclId ?? vpc?.defaultNetworkAclId ?? "")),
      ];
    },
    instance: () => [list("Elastic IP", index.elasticIpOf(id)), list("Security groups", ...index.instanceById.get(id)!.securityGroupIds.map((group) => index.groupById.get(group)))],
    "nat-gateway": () => [list("Elastic IP", index.elasticIpOf(id))],
    "internet-gateway": () => [],
    "elastic-ip": () => {
      const target = index.elasticIpById.get(id)?.target?.id ?? "";
      return [list("Associated with", index.instanceById.get(target) ?? index.natGatewayById.get(target))];
    },
    "route-table": () => {
      const isMain = document.vpcs.find((vpc) => vpc.mainRouteTableId === id)?.id;
      return [list("Subnets that use it", ...subnetsThat(({ routeTableId, vpcId }) => routeTableId === id || (routeTableId === null && vpcId === isMain)))];
    },
    "security-group": () => [list("Instances that have it", ...index.membersOf(id))],
    "network-acl": () => {
      const isDefault = document.vpcs.find((vpc) => vpc.defaultNetworkAclId === id)?.id;
      return [list("Subnets that it filters", ...subnetsThat(({ networkAclId, vpcId }) => networkAclId === id || (networkAclId === null && vpcId === isDefault)))];
    },
    peering: () => {
      const { requesterVpcId, accepterVpcId } = index.peeringById.get(id)!;
      return [list("VPCs", index.vpcById.get(requesterVpcId), index.vpcById.get(accepterVpcId))];
    },
  };
  return of[kind]().filter(({ ids }) => ids.length > 0);
}
