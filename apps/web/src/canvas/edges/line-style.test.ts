import { describe, expect, it } from "vitest";
import { lineStyle } from "./line-style";

const dashes = (state: Parameters<typeof lineStyle>[0]) => lineStyle(state, { selected: false, lit: false }).strokeDasharray ?? "none";

describe("what an edge says without colour", () => {
  it("in place, not yet there, failed and drifted are four kinds of line", () => {
    expect(new Set([dashes("in-place"), dashes("pending"), dashes("failed"), dashes("drifted")]).size).toBe(4);
    expect(dashes("absent")).toBe(dashes("pending"));
  });

  it("selected and lit lines keep it", () => {
    for (const state of ["failed", "drifted"] as const) {
      for (const look of [{ selected: true, lit: false }, { selected: false, lit: true }]) expect(lineStyle(state, look).strokeDasharray).toBe(dashes(state));
    }
  });
});
