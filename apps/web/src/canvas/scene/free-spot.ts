import { tooNear } from "./rect";
import type { Point, Rect, Size } from "./rect";

export interface SpotRules {
  readonly gap: number;
  /** Between rows, where it differs. */
  readonly rowGap?: number;
  /** Nothing is placed left of or above this point. */
  readonly min: Point;
}

/** Drawings grow to the side rather than downwards, as screens do. */
const DOWN_COSTS = 1.4;
/** A box that had to give way lines up with a neighbour that is this near. */
const ALIGN_WITHIN = 64;

/** The place nearest to where `wanted` was dropped at which it stands clear of all others. */
export function nearestFreeSpot(wanted: Rect, others: readonly Rect[], rules: SpotRules): Point {
  const start = { ...wanted, x: Math.max(wanted.x, rules.min.x), y: Math.max(wanted.y, rules.min.y) };
  if (isFree(start, others, rules.gap)) return { x: start.x, y: start.y };
  const xs = [start.x];
  const ys = [start.y];
  for (const other of others) {
    xs.push(other.x - rules.gap - wanted.width, other.x + other.width + rules.gap);
    ys.push(other.y - rules.gap - wanted.height, other.y + other.height + rules.gap);
  }
  let best: Point | null = null;
  let bestDistance = Infinity;
  for (const x of xs) {
    for (const y of ys) {
      const distance = Math.hypot(x - start.x, (y - start.y) * DOWN_COSTS);
      if (x < rules.min.x || y < rules.min.y || distance >= bestDistance) continue;
      if (!isFree({ ...start, x, y }, others, rules.gap)) continue;
      best = { x, y };
      bestDistance = distance;
    }
  }
  // Right of everything is always free, so a best place exists.
  return aligned(best ?? start, wanted, others, rules.gap);
}

function aligned(spot: Point, size: Size, others: readonly Rect[], gap: number): Point {
  const near = others.filter(({ y }) => Math.abs(y - spot.y) <= ALIGN_WITHIN).sort((a, b) => Math.abs(a.y - spot.y) - Math.abs(b.y - spot.y));
  const level = near.find(({ y }) => isFree({ x: spot.x, y, width: size.width, height: size.height }, others, gap));
  return { x: spot.x, y: level?.y ?? spot.y };
}

/** The next slot for something nobody placed: as far up, then as far left as there is room within `widthMax`. */
export function nextSlot(size: Size, others: readonly Rect[], rules: SpotRules, widthMax: number): Point {
  const xs = sorted([rules.min.x, ...others.map((other) => other.x + other.width + rules.gap)]);
  const rowGap = rules.rowGap ?? rules.gap;
  const ys = sorted([rules.min.y, ...others.map((other) => other.y + other.height + rowGap)]);
  for (const y of ys) {
    for (const x of xs) {
      const fits = x === rules.min.x || x + size.width <= rules.min.x + widthMax;
      if (fits && isFree({ x, y, ...size }, others, Math.min(rowGap, rules.gap))) return { x, y };
    }
  }
  // Beneath everything is always free, so the loop has returned.
  return rules.min;
}

/**
 * Pushes boxes apart, right or down, whichever is shorter; those nearer to the upper left stay. What stands clear already
 * is not moved, so doing it twice changes nothing.
 */
export function separate<K>(rects: ReadonlyMap<K, Rect>, gap: number): Map<K, Rect> {
  const order = [...rects].sort(([, a], [, b]) => a.y - b.y || a.x - b.x);
  const placed = new Map<K, Rect>();
  for (const [key, rect] of order) {
    let current = rect;
    for (let hit = firstTooNear(current, placed.values(), gap); hit; hit = firstTooNear(current, placed.values(), gap)) {
      const right = hit.x + hit.width + gap - current.x;
      const down = hit.y + hit.height + gap - current.y;
      current = right <= down ? { ...current, x: current.x + right } : { ...current, y: current.y + down };
    }
    placed.set(key, current);
  }
  return placed;
}

const sorted = (values: readonly number[]): readonly number[] => [...new Set(values)].sort((a, b) => a - b);

const isFree = (rect: Rect, others: readonly Rect[], gap: number): boolean => firstTooNear(rect, others, gap) === null;

function firstTooNear(rect: Rect, others: Iterable<Rect>, gap: number): Rect | null {
  for (const other of others) if (tooNear(rect, other, gap)) return other;
  return null;
}
