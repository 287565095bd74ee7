"use client";

import { Moon, Sun, SunMoon } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./icon-button";
import { THEMES, THEME_COOKIE, themeOf } from "./theme-cookie";
import type { Theme } from "./theme-cookie";

/** Goes round: as the system has it, light, dark. */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(() => (typeof document === "undefined" ? "system" : themeOf(document.documentElement.dataset.theme)));
  const turn = () => {
    const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
    setTheme(next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
  };
  return <IconButton label={`Theme: ${theme}`} icon={<span suppressHydrationWarning>{ICONS[theme]}</span>} onClick={turn} suppressHydrationWarning />;
}

const ICONS = {
  system: <SunMoon className="size-4" />,
  light: <Sun className="size-4" />,
  dark: <Moon className="size-4" />,
} as const;
