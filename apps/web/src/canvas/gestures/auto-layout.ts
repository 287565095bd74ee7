import type { Layout } from "@vpclab/shared/topology/layout";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { Subnet } from "@vpclab/shared/topology/topology";
import { cardsOf, gatewayBox, remotePeerings } from "../scene/boxes";
import { CARD_SIZE, REMOTE_VPC_SIZE, SUBNET_METRICS, VPC_GAP, VPC_METRICS, VPC_ROW_GAP, snap, snapUp } from "../scene/card-size";
import type { ContainerMetrics } from "../scene/card-size";
import { refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import { byName } from "../scene/object-name";
import { boundsOf } from "../scene/rect";
import type { Point, Rect, Size } from "../scene/rect";
import type { Scene } from "../scene/scene";

/** One level of boxes without children, as the layout engine is asked for it. Gaps are part of the sizes. */
export interface FlatGraph {
  readonly options: Readonly<Record<string, string>>;
  readonly nodes: readonly (Size & { readonly id: string; readonly partition?: number })[];
  readonly edges: readonly { readonly id: string; readonly from: string; readonly to: string }[];
}
/** The engine: where each node's upper left corner goes. */
export type PlaceBoxes = (graph: FlatGraph) => Promise<ReadonlyMap<string, Point>>;

const PACKED = { "elk.algorithm": "rectpacking", "elk.aspectRatio": "1.6" } as const;
/** Within a layer nodes stay in the order in which they are given. */
const IN_OUR_ORDER = {
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES", "elk.layered.crossingMinimization.forceNodeModelOrder": "true",
} as const;
const LAYERED = { "elk.algorithm": "layered", "elk.separateConnectedComponents": "false", "elk.partitioning.activate": "true", ...IN_OUR_ORDER } as const;
/** As a screen is. */
const SCREEN: Size = { width: 1600, height: 900 };
/** Peered VPCs side by side are worth some room. */
const LAYERED_WORTH = 1.3;
const ROW_MAX = 4;

/** A fresh place for everything, from the inside out: cards in subnets, public subnets above private ones, peered VPCs side by side. */
export async function autoLayout(scene: Scene, engine: PlaceBoxes): Promise<Judged<Gesture>> {
  const { document, index } = scene;
  const place = remembering(engine);
  if (document.vpcs.length === 0) return refuse("The drawing is empty.");
  const layout: Layout = {};
  const sizes = new Map<string, Size>();
  const within = async (containerId: string, graph: Omit<FlatGraph, "edges">, metrics: ContainerMetrics) => {
    const boxes = await placed({ ...graph, edges: [] }, metrics.childGap, metrics.childGap, place);
    const { side, top, bottom } = metrics.padding;
    for (const [id, box] of boxes) layout[id] = boxIn(id, { ...box, x: box.x + side, y: box.y + top });
    const inner = boundsOf(boxes.values()) ?? { width: 0, height: 0 };
    sizes.set(containerId, {
      width: snapUp(Math.max(metrics.min.width, inner.width + 2 * side)), height: snapUp(Math.max(metrics.min.height, inner.height + top + bottom)),
    });
  };
  for (const { id } of document.subnets) {
    await within(id, { options: PACKED, nodes: cardsOf(index, id).map((card) => ({ id: card, ...CARD_SIZE })) }, SUBNET_METRICS);
  }
  for (const { id } of document.vpcs) await within(id, subnetGraph(scene, index.subnetsOfVpc(id), sizes), VPC_METRICS);
  for (const [id, box] of await placeVpcs(scene, sizes, place)) layout[id] = boxIn(id, box);
  for (const gateway of document.internetGateways) {
    const { x, y } = gatewayBox(sizes.get(gateway.vpcId)!, undefined);
    layout[gateway.id] = { x, y };
  }
  const settled = settle(scene, null, layout);
  if (!settled.ok) return settled;
  return { ok: true, label: "Lay out automatically", command: null, layoutPatch: settled.layoutPatch };
}

const boxIn = (id: string, { x, y, width, height }: Rect) =>
  id.startsWith("vpc-") || id.startsWith("subnet-") ? { x: snap(x), y: snap(y), width, height } : { x: snap(x), y: snap(y) };

/** Two rows, public above private, as long as the rows stay short; else packed, public ones first. */
function subnetGraph({ index }: Scene, subnets: readonly Subnet[], sizes: ReadonlyMap<string, Size>): Omit<FlatGraph, "edges"> {
  const isPrivate = (subnet: Subnet) => Number(subnetType(index, subnet) === "private");
  const order = [...subnets].sort((a, b) => isPrivate(a) - isPrivate(b) || byName(a, b));
  const rows = [0, 1].map((row) => order.filter((subnet) => isPrivate(subnet) === row).length);
  const inRows = Math.min(...rows) > 0 && Math.max(...rows) <= ROW_MAX;
  return {
    options: inRows ? { ...LAYERED, "elk.direction": "DOWN" } : PACKED,
    nodes: order.map((subnet) => ({ id: subnet.id, ...sizes.get(subnet.id)!, ...(inRows ? { partition: isPrivate(subnet) } : {}) })),
  };
}

/** VPCs in layers along their peerings where that leaves them large enough to read, else packed. */
async function placeVpcs({ document }: Scene, sizes: ReadonlyMap<string, Size>, place: PlaceBoxes): Promise<ReadonlyMap<string, Rect>> {
  const remote = remotePeerings(document).map(({ id }) => ({ id, ...REMOTE_VPC_SIZE }));
  const own = [...document.vpcs].sort(byName).map(({ id }) => ({ id, ...sizes.get(id)! }));
  const edges = document.peerings.map(({ id, requesterVpcId, accepterVpcId, remote: far }) => ({
    id: `edge-${id}`, from: far?.side === "requester" ? id : requesterVpcId, to: far?.side === "accepter" ? id : accepterVpcId,
  }));
  const nodes = inOrderOfPeerings([...own, ...remote], edges);
  const packed = await placed({ options: PACKED, nodes, edges: [] }, VPC_GAP, VPC_ROW_GAP, place);
  if (edges.length === 0) return packed;
  const layered = await placed({ options: { ...LAYERED, "elk.direction": "RIGHT" }, nodes, edges }, VPC_GAP, VPC_ROW_GAP, place);
  return scaleOf(layered) * LAYERED_WORTH >= scaleOf(packed) ? layered : packed;
}

/** How large the whole can be shown. */
function scaleOf(boxes: ReadonlyMap<string, Rect>): number {
  const bounds = boundsOf(boxes.values());
  return bounds ? Math.min(SCREEN.width / bounds.width, SCREEN.height / bounds.height) : 1;
}

/** Peers beside each other: breadth first, from those with the most peerings. */
function inOrderOfPeerings<T extends { readonly id: string }>(nodes: readonly T[], edges: FlatGraph["edges"]): readonly T[] {
  const peers = new Map(nodes.map(({ id }) => [id, edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []))]));
  const starts = [...nodes].sort((a, b) => peers.get(b.id)!.length - peers.get(a.id)!.length);
  const order = new Set<string>();
  for (const start of starts) {
    const queue = [start.id];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      if (order.has(id)) continue;
      order.add(id);
      queue.push(...(peers.get(id) ?? []));
    }
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return [...order].map((id) => byId.get(id)!);
}

