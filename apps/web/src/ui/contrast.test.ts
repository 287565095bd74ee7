import { describe, expect, it } from "vitest";
import { linearRgb } from "./testing/colour-vision";
import { readTokens } from "./testing/read-tokens";

/** WCAG 2.2, 1.4.3: text needs this contrast to what is behind it. */
const CONTRAST_MIN = 4.5;

const { css, tokens } = readTokens();

/** Text colours with every surface they are written on. */
const PAIRS: readonly (readonly [string, readonly string[]])[] = [
  ["text", ["canvas", "surface", "raised", "public-soft", "private-soft", "accent-soft", "bad-soft", "warn-soft"]],
  ["muted", ["canvas", "surface", "raised", "public-soft", "private-soft"]],
  ["accent", ["surface", "accent-soft"]],
  ["on-accent", ["accent"]],
  ["public", ["surface", "public-soft"]],
  ["private", ["surface", "private-soft"]],
  ["ok", ["surface", "raised", "ok-soft"]],
  ["busy", ["surface", "raised", "busy-soft"]],
  ["warn", ["surface", "raised", "warn-soft", "public-soft"]],
  ["on-person", ["person-1", "person-2", "person-3", "person-4", "person-5", "person-6", "person-7", "person-8"]],
  ["bad", ["surface", "raised", "bad-soft"]],
];

function luminance(hex: string): number {
  const [r, g, b] = linearRgb(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

describe("colours can be read", () => {
  it.each(PAIRS.flatMap(([text, surfaces]) => surfaces.map((surface) => [text, surface] as const)))("%s on %s, light and dark", (text, surface) => {
    for (const theme of ["light", "dark"] as const) {
      expect(contrast(tokens.get(text)![theme], tokens.get(surface)![theme]), theme).toBeGreaterThanOrEqual(CONTRAST_MIN);
    }
  });

  it("no text of the page is smaller than 12 px", () => {
    const sizes = [...css.matchAll(/--text-[a-z]+: (\d+)px;|font-size: (?:calc\()?(\d+)px/g)].map(([, scale, other]) => Number(scale ?? other));
    expect(sizes.length).toBeGreaterThan(4);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  });
});
