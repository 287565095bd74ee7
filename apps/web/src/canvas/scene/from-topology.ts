import type { Edge, Node } from "@xyflow/react";
import { groupsOf, networkAclOf, routeTableOf } from "@vpclab/shared/topology/effective";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { SubnetType } from "@vpclab/shared/topology/subnet-type";
import type {
  ElasticIp, Instance, InternetGateway, NatGateway, NetworkAcl, Peering, RouteTable, Subnet, Vpc,
} from "@vpclab/shared/topology/topology";
import { remotePeerings } from "./boxes";
import { objectName } from "./object-name";
import { peeringEnds, routesInWords } from "./peering-view";
import { blackholesOfSubnet } from "./route-view";
import { HOST_ID, INTERNET_ID } from "./scene";
import type { Scene } from "./scene";
import type { EdgeRoutes } from "./edge-routes";
import type { Point } from "./rect";

/** What the node components are given. Only what the drawing says: live state and counters they read from the live store. */
export type VpcNode = Node<{
  readonly vpc: Vpc; readonly subnets: number;
  /** Ids of its route tables, groups and ACLs, separated by spaces: they have no box, so the VPC tells of their troubles. */
  readonly owned: string;
}, "vpc">;
export type SubnetNode = Node<{
  readonly subnet: Subnet; readonly type: SubnetType; readonly vpcName: string; readonly cards: number;
  readonly table: RouteTable; readonly acl: NetworkAcl;
  /** Destinations that its packets vanish at, comma-separated; empty where there are none. */
  readonly blackholes: string;
}, "subnet">;
export type InstanceNode = Node<{
  readonly instance: Instance; readonly type: SubnetType; readonly label: string;
  /** Id, name, id, name …: plain values, so that an unchanged card is not drawn again. */
  readonly groups: string; readonly elasticIp: ElasticIp | undefined; readonly vpcName: string;
}, "instance">;
export type NatGatewayNode = Node<{ readonly natGateway: NatGateway; readonly label: string; readonly elasticIp: ElasticIp | undefined }, "nat-gateway">;
export type GatewayNode = Node<{ readonly gateway: InternetGateway }, "gateway">;
/** The far end of a peering with another topology. */
export type RemoteVpcNode = Node<{ readonly peering: Peering }, "remote-vpc">;
export type InternetNode = Node<Record<string, never>, "internet">;
/** The machine that becomes the drawing; all that it shows is live. */
export type HostNode = Node<Record<string, never>, "host">;
export type CanvasNode = VpcNode | SubnetNode | InstanceNode | NatGatewayNode | GatewayNode | RemoteVpcNode | InternetNode | HostNode;

export type GatewayEdge = Edge<{ readonly gateway: InternetGateway; readonly points: readonly Point[] }, "gateway">;
export type PeeringEdge = Edge<{
  readonly peering: Peering; readonly requesterCidr: string; readonly accepterCidr: string; readonly routes: string; readonly points: readonly Point[];
}, "peering">;
/** The host's one way to the internet. */
export type UplinkEdge = Edge<{ readonly gatewayIds: string; readonly points: readonly Point[] }, "uplink">;
export type CanvasEdge = GatewayEdge | PeeringEdge | UplinkEdge;

/** Cards lie on subnets, subnets on VPCs; edges run above containers so that they can be clicked there. */
const Z = { internet: 0, vpc: 0, subnet: 1, edge: 2, card: 3, gateway: 4 } as const;

/** A peering is an edge under its own id, so the card of its far end needs another one. */
export const remoteNodeId = (peeringId: string): string => `${peeringId}/remote`;
/** The object that a node stands for. */
export const objectIdOfNode = (nodeId: string): string => nodeId.replace(/\/remote$/, "");

