import type { ProbeHop } from "@vpclab/shared/analysis/probe";
import type { EdgeRoutes } from "./edge-routes";
import type { Point, Rect } from "./rect";
import { HOST_ID, INTERNET_ID } from "./scene";
import type { Scene } from "./scene";
import { addPlace, placeOfHop } from "./via-host";

/** Ids on the canvas that a packet passed: internet and host have no object of their own and stand under their nodes' ids. */
export function pathIds(hops: readonly ProbeHop[]): readonly string[] {
  const ids: string[] = [];
  for (const hop of hops) {
    const id = placeOfHop(hop);
    if (id !== null) addPlace(ids, id);
  }
  return ids;
}

/** Lines leave cards near their right end and keep this far from them: where nothing is written. */
const ASIDE = 24;
const BESIDE = 8;
const ROUTER_DEPTH = 24;

/**
 * The line along which a packet went, corner by corner: from card to card, along the edges of gateways and peerings. Containers
 * (VPC, subnet) have no point of their own, what stands in them has.
 */
export const pathPoints = (scene: Scene, routes: EdgeRoutes, ids: readonly string[]): readonly Point[] => pathWay(scene, routes, ids).points;

/** The same, with the index of the point at which each id is reached. */
export interface PathWay {
  readonly points: readonly Point[];
  readonly marks: readonly number[];
}

export function pathWay(scene: Scene, routes: EdgeRoutes, ids: readonly string[]): PathWay {
  const line = new Line();
  const marks: number[] = [];
  const lastId = ids.at(-1) ?? "";
  const upwards = ids.some((id) => id.startsWith("igw-") || id === HOST_ID) || scene.index.vpcById.has(lastId);
  for (const [at, id] of ids.entries()) {
    // Only what goes on to the internet, or comes from it, passes the uplink.
    const route = id === HOST_ID && ids[at - 1] !== INTERNET_ID && ids[at + 1] !== INTERNET_ID ? undefined : routes.get(id);
    const card = scene.world.get(id);
    const onCard = scene.index.instanceById.get(id) ?? scene.index.natGatewayById.get(id);
    if (route && route.length > 1) {
      const fromAbove = ids[at - 1] === INTERNET_ID || ids[at - 1] === HOST_ID;
      const backwards = fromAbove || (line.end !== undefined && isFarther(line.end, route[0]!, route.at(-1)!));
      // Along the host's edge and not through its words.
      for (const corner of backwards ? [...route].reverse() : route) line.go(corner, id === HOST_ID ? "vertical" : "horizontal");
    } else if (id === HOST_ID && card && line.end === undefined) {
      const target = scene.world.get(lastId);
      line.go({ x: target ? target.x + target.width - ASIDE : card.x + card.width / 2, y: card.y + card.height }, "vertical");
    } else if (card && onCard) {
      const subnet = scene.world.get(onCard.subnetId)!;
      const leaving = upwards ? upwardsFrom(card, subnet) : downwardsFrom(card);
      const arriving = line.end !== undefined;
      for (const point of arriving ? [...leaving].reverse() : leaving) line.go(point, "vertical");
      // A packet sets out from the card itself.
      if (!arriving) {
        marks.push(0);
        continue;
      }
    }
    marks.push(Math.max(0, line.points.length - 1));
  }
  // One that ends at a subnet was stopped at its edge.
  const stoppedAt = scene.index.subnetById.has(lastId) ? scene.world.get(lastId) : undefined;
  if (line.end && stoppedAt) line.go({ x: stoppedAt.x + stoppedAt.width - ASIDE, y: stoppedAt.y - BESIDE }, "vertical");
  // A packet that ends in a VPC found no way on from its router: the line ends at the VPC's heading.
  const vpc = scene.index.vpcById.has(lastId) ? scene.world.get(lastId) : undefined;
  if (line.end && vpc) line.go({ x: line.end.x, y: vpc.y + ROUTER_DEPTH }, "vertical");
  if (marks.length > 1) marks[marks.length - 1] = Math.max(0, line.points.length - 1);
  return { points: line.points, marks };
}

/** Points joined by horizontal and vertical parts. */
class Line {
  readonly points: Point[] = [];

  get end(): Point | undefined {
    return this.points.at(-1);
  }

  /** Goes on to a point; where a corner is needed, first in the given direction. */
  go(next: Point, first: "horizontal" | "vertical"): void {
    const { end } = this;
    if (end && end.x !== next.x && end.y !== next.y) {
      this.points.push(first === "horizontal" ? { x: next.x, y: end.y } : { x: end.x, y: next.y });
    }
    this.points.push(next);
  }
}

function upwardsFrom(card: Rect, subnet: Rect): readonly Point[] {
  const x = card.x + card.width - ASIDE;
  return [{ x, y: card.y }, { x, y: subnet.y - BESIDE }];
}

function downwardsFrom(card: Rect): readonly Point[] {
  const x = card.x + card.width - ASIDE;
  return [{ x, y: card.y + card.height }, { x, y: card.y + card.height + BESIDE }];
}

const isFarther = (from: Point, a: Point, b: Point): boolean => Math.hypot(a.x - from.x, a.y - from.y) > Math.hypot(b.x - from.x, b.y - from.y);
