import type { ProbeHop } from "@vpclab/shared/analysis/probe";
import type { EdgeRoutes } from "./edge-routes";
import { centerOf } from "./rect";
import type { Point } from "./rect";
import { INTERNET_ID } from "./scene";
import type { Scene } from "./scene";

/** Ids on the canvas that a packet passed: the internet has no object of its own and stands under its node's id. */
export function pathIds(hops: readonly ProbeHop[]): readonly string[] {
  return hops.map((hop) => hop.objectId ?? (/internet/i.test(hop.label) ? INTERNET_ID : "")).filter((id) => id !== "");
}

/**
 * The line along which a packet went, corner by corner: from card to card, along the edges of gateways and peerings. Containers
 * (VPC, subnet) have no point of their own, what stands in them has.
 */
export function pathPoints(scene: Scene, routes: EdgeRoutes, ids: readonly string[]): readonly Point[] {
  const points: Point[] = [];
  const go = (next: Point) => {
    const last = points.at(-1);
    if (last && last.x !== next.x && last.y !== next.y) points.push({ x: next.x, y: last.y });
    points.push(next);
  };
  for (const id of ids) {
    const route = routes.get(id);
    const box = scene.world.get(id);
    if (route && route.length > 1) {
      const last = points.at(-1);
      for (const corner of last && farther(last, route[0]!, route.at(-1)!) ? [...route].reverse() : route) go(corner);
    } else if (box && scene.index.instanceById.has(id)) {
      go(centerOf(box));
    }
  }
  return points;
}

const farther = (from: Point, a: Point, b: Point): boolean => Math.hypot(a.x - from.x, a.y - from.y) > Math.hypot(b.x - from.x, b.y - from.y);
