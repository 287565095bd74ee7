import { THEMES, THEME_COOKIE, themeOf } from "./theme-cookie";
import type { Theme } from "./theme-cookie";

/** The theme that the page shows now. */
export const currentTheme = (): Theme => (typeof document === "undefined" ? "system" : themeOf(document.documentElement.dataset.theme));

/** Which of the two a person sees now. */
export function themeOnScreen(): "light" | "dark" {
  const theme = currentTheme();
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Goes round: as the system has it, light, dark. Remembered by a cookie, so that the server already draws it. */
export function turnTheme(): void {
  const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length]!;
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();

/** Calls back whenever the theme was turned, until the answer is called. */
export function onThemeTurned(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
