import { SUBNET_METRICS, VPC_GAP_MIN, VPC_METRICS } from "../scene/card-size";
import { isSized, refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import type { Rect } from "../scene/rect";
import { rootBoxes } from "../scene/roots";
import { parentIdOf } from "../scene/scene";
import type { Scene } from "../scene/scene";

export const ARRANGEMENTS = ["left", "center", "right", "top", "middle", "bottom", "across", "down"] as const;
/** Edges and middles to align at, and the two ways to distribute evenly. */
export type Arrangement = (typeof ARRANGEMENTS)[number];

export const ARRANGEMENT_WORDS: Readonly<Record<Arrangement, string>> = {
  left: "Align left", center: "Align centres", right: "Align right", top: "Align top", middle: "Align middles", bottom: "Align bottom",
  across: "Distribute across", down: "Distribute down",
};

/** Aligns or distributes the selected boxes of one container. What would lie on another then is moved along the line instead. */
export function arrange(scene: Scene, selection: ReadonlySet<string>, how: Arrangement): Judged<Gesture> {
  const ids = rootBoxes(scene, selection).filter((id) => !id.startsWith("igw-"));
  const distributes = how === "across" || how === "down";
  const least = distributes ? 3 : 2;
  if (ids.length < least) return refuse(`Select ${distributes ? "three" : "two"} or more boxes first (Shift and click).`);
  const [container = null, ...others] = new Set(ids.map((id) => parentIdOf(scene.index, id)));
  if (others.length > 0) return refuse("Only boxes of one container can be arranged: select VPCs, or subnets of one VPC, or instances of one subnet.");
  const boxes = ids.map((id): Placed => ({ id, rect: scene.boxes.get(id)! }));
  const gap = container === null ? VPC_GAP_MIN : container.startsWith("subnet-") ? SUBNET_METRICS.childGap : VPC_METRICS.childGap;
  const placed = distributes ? distribute(boxes, how, gap) : align(boxes, how, gap);
  const settled = settle(scene, null, Object.fromEntries(placed.map(({ id, rect: { x, y, width, height } }) => [id, isSized(id) ? { x, y, width, height } : { x, y }])));
  if (!settled.ok) return settled;
  if (Object.keys(settled.layoutPatch).length === 0) return refuse("They stand so already.");
  return { ok: true, label: `${ARRANGEMENT_WORDS[how]}: ${ids.length} objects`, command: null, layoutPatch: settled.layoutPatch };
}

interface Placed {
  readonly id: string;
  readonly rect: Rect;
}

function align(boxes: readonly Placed[], how: Exclude<Arrangement, "across" | "down">, gap: number): readonly Placed[] {
  const isColumn = how === "left" || how === "center" || how === "right";
  const [at, size] = isColumn ? (["x", "width"] as const) : (["y", "height"] as const);
  const low = Math.min(...boxes.map(({ rect }) => rect[at]));
  const high = Math.max(...boxes.map(({ rect }) => rect[at] + rect[size]));
  const aligned = boxes.map(({ id, rect }) => {
    const place = how === "left" || how === "top" ? low : how === "right" || how === "bottom" ? high - rect[size] : Math.round((low + high - rect[size]) / 2);
    return { id, rect: { ...rect, [at]: place } };
  });
  return spread(aligned, isColumn ? "y" : "x", gap);
}

/** Along the line, each after the one before, with at least the gap between. */
function spread(boxes: readonly Placed[], at: "x" | "y", gap: number): readonly Placed[] {
  const size = at === "x" ? "width" : "height";
  let free = -Infinity;
  return [...boxes].sort((a, b) => a.rect[at] - b.rect[at]).map(({ id, rect }) => {
    const place = Math.max(rect[at], free);
    free = place + rect[size] + gap;
    return { id, rect: { ...rect, [at]: place } };
  });
}

/** The first and the last stay; between all the gaps are alike. */
function distribute(boxes: readonly Placed[], how: "across" | "down", gapMin: number): readonly Placed[] {
  const [at, size] = how === "across" ? (["x", "width"] as const) : (["y", "height"] as const);
  const order = [...boxes].sort((a, b) => a.rect[at] - b.rect[at]);
  const first = order[0]!.rect[at];
  const end = order.at(-1)!.rect[at] + order.at(-1)!.rect[size];
  const taken = order.reduce((sum, { rect }) => sum + rect[size], 0);
  const gap = Math.max(gapMin, (end - first - taken) / (order.length - 1));
  let next = first;
  return order.map(({ id, rect }) => {
    const place = Math.round(next);
    next += rect[size] + gap;
    return { id, rect: { ...rect, [at]: place } };
  });
}
