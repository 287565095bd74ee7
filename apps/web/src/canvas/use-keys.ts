import { useEffect } from "react";
import type { EditorActions } from "./use-editor-actions";

/** The keyboard of the editor. Typing in a field, a menu or a dialog is never taken for a shortcut. */
export function useKeys(actions: EditorActions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (event.defaultPrevented || target?.closest("input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]")) return;
      const action = actionFor(event, actions);
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [actions]);
}

function actionFor(event: KeyboardEvent, actions: EditorActions): (() => void) | null {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (control && key === "z") return event.shiftKey ? actions.redo : actions.undo;
  if (control && key === "y") return actions.redo;
  if (control && key === "a") return actions.selectAll;
  if (control || event.altKey) return null;
  if (key === "delete" || key === "backspace") return actions.deleteSelection;
  if (key === "f") return actions.fit;
  if (key === "escape") return actions.escape;
  return null;
}
