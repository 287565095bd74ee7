"use client";

import { Moon, Sun, SunMoon } from "lucide-react";
import { useSyncExternalStore } from "react";
import { IconButton } from "./icon-button";
import { currentTheme, onThemeTurned, turnTheme } from "./theme";

/** Goes round: as the system has it, light, dark. */
export function ThemeToggle() {
  const theme = useSyncExternalStore(onThemeTurned, currentTheme, () => "system" as const);
  return <IconButton label={`Theme: ${theme}`} icon={ICONS[theme]} onClick={turnTheme} />;
}

const ICONS = {
  system: <SunMoon className="size-4" />,
  light: <Sun className="size-4" />,
  dark: <Moon className="size-4" />,
} as const;
