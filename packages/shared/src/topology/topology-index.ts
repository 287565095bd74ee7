import type {
  ElasticIp, Instance, InternetGateway, NatGateway, NetworkAcl, ObjectKind, Peering, RouteTable, SecurityGroup, Subnet, Topology,
  TopologyObject, Vpc,
} from "./topology";
import { COLLECTION } from "./topology";

/** Look-ups over one document, made once per use. References that lead nowhere are simply absent. */
export interface TopologyIndex {
  readonly vpcById: ReadonlyMap<string, Vpc>;
  readonly subnetById: ReadonlyMap<string, Subnet>;
  readonly instanceById: ReadonlyMap<string, Instance>;
  readonly gatewayById: ReadonlyMap<string, InternetGateway>;
  readonly natGatewayById: ReadonlyMap<string, NatGateway>;
  readonly elasticIpById: ReadonlyMap<string, ElasticIp>;
  readonly routeTableById: ReadonlyMap<string, RouteTable>;
  readonly groupById: ReadonlyMap<string, SecurityGroup>;
  readonly networkAclById: ReadonlyMap<string, NetworkAcl>;
  readonly peeringById: ReadonlyMap<string, Peering>;
  subnetsOfVpc(vpcId: string): readonly Subnet[];
  instancesOfSubnet(subnetId: string): readonly Instance[];
  natGatewaysOfSubnet(subnetId: string): readonly NatGateway[];
  routeTablesOfVpc(vpcId: string): readonly RouteTable[];
  groupsOfVpc(vpcId: string): readonly SecurityGroup[];
  networkAclsOfVpc(vpcId: string): readonly NetworkAcl[];
  peeringsOfVpc(vpcId: string): readonly Peering[];
  gatewayOfVpc(vpcId: string): InternetGateway | undefined;
  /** The Elastic IP associated with an instance or a NAT gateway. */
  elasticIpOf(targetId: string): ElasticIp | undefined;
  /** Instances that have the group. */
  membersOf(groupId: string): readonly Instance[];
}

export function indexTopology(doc: Topology): TopologyIndex {
  const subnets = groupBy(doc.subnets, (subnet) => [subnet.vpcId]);
  const instances = groupBy(doc.instances, (instance) => [instance.subnetId]);
  const natGateways = groupBy(doc.natGateways, (gateway) => [gateway.subnetId]);
  const tables = groupBy(doc.routeTables, (table) => [table.vpcId]);
  const groups = groupBy(doc.securityGroups, (group) => [group.vpcId]);
  const acls = groupBy(doc.networkAcls, (acl) => [acl.vpcId]);
  const peerings = groupBy(doc.peerings, (peering) => [...new Set([peering.requesterVpcId, peering.accepterVpcId])]);
  const gateways = groupBy(doc.internetGateways, (gateway) => [gateway.vpcId]);
  const elasticIps = groupBy(doc.elasticIps, (elasticIp) => (elasticIp.target ? [elasticIp.target.id] : []));
  const members = groupBy(doc.instances, (instance) => instance.securityGroupIds);
  return {
    vpcById: byId(doc.vpcs),
    subnetById: byId(doc.subnets),
    instanceById: byId(doc.instances),
    gatewayById: byId(doc.internetGateways),
    natGatewayById: byId(doc.natGateways),
    elasticIpById: byId(doc.elasticIps),
    routeTableById: byId(doc.routeTables),
    groupById: byId(doc.securityGroups),
    networkAclById: byId(doc.networkAcls),
    peeringById: byId(doc.peerings),
    subnetsOfVpc: (vpcId) => subnets.get(vpcId) ?? [],
    instancesOfSubnet: (subnetId) => instances.get(subnetId) ?? [],
    natGatewaysOfSubnet: (subnetId) => natGateways.get(subnetId) ?? [],
    routeTablesOfVpc: (vpcId) => tables.get(vpcId) ?? [],
    groupsOfVpc: (vpcId) => groups.get(vpcId) ?? [],
    networkAclsOfVpc: (vpcId) => acls.get(vpcId) ?? [],
    peeringsOfVpc: (vpcId) => peerings.get(vpcId) ?? [],
    gatewayOfVpc: (vpcId) => gateways.get(vpcId)?.[0],
    elasticIpOf: (targetId) => elasticIps.get(targetId)?.[0],
    membersOf: (groupId) => members.get(groupId) ?? [],
  };
}

/** Every object of the document with its kind, containers before what they contain. */
export function* objectsOf(doc: Topology): Generator<{ kind: ObjectKind; object: TopologyObject; index: number }> {
  for (const kind of Object.keys(COLLECTION) as ObjectKind[]) {
    for (const [index, object] of doc[COLLECTION[kind]].entries()) yield { kind, object, index };
  }
}

export function findObject(doc: Topology, id: string): { kind: ObjectKind; object: TopologyObject; index: number } | null {
  for (const found of objectsOf(doc)) if (found.object.id === id) return found;
  return null;
}

const byId = <T extends { id: string }>(items: readonly T[]): ReadonlyMap<string, T> => new Map(items.map((item) => [item.id, item]));

function groupBy<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
