import { describe, expect, it } from "vitest";
import { seenDistance, VISIONS } from "./testing/colour-vision";
import { readTokens } from "./testing/read-tokens";

/** Four times what is just noticed. */
const DISTANCE_MIN = 0.08;
/** A quiet state beside those that ask for attention: it is told apart by its shape first. */
const QUIET_DISTANCE_MIN = 0.04;

const { tokens } = readTokens();
const pairsOf = (names: readonly string[]) => names.flatMap((a, at) => names.slice(at + 1).map((b) => [a, b] as const));
const nearest = (a: string, b: string): number => Math.min(...(["light", "dark"] as const).flatMap((theme) => VISIONS.map((vision) => seenDistance(tokens.get(a)![theme], tokens.get(b)![theme], vision))));

describe("colours that mean something differ for everybody, light and dark", () => {
  it("the simulation leaves greys as they are, and takes red from green", () => {
    for (const vision of VISIONS) expect(seenDistance("#000000", "#ffffff", vision)).toBeCloseTo(1, 1);
    expect(seenDistance("#c00000", "#407000", "deuteranopia")).toBeLessThan(seenDistance("#c00000", "#407000", "normal") / 3);
    expect(seenDistance("#0066cc", "#007a78", "tritanopia")).toBeLessThan(seenDistance("#0066cc", "#007a78", "normal") / 2);
  });

  it.each(pairsOf(["ok", "busy", "warn", "bad"]))("%s and %s", (a, b) => expect(nearest(a, b)).toBeGreaterThanOrEqual(DISTANCE_MIN));

  it.each([["public", "private"], ["public-line", "private-line"]])("%s and %s", (a, b) => expect(nearest(a, b)).toBeGreaterThanOrEqual(DISTANCE_MIN));

  it.each(["ok", "busy", "warn", "bad"])("%s and the quiet state", (name) => expect(nearest(name, "muted")).toBeGreaterThanOrEqual(QUIET_DISTANCE_MIN));
});
