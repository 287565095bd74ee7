import { gapGuides, toEqualGap } from "./equal-gaps";
import type { Guide, LineGuide } from "./guide";
import type { Point, Rect } from "./rect";

export interface Alignment {
  /** What to add to the dragged box so that it lines up. */
  readonly delta: Point;
  /** Axes on which it does; there the grid does not count. */
  readonly exact: { readonly x: boolean; readonly y: boolean };
  readonly guides: readonly Guide[];
}

const NONE: Alignment = { delta: { x: 0, y: 0 }, exact: { x: false, y: false }, guides: [] };

/** Edges that may line up: of a box that is moved all and its middle, of one that is resized only the far ones. */
type Lines = (from: number, size: number) => readonly number[];
const ALL: Lines = (from, size) => [from, from + size / 2, from + size];
const END: Lines = (from, size) => [from + size];

/** Lines up a moved box with others, on each axis with the nearest edge, middle or equal gap within `reach` flow pixels. */
export const alignMoved = (box: Rect, others: readonly Rect[], reach: number): Alignment => alignment(box, others, reach, ALL);

/** The same for a box whose right and lower edges are dragged. */
export const alignResized = (box: Rect, others: readonly Rect[], reach: number): Alignment => alignment(box, others, reach, END);

function alignment(box: Rect, others: readonly Rect[], reach: number, lines: Lines): Alignment {
  const place = (axis: "x" | "y") => nearer(nearest(box, others, reach, lines, axis), lines === ALL ? toEqualGap(box, others, reach, axis) : null);
  const [x, y] = [place("x"), place("y")];
  if (x === null && y === null) return NONE;
  const delta = { x: x ?? 0, y: y ?? 0 };
  const moved: Rect = lines === ALL
    ? { ...box, x: box.x + delta.x, y: box.y + delta.y }
    : { ...box, width: box.width + delta.x, height: box.height + delta.y };
  const on = (axis: "x" | "y") => [...guidesOn(axis, moved, others, lines), ...(lines === ALL ? gapGuides(moved, others, axis) : [])];
  return { delta, exact: { x: x !== null, y: y !== null }, guides: [...(x === null ? [] : on("x")), ...(y === null ? [] : on("y"))] };
}

/** Of two ways the shorter one; edges before gaps. */
const nearer = (edge: number | null, gap: number | null): number | null => (edge === null ? gap : gap === null || Math.abs(edge) <= Math.abs(gap) ? edge : gap);

const sizeOn = (axis: "x" | "y") => (axis === "x" ? "width" : "height");

function nearest(box: Rect, others: readonly Rect[], reach: number, lines: Lines, axis: "x" | "y"): number | null {
  const size = sizeOn(axis);
  let best: number | null = null;
  for (const mine of lines(box[axis], box[size])) {
    for (const other of others) {
      for (const theirs of ALL(other[axis], other[size])) {
        const distance = theirs - mine;
        if (Math.abs(distance) <= reach && (best === null || Math.abs(distance) < Math.abs(best))) best = distance;
      }
    }
  }
  return best;
}

/** One line for each place at which the box now meets others, as long as all that lie on it. */
function guidesOn(axis: "x" | "y", box: Rect, others: readonly Rect[], lines: Lines): readonly LineGuide[] {
  const across = axis === "x" ? "y" : "x";
  const size = sizeOn(axis);
  return lines(box[axis], box[size]).flatMap((at): LineGuide[] => {
    const onLine = others.filter((other) => ALL(other[axis], other[size]).some((line) => Math.abs(line - at) < 0.5));
    if (onLine.length === 0) return [];
    const all = [box, ...onLine];
    return [{ kind: "line", axis, at, from: Math.min(...all.map((rect) => rect[across])), to: Math.max(...all.map((rect) => rect[across] + rect[sizeOn(across)])) }];
  });
}
