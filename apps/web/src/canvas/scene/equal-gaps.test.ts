import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gapGuides, toEqualGap } from "./equal-gaps";
import { alignMoved } from "./guides";
import type { Rect } from "./rect";

const at = (x: number, y = 0, width = 40): Rect => ({ x, y, width, height: 20 });

describe("equal gaps", () => {
  it("attract a box between two, before them and after them", () => {
    const row = [at(0), at(200)];
    expect(toEqualGap(at(103), row, 6, "x")).toBe(-3);
    const near = [at(0), at(60)];
    expect(toEqualGap(at(117), near, 6, "x")).toBe(3);
    expect(toEqualGap(at(-57), near, 6, "x")).toBe(-3);
    expect(toEqualGap(at(110), near, 6, "x")).toBeNull();
  });

  it("do so downwards, too, and only among what stands beside the box", () => {
    const column = [{ x: 0, y: 0, width: 40, height: 20 }, { x: 10, y: 50, width: 40, height: 20 }];
    expect(toEqualGap({ x: 5, y: 98, width: 40, height: 20 }, column, 6, "y")).toBe(2);
    expect(toEqualGap({ x: 500, y: 98, width: 40, height: 20 }, column, 6, "y")).toBeNull();
  });

  it("are shown as measures, all that are equal", () => {
    const box = at(120);
    expect(gapGuides(box, [at(0), at(60)], "x")).toEqual([
      { kind: "gap", axis: "x", at: 10, from: 40, to: 60 }, { kind: "gap", axis: "x", at: 10, from: 100, to: 120 },
    ]);
    expect(gapGuides(at(130), [at(0), at(60)], "x")).toEqual([]);
  });

  it("give way to an edge that is as near", () => {
    const found = alignMoved(at(118, 0), [at(0), at(60), at(121, 300)], 6);
    expect(found.delta.x).toBe(2);
    const edge = alignMoved(at(120.5, 0), [at(0), at(60), at(121, 300)], 6);
    expect(edge.delta.x).toBe(0.5);
    expect(edge.guides).toContainEqual(expect.objectContaining({ kind: "line", axis: "x", at: 121 }));
  });

  it("never put a box onto another one, nor farther than they reach", () => {
    const box = fc.record({ x: fc.integer({ min: 0, max: 600 }), width: fc.integer({ min: 8, max: 80 }) }).map(({ x, width }) => at(x, 0, width));
    fc.assert(fc.property(box, fc.array(box, { minLength: 2, maxLength: 6 }), (moved, others) => {
      const delta = toEqualGap(moved, others, 12, "x");
      if (delta === null) return;
      const placed = { ...moved, x: moved.x + delta };
      expect(Math.abs(delta)).toBeLessThanOrEqual(12);
      for (const other of others) expect(placed.x + placed.width <= other.x + 0.5 || placed.x >= other.x + other.width - 0.5).toBe(true);
    }), { numRuns: 500 });
  });
});
