import { readFileSync } from "node:fs";
import { join } from "node:path";

export type ThemeName = "light" | "dark";

/** The page's style sheet, and its colours by name, as `#rrggbb`. */
export function readTokens(): { readonly css: string; readonly tokens: ReadonlyMap<string, Readonly<Record<ThemeName, string>>> } {
  const css = readFileSync(join(import.meta.dirname, "../../app/globals.css"), "utf8");
  const found = css.matchAll(/--color-([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g);
  return { css, tokens: new Map([...found].map(([, name, light, dark]) => [name!, { light: light!, dark: dark! }])) };
}
