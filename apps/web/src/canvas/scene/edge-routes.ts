import { remotePeerings } from "./boxes";
import { GATEWAY_SIZE } from "./card-size";
import { boundsOf, centerOf, clamp } from "./rect";
import type { Point, Rect } from "./rect";
import { routeEdge } from "./route-edge";
import type { Port } from "./route-edge";
import { HOST_ID, INTERNET_ID } from "./scene";
import type { Scene } from "./scene";

/** Corner points of every drawn edge by the object it stands for: a gateway's way to the host, a peering, the host's uplink. */
export type EdgeRoutes = ReadonlyMap<string, readonly Point[]>;

const MARGIN_MIN = 14;
/** Neighbouring edges run side by side, not on top of each other. */
const LANES = [0, 6, 12, 3, 9];

/** Routes all edges around the VPCs. `world` overrides where boxes stand, for a drag that is under way. */
export function edgeRoutes(scene: Scene, world: ReadonlyMap<string, Rect> = scene.world): EdgeRoutes {
  const vpcs = [...scene.document.vpcs, ...remotePeerings(scene.document)].flatMap(({ id }) => world.get(id) ?? []);
  const routes = new Map<string, readonly Point[]>();
  const internet = world.get(INTERNET_ID);
  const host = world.get(HOST_ID);
  if (host && internet) routes.set(HOST_ID, [{ x: centerOf(host).x, y: host.y }, { x: centerOf(host).x, y: internet.y + internet.height }]);
  let lane = 0;
  for (const gateway of scene.document.internetGateways) {
    const box = world.get(gateway.id);
    if (box && host) routes.set(gateway.id, gatewayRoute(box, host, vpcs, MARGIN_MIN + LANES[lane++ % LANES.length]!));
  }
  for (const peering of scene.document.peerings) {
    // The far end of a peering with another topology stands under the peering's own id.
    const from = world.get(peering.remote?.side === "requester" ? peering.id : peering.requesterVpcId);
    const to = world.get(peering.remote?.side === "accepter" ? peering.id : peering.accepterVpcId);
    if (!from || !to) continue;
    const margin = MARGIN_MIN + LANES[lane++ % LANES.length]!;
    const offset = peeringOffset(scene, peering.id, peering.requesterVpcId);
    const otherOffset = peeringOffset(scene, peering.id, peering.accepterVpcId);
    routes.set(peering.id, peeringRoute(from, to, vpcs, { margin, offset, otherOffset }));
  }
  return routes;
}

function gatewayRoute(gateway: Rect, host: Rect, vpcs: readonly Rect[], margin: number): readonly Point[] {
  const top: Port = { x: gateway.x + gateway.width / 2, y: gateway.y, side: "top" };
  const floor = host.y + host.height;
  const reach = (x: number): Port => ({ x: clamp(x, host.x + 24, host.x + host.width - 24), y: floor, side: "bottom" });
  // Straight up where nothing is in the way, else up one of the gaps between the VPCs.
  const goals = [top.x, ...vpcs.flatMap((vpc) => [vpc.x - margin, vpc.x + vpc.width + margin])].map(reach);
  return routeEdge([top], uniquePorts(goals), vpcs, { margin }) ?? [top, { x: top.x, y: floor }];
}

interface PeeringPlaces {
  readonly margin: number;
  /** Shift from the middle of a side, so that several peerings of one VPC leave it at different places. */
  readonly offset: number;
  readonly otherOffset: number;
}

function peeringRoute(from: Rect, to: Rect, vpcs: readonly Rect[], { margin, offset, otherOffset }: PeeringPlaces): readonly Point[] {
  const near = boundsOf([from, to])!;
  const reach = 400;
  const nearby = vpcs.filter((vpc) => vpc === from || vpc === to ||
    (vpc.x < near.x + near.width + reach && vpc.x + vpc.width > near.x - reach && vpc.y < near.y + near.height + reach && vpc.y + vpc.height > near.y - reach));
  return routeEdge(sidePorts(from, offset), sidePorts(to, otherOffset), nearby, { margin }) ??
    routeEdge(sidePorts(from, offset), sidePorts(to, otherOffset), [], { margin }) ?? [centerOf(from), centerOf(to)];
}

function sidePorts(box: Rect, offset: number): readonly Port[] {
  const x = clamp(box.x + box.width / 2 + offset, box.x + 24, box.x + box.width - 24);
  const y = clamp(box.y + box.height / 2 + offset, box.y + 24, box.y + box.height - 24);
  const upper: Port[] = box.width > 2 * GATEWAY_SIZE.width ? [{ x: box.x + 48 + Math.abs(offset), y: box.y, side: "top" }] : [];
  return [
    { x: box.x + box.width, y, side: "right" }, { x: box.x, y, side: "left" },
    { x, y: box.y + box.height, side: "bottom" }, ...upper,
  ];
}

function peeringOffset(scene: Scene, peeringId: string, vpcId: string): number {
  const peerings = scene.index.peeringsOfVpc(vpcId);
  const at = peerings.findIndex(({ id }) => id === peeringId);
  return (at - (peerings.length - 1) / 2) * 28;
}

const uniquePorts = (ports: readonly Port[]): readonly Port[] => [...new Map(ports.map((port) => [port.x, port])).values()];
