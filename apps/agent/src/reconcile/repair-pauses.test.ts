import { describe, expect, it } from "vitest";
import { RepairPauses } from "./repair-pauses";

describe("pauses between repairs of one object", () => {
  it("are none at first, then double up to five minutes", () => {
    let now = 0;
    const pauses = new RepairPauses(() => now);
    expect(pauses.leftMs("a")).toBe(0);
    const waited = Array.from({ length: 9 }, () => {
      pauses.tried(["a"]);
      const leftMs = pauses.leftMs("a");
      now += leftMs;
      return leftMs / 1000;
    });
    expect(waited).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(pauses.leftMs("b")).toBe(0);
  });

  it("are forgotten only after the object stayed as it should be", () => {
    let now = 0;
    const pauses = new RepairPauses(() => now);
    pauses.tried(["a"]);
    now = 61_000;
    pauses.calm(new Set(["a"]));
    expect(pauses.countOf("a")).toBe(1);
    pauses.calm(new Set());
    expect(pauses.countOf("a")).toBe(0);
  });

  it("do not count any more once a person has asked", () => {
    const pauses = new RepairPauses(() => 0);
    pauses.tried(["a", "a"]);
    pauses.reset();
    expect([pauses.leftMs("a"), pauses.countOf("a")]).toEqual([0, 0]);
  });
});
