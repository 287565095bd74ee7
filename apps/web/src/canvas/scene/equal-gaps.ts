import type { GapGuide } from "./guide";
import type { Rect } from "./rect";

type Axis = "x" | "y";
const sizeOn = (axis: Axis) => (axis === "x" ? "width" : "height");
/** Places that differ by less are one. */
const SAME = 0.5;

/** By how much a moved box has to go along an axis so that it stands as far from its neighbours as they do from theirs; null: nothing near. */
export function toEqualGap(box: Rect, others: readonly Rect[], reach: number, axis: Axis): number | null {
  const size = sizeOn(axis);
  const row = rowOf(box, others, axis);
  let best: number | null = null;
  for (const at of placesOf(row, box[size], axis)) {
    const delta = at - box[axis];
    const isFree = row.every((other) => at + box[size] <= other[axis] + SAME || at >= other[axis] + other[size] - SAME);
    if (isFree && Math.abs(delta) <= reach && (best === null || Math.abs(delta) < Math.abs(best))) best = delta;
  }
  return best;
}

/** The gaps of a box's row that are as wide as one beside it; none where that one is alone. */
export function gapGuides(box: Rect, others: readonly Rect[], axis: Axis): readonly GapGuide[] {
  const size = sizeOn(axis);
  const across = axis === "x" ? "y" : "x";
  const row = [...rowOf(box, others, axis), box].sort((a, b) => a[axis] - b[axis]);
  const gaps = row.slice(1).flatMap((after, at) => {
    const before = row[at]!;
    const [from, to] = [before[axis] + before[size], after[axis]];
    if (to - from <= SAME) return [];
    const [top, bottom] = [Math.max(before[across], after[across]), Math.min(before[across] + before[sizeOn(across)], after[across] + after[sizeOn(across)])];
    return [{ guide: { kind: "gap" as const, axis, at: (top + bottom) / 2, from, to }, mine: before === box || after === box }];
  });
  const mine = gaps.filter((gap) => gap.mine).map(({ guide }) => guide.to - guide.from);
  return mine.map((width) => gaps.filter(({ guide }) => Math.abs(guide.to - guide.from - width) < SAME).map(({ guide }) => guide)).find((equal) => equal.length > 1) ?? [];
}

/** What stands beside it on that axis, in order. */
function rowOf(box: Rect, others: readonly Rect[], axis: Axis): readonly Rect[] {
  const across = axis === "x" ? "y" : "x";
  const size = sizeOn(across);
  return others.filter((other) => other[across] < box[across] + box[size] && other[across] + other[size] > box[across]).sort((a, b) => a[axis] - b[axis]);
}

/** In the middle between two neighbours, and before or after two of them at their own distance. */
function placesOf(row: readonly Rect[], length: number, axis: Axis): readonly number[] {
  const size = sizeOn(axis);
  return row.slice(1).flatMap((after, at) => {
    const before = row[at]!;
    const gap = after[axis] - (before[axis] + before[size]);
    if (gap <= SAME) return [];
    return [before[axis] + before[size] + (gap - length) / 2, after[axis] + after[size] + gap, before[axis] - gap - length];
  });
}