/** The drawing as nodes, parents before children as React Flow needs it. */
export function nodesOf(scene: Scene): CanvasNode[] {
  const { document, index, boxes, world } = scene;
  const sized = (id: string) => {
    const { x, y, width, height } = boxes.get(id)!;
    return { id, position: { x, y }, width, height };
  };
  const placed = (id: string) => {
    const { x, y, width, height } = world.get(id)!;
    return { id, position: { x, y }, width, height, data: {}, draggable: false, deletable: false, connectable: false, zIndex: Z.internet };
  };
  const nodes: CanvasNode[] = [
    { ...placed(INTERNET_ID), type: "internet", selectable: false, ariaLabel: "Internet" },
    { ...placed(HOST_ID), type: "host", ariaLabel: "Host" },
  ];
  for (const vpc of document.vpcs) {
    const owned = [...index.routeTablesOfVpc(vpc.id), ...index.groupsOfVpc(vpc.id), ...index.networkAclsOfVpc(vpc.id)].map(({ id }) => id).join(" ");
    nodes.push({ ...sized(vpc.id), type: "vpc", data: { vpc, subnets: index.subnetsOfVpc(vpc.id).length, owned }, zIndex: Z.vpc, ariaLabel: `VPC ${vpc.name}` });
  }
  for (const subnet of document.subnets) {
    const vpc = index.vpcById.get(subnet.vpcId)!;
    const type = subnetType(index, subnet);
    const data = {
      subnet, type, vpcName: vpc.name, cards: index.instancesOfSubnet(subnet.id).length + index.natGatewaysOfSubnet(subnet.id).length,
      table: routeTableOf(index, subnet), acl: networkAclOf(index, subnet), blackholes: blackholesOfSubnet(index, subnet).join(", "),
    };
    nodes.push({ ...sized(subnet.id), type: "subnet", parentId: subnet.vpcId, data, zIndex: Z.subnet, ariaLabel: `${type === "public" ? "Public" : "Private"} subnet ${subnet.name} in ${vpc.name}` });
  }
  for (const instance of document.instances) {
    const subnet = index.subnetById.get(instance.subnetId)!;
    const vpcName = index.vpcById.get(subnet.vpcId)!.name;
    const label = `${vpcName}/${subnet.name}/${instance.name}`;
    const groups = groupsOf(index, instance).flatMap(({ id, name }) => [id, name]).join(" ");
    const data = { instance, type: subnetType(index, subnet), label, groups, elasticIp: index.elasticIpOf(instance.id), vpcName };
    nodes.push({ ...sized(instance.id), type: "instance", parentId: instance.subnetId, data, zIndex: Z.card, ariaLabel: `Instance ${label}` });
  }
  for (const natGateway of document.natGateways) {
    const label = objectName(index, natGateway.id)!;
    const data = { natGateway, label, elasticIp: index.elasticIpOf(natGateway.id) };
    nodes.push({ ...sized(natGateway.id), type: "nat-gateway", parentId: natGateway.subnetId, data, zIndex: Z.card, ariaLabel: `NAT gateway ${label}` });
  }
  for (const gateway of document.internetGateways) {
    nodes.push({ ...sized(gateway.id), type: "gateway", parentId: gateway.vpcId, data: { gateway }, zIndex: Z.gateway, ariaLabel: `Internet gateway ${gateway.name}` });
  }
  for (const peering of remotePeerings(document)) {
    const { remote } = peering;
    nodes.push({ ...sized(peering.id), id: remoteNodeId(peering.id), type: "remote-vpc", data: { peering }, zIndex: Z.vpc, connectable: false, selectable: false, ariaLabel: `VPC ${remote!.vpcName} of topology ${remote!.topologyName}` });
  }
  return nodes;
}

export function edgesOf(scene: Scene, routes: EdgeRoutes): CanvasEdge[] {
  const { document, index } = scene;
  const fixed = { zIndex: Z.edge, selectable: false, focusable: false, deletable: false } as const;
  const edges: CanvasEdge[] = document.internetGateways.map((gateway) => ({
    ...fixed, id: `${gateway.id}/host`, type: "gateway", source: gateway.id, target: HOST_ID, data: { gateway, points: routes.get(gateway.id) ?? [] },
  }));
  const gatewayIds = document.internetGateways.map(({ id }) => id).join(" ");
  edges.push({ ...fixed, id: "uplink", type: "uplink", source: HOST_ID, target: INTERNET_ID, data: { gatewayIds, points: routes.get(HOST_ID) ?? [] } });
  for (const peering of document.peerings) {
    const [requester, accepter] = peeringEnds(index, peering);
    edges.push({
      id: peering.id, type: "peering", zIndex: Z.edge,
      source: requester.vpcId ?? remoteNodeId(peering.id), target: accepter.vpcId ?? remoteNodeId(peering.id),
      data: { peering, requesterCidr: requester.cidr, accepterCidr: accepter.cidr, routes: routesInWords(index, peering), points: routes.get(peering.id) ?? [] },
      ariaLabel: `Peering ${peering.name} between ${requester.name} and ${accepter.name}`,
    });
  }
  return edges;
}

/**
 * The new nodes, but the old object where nothing changed: React Flow and memo then skip it. What React Flow itself keeps on
 * a node (its measure, a drag under way) is carried over.
 */
export function reconcileNodes(before: readonly CanvasNode[], next: readonly CanvasNode[], selection: ReadonlySet<string>): CanvasNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  return next.map((node) => {
    const selected = selection.has(node.id);
    const known = old.get(node.id);
    if (!known) return { ...node, selected };
    const moving = known.dragging === true;
    const same = known.type === node.type && known.parentId === node.parentId && known.width === node.width && known.height === node.height &&
      (moving || (known.position.x === node.position.x && known.position.y === node.position.y)) && Boolean(known.selected) === selected &&
      known.ariaLabel === node.ariaLabel && shallowEqual(known.data, node.data);
    if (same) return known;
    return { ...node, selected, measured: known.measured, ...(moving ? { position: known.position, dragging: true } : {}) } as CanvasNode;
  });
}

function shallowEqual(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(b);
  return keys.length === Object.keys(a).length && keys.every((key) => Object.is(a[key], b[key]));
}