/** Most subnets of a large drawing hold as much as another one, and the engine is asked once for all of these. */
function remembering(engine: PlaceBoxes): PlaceBoxes {
  const known = new Map<string, Promise<ReadonlyMap<string, Point>>>();
  return async ({ options, nodes, edges }) => {
    const at = new Map(nodes.map(({ id }, number) => [id, String(number)]));
    const numbered = nodes.map((node) => ({ ...node, id: at.get(node.id)! }));
    const alike: FlatGraph = { options, nodes: numbered, edges: edges.map(({ from, to }, n) => ({ id: `edge-${n}`, from: at.get(from)!, to: at.get(to)! })) };
    const key = JSON.stringify(alike);
    const answer = known.get(key) ?? engine(alike);
    known.set(key, answer);
    const corners = await answer;
    return new Map(nodes.map(({ id }) => [id, corners.get(at.get(id)!)!]));
  };
}

/** The engine keeps nodes apart by nothing: the gap to the right and below is part of each. */
async function placed(graph: FlatGraph, gap: number, rowGap: number, place: PlaceBoxes): Promise<ReadonlyMap<string, Rect>> {
  if (graph.nodes.length === 0) return new Map();
  const padded = graph.nodes.map((node) => ({ ...node, width: node.width + gap, height: node.height + rowGap }));
  const corners = await place({ ...graph, nodes: padded });
  const left = Math.min(...[...corners.values()].map(({ x }) => x));
  const top = Math.min(...[...corners.values()].map(({ y }) => y));
  return new Map(graph.nodes.map(({ id, width, height }) => [id, { x: corners.get(id)!.x - left, y: corners.get(id)!.y - top, width, height }]));
}
