import type { Instance, InternetGateway, Peering, Subnet, Topology, TopologyObject, ObjectKind, Vpc } from "./topology";
import { COLLECTION } from "./topology";

/** Look-ups over one document, made once per use. References that lead nowhere are simply absent. */
export interface TopologyIndex {
  readonly vpcById: ReadonlyMap<string, Vpc>;
  readonly subnetById: ReadonlyMap<string, Subnet>;
  readonly instanceById: ReadonlyMap<string, Instance>;
  readonly peeringById: ReadonlyMap<string, Peering>;
  readonly gatewayById: ReadonlyMap<string, InternetGateway>;
  subnetsOfVpc(vpcId: string): readonly Subnet[];
  instancesOfSubnet(subnetId: string): readonly Instance[];
  peeringsOfVpc(vpcId: string): readonly Peering[];
  gatewayOfVpc(vpcId: string): InternetGateway | undefined;
}

export function indexTopology(doc: Topology): TopologyIndex {
  const subnets = groupBy(doc.subnets, (subnet) => [subnet.vpcId]);
  const instances = groupBy(doc.instances, (instance) => [instance.subnetId]);
  const peerings = groupBy(doc.peerings, (peering) => [...new Set([peering.requesterVpcId, peering.accepterVpcId])]);
  const gateways = groupBy(doc.internetGateways, (gateway) => [gateway.vpcId]);
  return {
    vpcById: byId(doc.vpcs),
    subnetById: byId(doc.subnets),
    instanceById: byId(doc.instances),
    peeringById: byId(doc.peerings),
    gatewayById: byId(doc.internetGateways),
    subnetsOfVpc: (vpcId) => subnets.get(vpcId) ?? [],
    instancesOfSubnet: (subnetId) => instances.get(subnetId) ?? [],
    peeringsOfVpc: (vpcId) => peerings.get(vpcId) ?? [],
    gatewayOfVpc: (vpcId) => gateways.get(vpcId)?.[0],
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
