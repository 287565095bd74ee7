import type { Layout, LayoutPatch } from "@vpclab/shared/topology/layout";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { Peering, Subnet, Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { CARD_SIZE, GATEWAY_SIZE, REMOTE_VPC_SIZE, SUBNET_METRICS, VPC_GAP, VPC_GAP_MIN, VPC_METRICS, VPC_ROW_GAP, snapUp } from "./card-size";
import type { ContainerMetrics } from "./card-size";
import { nextSlot, separate } from "./free-spot";
import { byName } from "./object-name";
import { clamp } from "./rect";
import type { Rect, Size } from "./rect";

/** Where every object stands, relative to its parent. Complete: what the layout does not know is placed. */
export type Boxes = ReadonlyMap<string, Rect>;

/**
 * Turns a document and a (possibly partial, possibly stale) layout into boxes that hold what they contain and do not overlap
 * their siblings. Pure, so every tab draws the same; a layout made of its result gives the same result again.
 */
export function boxesOf(document: Topology, layout: Layout, index: TopologyIndex = indexTopology(document)): Boxes {
  const boxes = new Map<string, Rect>();
  const placeAll = (ids: readonly string[], sizeOf: (id: string) => Size, metrics: ContainerMetrics) => {
    const placed = placeSiblings(ids, layout, sizeOf, {
      gap: metrics.childGap, gapMin: metrics.childGap, min: { x: metrics.padding.side, y: metrics.padding.top },
    });
    for (const [id, rect] of placed) boxes.set(id, rect);
    return fit([...placed.values()], metrics);
  };

  const vpcSizes = new Map<string, Size>();
  for (const vpc of document.vpcs) {
    const subnets = index.subnetsOfVpc(vpc.id);
    const subnetSizes = new Map<string, Size>();
    for (const subnet of subnets) {
      const needed = placeAll(cardsOf(index, subnet.id), () => CARD_SIZE, SUBNET_METRICS);
      subnetSizes.set(subnet.id, grown(needed, layout[subnet.id]));
    }
    // Public nearer to the internet: where nobody placed them, public subnets come first.
    const isPrivate = (subnet: Subnet) => Number(subnetType(index, subnet) === "private");
    const order = [...subnets].sort((a, b) => isPrivate(a) - isPrivate(b) || byName(a, b));
    const needed = placeAll(order.map((subnet) => subnet.id), (id) => subnetSizes.get(id)!, VPC_METRICS);
    vpcSizes.set(vpc.id, grown(needed, layout[vpc.id]));
  }

  const topIds = [...[...document.vpcs].sort(byName), ...remotePeerings(document)].map(({ id }) => id);
  const vpcs = placeSiblings(topIds, layout, (id) => vpcSizes.get(id) ?? REMOTE_VPC_SIZE, {
    gap: VPC_GAP, rowGap: VPC_ROW_GAP, gapMin: VPC_GAP_MIN, min: { x: 0, y: 0 }, unbounded: true,
  });
  for (const [id, rect] of vpcs) boxes.set(id, rect);
  for (const gateway of document.internetGateways) {
    const vpc = vpcs.get(gateway.vpcId);
    if (vpc) boxes.set(gateway.id, gatewayBox(vpc, layout[gateway.id]?.x));
  }
  return boxes;
}

/** What stands in a subnet: instances, then NAT gateways. */
export const cardsOf = (index: TopologyIndex, subnetId: string): readonly string[] =>
  [...[...index.instancesOfSubnet(subnetId)].sort(byName), ...[...index.natGatewaysOfSubnet(subnetId)].sort(byName)].map(({ id }) => id);

/** Peerings whose other end lies in another topology: that end is drawn as a card of its own, under the peering's id. */
export const remotePeerings = (document: Topology): readonly Peering[] => document.peerings.filter(({ remote }) => remote !== null);

/** A gateway sits on its VPC's upper edge; only its place along the edge is free. */
export function gatewayBox(vpc: Size, x: number | undefined): Rect {
  const margin = VPC_METRICS.padding.side;
  const right = vpc.width - GATEWAY_SIZE.width - margin;
  return { ...GATEWAY_SIZE, x: clamp(x ?? right, Math.min(margin, right), right), y: -GATEWAY_SIZE.height / 2 };
}

/** What must be written into the layout so that it says what is drawn; null forgets objects that are gone. */
export function layoutPatchFor(boxes: Boxes, layout: Layout, sized: (id: string) => boolean): LayoutPatch {
  const patch: LayoutPatch = {};
  for (const [id, rect] of boxes) {
    const old = layout[id];
    const wanted = sized(id) ? { x: rect.x, y: rect.y, width: rect.width, height: rect.height } : { x: rect.x, y: rect.y };
    const same = old && old.x === wanted.x && old.y === wanted.y &&
      (!sized(id) || (old.width === rect.width && old.height === rect.height));
    if (!same) patch[id] = wanted;
  }
  for (const id of Object.keys(layout)) if (!boxes.has(id)) patch[id] = null;
  return patch;
}

interface SiblingRules {
  /** Between those placed here, and the least between any two. */
  readonly gap: number;
  readonly rowGap?: number;
  readonly gapMin: number;
  readonly min: { readonly x: number; readonly y: number };
  /** Top-level boxes may stand anywhere, children not left of or above the padding. */
  readonly unbounded?: boolean;
}

function placeSiblings(
  ids: readonly string[], layout: Layout, sizeOf: (id: string) => Size, rules: SiblingRules,
): ReadonlyMap<string, Rect> {
  const known = new Map<string, Rect>();
  for (const id of ids) {
    const box = layout[id];
    if (!box) continue;
    const x = rules.unbounded ? box.x : Math.max(rules.min.x, box.x);
    const y = rules.unbounded ? box.y : Math.max(rules.min.y, box.y);
    known.set(id, { ...sizeOf(id), x, y });
  }
  const placed = separate(known, rules.gapMin);
  const widthMax = comfortableWidth(ids.map(sizeOf), rules.gap);
  for (const id of ids) {
    if (placed.has(id)) continue;
    const size = sizeOf(id);
    placed.set(id, { ...size, ...nextSlot(size, [...placed.values()], rules, widthMax) });
  }
  return new Map(ids.map((id) => [id, placed.get(id)!]));
}

function fit(children: readonly Rect[], { min, padding }: ContainerMetrics): Size {
  let { width, height } = min;
  for (const child of children) {
    width = Math.max(width, child.x + child.width + padding.side);
    height = Math.max(height, child.y + child.height + padding.bottom);
  }
  return { width: snapUp(width), height: snapUp(height) };
}

const grown = (needed: Size, stored: { width?: number; height?: number } | undefined): Size => ({
  width: Math.max(needed.width, stored?.width ?? 0),
  height: Math.max(needed.height, stored?.height ?? 0),
});

/** Two side by side, three unless that gets too wide to read; more in rows, so that the whole is about as wide to its height as a screen. */
function comfortableWidth(sizes: readonly Size[], gap: number): number {
  const [first, second, third] = sizes;
  if (sizes.length === 3 && first && second && third) {
    const pair = first.width + gap + second.width;
    const row = pair + gap + third.width;
    return row / Math.max(first.height, second.height, third.height) > ROW_ASPECT_MAX ? pair : row;
  }
  const widest = Math.max(0, ...sizes.map(({ width }) => width)) + gap;
  const highest = Math.max(0, ...sizes.map(({ height }) => height)) + gap;
  const balanced = Math.ceil(Math.sqrt((sizes.length * SCREEN_ASPECT * highest) / widest));
  const columns = sizes.length <= 3 ? Math.min(sizes.length, Math.max(2, balanced)) : balanced;
  // The same number of rows, evenly filled.
  const rows = Math.ceil(sizes.length / Math.max(1, columns));
  return Math.ceil(sizes.length / Math.max(1, rows)) * widest - gap;
}
const SCREEN_ASPECT = 1.5;
const ROW_ASPECT_MAX = 2.4;
