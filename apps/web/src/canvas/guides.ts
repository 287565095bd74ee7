import type { Point, Rect } from "./rect";

/** A line that shows with what a dragged box lines up: flow pixels. */
export interface Guide {
  readonly axis: "x" | "y";
  /** The place on that axis. */
  readonly at: number;
  /** From where to where, on the other axis. */
  readonly from: number;
  readonly to: number;
}

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

/** Lines up a moved box with others, on each axis with the nearest within `reach` flow pixels. */
export const alignMoved = (box: Rect, others: readonly Rect[], reach: number): Alignment => alignment(box, others, reach, ALL);

/** The same for a box whose right and lower edges are dragged. */
export const alignResized = (box: Rect, others: readonly Rect[], reach: number): Alignment => alignment(box, others, reach, END);

function alignment(box: Rect, others: readonly Rect[], reach: number, lines: Lines): Alignment {
  const x = nearest(box, others, reach, lines, "x");
  const y = nearest(box, others, reach, lines, "y");
  if (x === null && y === null) return NONE;
  const delta = { x: x ?? 0, y: y ?? 0 };
  const moved: Rect = lines === ALL
    ? { ...box, x: box.x + delta.x, y: box.y + delta.y }
    : { ...box, width: box.width + delta.x, height: box.height + delta.y };
  const guides = [...(x === null ? [] : guidesOn("x", moved, others, lines)), ...(y === null ? [] : guidesOn("y", moved, others, lines))];
  return { delta, exact: { x: x !== null, y: y !== null }, guides };
}

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
function guidesOn(axis: "x" | "y", box: Rect, others: readonly Rect[], lines: Lines): readonly Guide[] {
  const across = axis === "x" ? "y" : "x";
  const size = sizeOn(axis);
  return lines(box[axis], box[size]).flatMap((at): Guide[] => {
    const onLine = others.filter((other) => ALL(other[axis], other[size]).some((line) => Math.abs(line - at) < 0.5));
    if (onLine.length === 0) return [];
    const all = [box, ...onLine];
    return [{ axis, at, from: Math.min(...all.map((rect) => rect[across])), to: Math.max(...all.map((rect) => rect[across] + rect[sizeOn(across)])) }];
  });
}
