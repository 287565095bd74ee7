import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import type { Layout } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { boxesOf, remotePeerings } from "./boxes";
import type { Boxes } from "./boxes";
import { HOST_DISTANCE, HOST_HEIGHT, INTERNET_HEIGHT, INTERNET_OVERHANG, INTERNET_WIDTH_MIN, UPLINK_LENGTH } from "./card-size";
import { boundsOf } from "./rect";
import type { Rect } from "./rect";

/** Node id of the internet; it is drawn, but no object of the document. */
export const INTERNET_ID = "internet";
/** Node id of the host, which no drawing has as an object either; the plan and the agent call by it what is the host's own. */
export const HOST_ID = HOST_OBJECT_ID;

/** A document with everything that gestures and drawing look up in it. Made once per change. */
export interface Scene {
  readonly document: Topology;
  readonly layout: Layout;
  readonly index: TopologyIndex;
  /** Relative to the parent. */
  readonly boxes: Boxes;
  /** On the canvas, the internet and the host included. */
  readonly world: Boxes;
}

export function sceneOf(document: Topology, layout: Layout): Scene {
  const index = indexTopology(document);
  const boxes = boxesOf(document, layout, index);
  return { document, layout, index, boxes, world: worldOf(document, index, boxes) };
}

/** The same, remembered for the newest pair: many readers ask for it after one change. */
export function sceneCache(): (document: Topology, layout: Layout) => Scene {
  let last: Scene | null = null;
  return (document, layout) => {
    if (!last || last.document !== document || last.layout !== layout) last = sceneOf(document, layout);
    return last;
  };
}

/** Id of the container of an object on the canvas, null for those that stand on the canvas itself. */
export function parentIdOf(index: TopologyIndex, id: string): string | null {
  return index.subnetById.get(id)?.vpcId ?? index.instanceById.get(id)?.subnetId ?? index.natGatewayById.get(id)?.subnetId ??
    index.gatewayById.get(id)?.vpcId ?? null;
}

/** The VPC an object is (in) or belongs to; null for peerings, Elastic IPs that nothing has, and unknown ids. */
export function vpcIdOf(index: TopologyIndex, id: string): string | null {
  if (index.vpcById.has(id)) return id;
  const owned = index.routeTableById.get(id) ?? index.groupById.get(id) ?? index.networkAclById.get(id);
  if (owned) return owned.vpcId;
  const target = index.elasticIpById.get(id)?.target;
  if (target) return vpcIdOf(index, target.id);
  const parent = parentIdOf(index, id);
  return parent === null ? null : vpcIdOf(index, parent);
}

function worldOf(document: Topology, index: TopologyIndex, boxes: Boxes): Boxes {
  const world = new Map<string, Rect>();
  // Containers come first in the order of `boxes` by level, so walk up for each: at most two steps.
  for (const [id, rect] of boxes) {
    let { x, y } = rect;
    for (let parent = parentIdOf(index, id); parent; parent = parentIdOf(index, parent)) {
      const outer = boxes.get(parent);
      x += outer?.x ?? 0;
      y += outer?.y ?? 0;
    }
    world.set(id, { ...rect, x, y });
  }
  const host = hostBox([...document.vpcs, ...remotePeerings(document)].flatMap(({ id }) => world.get(id) ?? []));
  world.set(HOST_ID, host);
  world.set(INTERNET_ID, { ...host, y: host.y - UPLINK_LENGTH - INTERNET_HEIGHT, height: INTERNET_HEIGHT });
  return world;
}

/** The host spans all VPCs, like a bus bar, so that gateways reach it straight upwards; the internet lies above it, as wide. */
function hostBox(vpcs: readonly Rect[]): Rect {
  const bounds = boundsOf(vpcs) ?? { x: -INTERNET_WIDTH_MIN / 2, y: 0, width: INTERNET_WIDTH_MIN, height: 0 };
  const width = Math.max(INTERNET_WIDTH_MIN, bounds.width + 2 * INTERNET_OVERHANG);
  return {
    x: bounds.x + (bounds.width - width) / 2, y: bounds.y - HOST_DISTANCE - HOST_HEIGHT, width, height: HOST_HEIGHT,
  };
}
