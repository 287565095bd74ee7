import type { Point } from "./rect";

const CORNER_RADIUS = 10;

/** SVG path along corner points, with rounded corners. */
export function edgePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M ${first.x} ${first.y}`;
  rest.forEach((corner, i) => {
    const next = rest[i + 1];
    if (!next) {
      path += ` L ${corner.x} ${corner.y}`;
      return;
    }
    const before = points[i]!;
    const radius = Math.min(CORNER_RADIUS, distance(before, corner) / 2, distance(corner, next) / 2);
    const enter = towards(corner, before, radius);
    const leave = towards(corner, next, radius);
    path += ` L ${enter.x} ${enter.y} Q ${corner.x} ${corner.y} ${leave.x} ${leave.y}`;
  });
  return path;
}

/** The middle of the longest straight part: the place for a label. */
export function labelPoint(points: readonly Point[]): Point {
  let best: Point = points[0] ?? { x: 0, y: 0 };
  let longest = -1;
  points.slice(1).forEach((end, i) => {
    const start = points[i]!;
    const length = distance(start, end);
    if (length <= longest) return;
    longest = length;
    best = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  });
  return best;
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: Point, to: Point, length: number): Point {
  const all = distance(from, to);
  return all === 0 ? from : { x: from.x + ((to.x - from.x) * length) / all, y: from.y + ((to.y - from.y) * length) / all };
}
