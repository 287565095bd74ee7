import type { Point, Rect } from "./rect";

/** A place where an edge may leave or reach a box, and the direction in which it does so. */
export interface Port extends Point {
  readonly side: "top" | "right" | "bottom" | "left";
}

const OUTWARD = { top: { x: 0, y: -1 }, right: { x: 1, y: 0 }, bottom: { x: 0, y: 1 }, left: { x: -1, y: 0 } } as const;
/** A bend costs as much as this many pixels of way: straight and simple wins over short. */
const BEND_COST = 80;

export interface RouteOptions {
  /** Distance that the edge keeps to boxes. Edges with different margins do not lie on top of each other. */
  readonly margin: number;
}

/**
 * The cheapest orthogonal way from one of the ports to one of the others that crosses no obstacle: A* over the lines that
 * run along the obstacles' sides. Answers the corner points, or null when every way is blocked (boxes closer than twice the margin).
 */
export function routeEdge(from: readonly Port[], to: readonly Port[], obstacles: readonly Rect[], { margin }: RouteOptions): readonly Point[] | null {
  const starts = from.map((port) => step(port, margin));
  const goals = to.map((port) => step(port, margin));
  const xs = lines([...starts.map(({ x }) => x), ...goals.map(({ x }) => x), ...obstacles.flatMap((o) => [o.x - margin, o.x + o.width + margin])]);
  const ys = lines([...starts.map(({ y }) => y), ...goals.map(({ y }) => y), ...obstacles.flatMap((o) => [o.y - margin, o.y + o.height + margin])]);
  const grid = new Grid(xs, ys, obstacles, margin);
  const found = search(grid, starts.map((point, i) => ({ point, side: from[i]!.side })), goals.map((point, i) => ({ point, side: to[i]!.side })));
  if (!found) return null;
  const { points, startIndex, goalIndex } = found;
  return withoutStraightPoints([from[startIndex]!, ...points, to[goalIndex]!]);
}

const step = (port: Port, margin: number): Point => ({
  x: port.x + OUTWARD[port.side].x * margin, y: port.y + OUTWARD[port.side].y * margin,
});
const lines = (values: readonly number[]): readonly number[] => [...new Set(values)].sort((a, b) => a - b);

class Grid {
  constructor(
    readonly xs: readonly number[], readonly ys: readonly number[],
    private readonly obstacles: readonly Rect[], private readonly margin: number,
  ) {}

  indexOf(point: Point): number {
    return this.ys.indexOf(point.y) * this.xs.length + this.xs.indexOf(point.x);
  }

  pointAt(index: number): Point {
    return { x: this.xs[index % this.xs.length]!, y: this.ys[Math.floor(index / this.xs.length)]! };
  }

  /** Neighbour in a direction, or -1 at the border or when a box is in between. */
  neighbour(index: number, direction: number): number {
    const column = index % this.xs.length;
    const row = Math.floor(index / this.xs.length);
    const nextColumn = column + DX[direction]!;
    const nextRow = row + DY[direction]!;
    if (nextColumn < 0 || nextRow < 0 || nextColumn >= this.xs.length || nextRow >= this.ys.length) return -1;
    const next = nextRow * this.xs.length + nextColumn;
    return this.isFree(this.pointAt(index), this.pointAt(next)) ? next : -1;
  }

  private isFree(a: Point, b: Point): boolean {
    const clearance = this.margin - 1;
    const left = Math.min(a.x, b.x);
    const right = Math.max(a.x, b.x);
    const top = Math.min(a.y, b.y);
    const bottom = Math.max(a.y, b.y);
    return !this.obstacles.some((o) =>
      left < o.x + o.width + clearance && right > o.x - clearance && top < o.y + o.height + clearance && bottom > o.y - clearance);
  }
}

const DX = [0, 1, 0, -1];
const DY = [-1, 0, 1, 0];
const DIRECTION = { top: 0, right: 1, bottom: 2, left: 3 } as const;

interface End {
  readonly point: Point;
  readonly side: Port["side"];
}

function search(grid: Grid, starts: readonly End[], goals: readonly End[]) {
  const goalAt = new Map(goals.map((goal, index) => [grid.indexOf(goal.point), index]));
  const distanceToGoal = (point: Point) =>
    Math.min(...goals.map((goal) => Math.abs(goal.point.x - point.x) + Math.abs(goal.point.y - point.y)));
  // A state is a grid point together with the direction in which it was reached, because bends cost.
  const costs = new Map<number, number>();
  const cameFrom = new Map<number, number>();
  const startOf = new Map<number, number>();
  const queue = new Heap();
  starts.forEach((start, index) => {
    const state = grid.indexOf(start.point) * 4 + DIRECTION[start.side];
    costs.set(state, 0);
    startOf.set(state, index);
    queue.push(state, distanceToGoal(start.point));
  });
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const at = Math.floor(state / 4);
    const heading = state % 4;
    const goalIndex = goalAt.get(at);
    // The last step must run into the box, so the heading is the opposite of the port's side.
    if (goalIndex !== undefined && heading === (DIRECTION[goals[goalIndex]!.side] + 2) % 4) {
      return unwind(grid, state, cameFrom, startOf, goalIndex);
    }
    for (let direction = 0; direction < 4; direction++) {
      if (direction === (heading + 2) % 4) continue;
      // Turning on the spot is a step of its own, which lets an edge end in a bend right before its port.
      const next = direction === heading ? grid.neighbour(at, direction) : at;
      if (next === -1) continue;
      const way = direction === heading ? lengthOf(grid.pointAt(at), grid.pointAt(next)) : BEND_COST;
      const cost = costs.get(state)! + way;
      const nextState = next * 4 + direction;
      if (cost >= (costs.get(nextState) ?? Infinity)) continue;
      costs.set(nextState, cost);
      cameFrom.set(nextState, state);
      queue.push(nextState, cost + distanceToGoal(grid.pointAt(next)));
    }
  }
  return null;
}

function unwind(grid: Grid, last: number, cameFrom: ReadonlyMap<number, number>, startOf: ReadonlyMap<number, number>, goalIndex: number) {
  const points: Point[] = [];
  let state = last;
  for (let before: number | undefined = last; before !== undefined; before = cameFrom.get(before)) {
    points.unshift(grid.pointAt(Math.floor(before / 4)));
    state = before;
  }
  return { points, startIndex: startOf.get(state)!, goalIndex };
}

const lengthOf = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

function withoutStraightPoints(points: readonly Point[]): readonly Point[] {
  const corners: Point[] = [];
  for (const point of points) {
    const last = corners.at(-1);
    const beforeLast = corners.at(-2);
    if (last && last.x === point.x && last.y === point.y) continue;
    const straight = last && beforeLast &&
      ((beforeLast.x === last.x && last.x === point.x) || (beforeLast.y === last.y && last.y === point.y));
    if (straight) corners.pop();
    corners.push({ x: point.x, y: point.y });
  }
  return corners;
}

/** A binary heap of states by estimated cost. */
class Heap {
  private readonly items: { state: number; cost: number }[] = [];

  push(state: number, cost: number): void {
    const { items } = this;
    let at = items.push({ state, cost }) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && items[parent]!.cost > cost; parent = (at - 1) >> 1) {
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = { state, cost };
  }

  pop(): number | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (!top || !last || items.length === 0) return top?.state;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]!.cost < items[child]!.cost) child += 1;
      if (items[child]!.cost >= last.cost) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return top.state;
  }
}
