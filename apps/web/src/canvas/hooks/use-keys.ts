import { useEffect } from "react";
import type { Command } from "./command";
import { matchesShortcut } from "./shortcut";

/** The keyboard of the editor. Typing in a field, a menu or a dialog is never taken for a shortcut. */
export function useKeys(commands: readonly Command[], escape: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (event.defaultPrevented || target?.closest("[role=dialog], [role=alertdialog], [role=menu]")) return;
      const isTyping = Boolean(target?.closest("input, textarea, select, [contenteditable]"));
      const command = commands.find(({ keys, byBrowser }) => !byBrowser && keys?.some((combination) => matchesShortcut(event, combination)));
      if (isTyping && !command?.whileTyping) return;
      if (!command && event.key !== "Escape") return;
      event.preventDefault();
      if (!command) escape();
      else if (command.refusal === undefined) command.run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [commands, escape]);
}
