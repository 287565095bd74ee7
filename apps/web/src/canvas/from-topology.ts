import type { Edge, Node } from "@xyflow/react";
import type { Instance, InternetGateway, Peering, Subnet, Vpc } from "@vpclab/shared/topology/topology";
import { INTERNET_ID } from "./scene";
import type { Scene } from "./scene";
import type { EdgeRoutes } from "./edge-routes";
import type { Point } from "./rect";

/** What the node components are given. Only what the drawing says: live state and counters they read from the live store. */
export type VpcNode = Node<{ readonly vpc: Vpc; readonly subnets: number }, "vpc">;
export type SubnetNode = Node<{ readonly subnet: Subnet; readonly instances: number; readonly hasWayOut: boolean }, "subnet">;
export type InstanceNode = Node<{ readonly instance: Instance; readonly type: Subnet["type"]; readonly label: string }, "instance">;
export type GatewayNode = Node<{ readonly gateway: InternetGateway }, "gateway">;
export type InternetNode = Node<Record<string, never>, "internet">;
export type CanvasNode = VpcNode | SubnetNode | InstanceNode | GatewayNode | InternetNode;

export type GatewayEdge = Edge<{ readonly gateway: InternetGateway; readonly points: readonly Point[] }, "gateway">;
export type PeeringEdge = Edge<{ readonly peering: Peering; readonly requester: Vpc; readonly accepter: Vpc; readonly points: readonly Point[] }, "peering">;
export type CanvasEdge = GatewayEdge | PeeringEdge;

/** Cards lie on subnets, subnets on VPCs; edges run above containers so that they can be clicked there. */
const Z = { internet: 0, vpc: 0, subnet: 1, edge: 2, instance: 3, gateway: 4 } as const;

/** The drawing as nodes, parents before children as React Flow needs it. */
export function nodesOf(scene: Scene): CanvasNode[] {
  const { document, index, boxes, world } = scene;
  const sized = (id: string) => {
    const { x, y, width, height } = boxes.get(id)!;
    return { id, position: { x, y }, width, height };
  };
  const internet = world.get(INTERNET_ID)!;
  const nodes: CanvasNode[] = [{
    id: INTERNET_ID, type: "internet", position: { x: internet.x, y: internet.y }, width: internet.width, height: internet.height,
    data: {}, draggable: false, deletable: false, connectable: false, selectable: false, zIndex: Z.internet, ariaLabel: "Internet",
  }];
  for (const vpc of document.vpcs) {
    nodes.push({ ...sized(vpc.id), type: "vpc", data: { vpc, subnets: index.subnetsOfVpc(vpc.id).length }, zIndex: Z.vpc, ariaLabel: `VPC ${vpc.name}` });
  }
  for (const subnet of document.subnets) {
    const vpc = index.vpcById.get(subnet.vpcId)!;
    const data = {
      subnet, instances: index.instancesOfSubnet(subnet.id).length,
      hasWayOut: subnet.type === "public" && index.gatewayOfVpc(subnet.vpcId) !== undefined,
    };
    nodes.push({ ...sized(subnet.id), type: "subnet", parentId: subnet.vpcId, data, zIndex: Z.subnet, ariaLabel: `${subnet.type === "public" ? "Public" : "Private"} subnet ${subnet.name} in ${vpc.name}` });
  }
  for (const instance of document.instances) {
    const subnet = index.subnetById.get(instance.subnetId)!;
    const label = `${index.vpcById.get(subnet.vpcId)!.name}/${subnet.name}/${instance.name}`;
    nodes.push({ ...sized(instance.id), type: "instance", parentId: instance.subnetId, data: { instance, type: subnet.type, label }, zIndex: Z.instance, ariaLabel: `Instance ${label}` });
  }
  for (const gateway of document.internetGateways) {
    nodes.push({ ...sized(gateway.id), type: "gateway", parentId: gateway.vpcId, data: { gateway }, zIndex: Z.gateway, ariaLabel: `Internet gateway ${gateway.name}` });
  }
  return nodes;
}

export function edgesOf(scene: Scene, routes: EdgeRoutes): CanvasEdge[] {
  const { document, index } = scene;
  const edges: CanvasEdge[] = document.internetGateways.map((gateway) => ({
    id: `${gateway.id}/internet`, type: "gateway", source: gateway.id, target: INTERNET_ID, zIndex: Z.edge,
    data: { gateway, points: routes.get(gateway.id) ?? [] }, selectable: false, focusable: false, deletable: false,
  }));
  for (const peering of document.peerings) {
    const requester = index.vpcById.get(peering.requesterVpcId)!;
    const accepter = index.vpcById.get(peering.accepterVpcId)!;
    edges.push({
      id: peering.id, type: "peering", source: requester.id, target: accepter.id, zIndex: Z.edge,
      data: { peering, requester, accepter, points: routes.get(peering.id) ?? [] },
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
