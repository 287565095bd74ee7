import { useEffect, useState } from "react";

const FIELDS = "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]";

/** Projector mode, by button or the P key: bigger text, only the canvas and the one panel in use, and the pointer stands out. */
export function useProjector(onEnter: () => void): { readonly on: boolean; readonly toggle: () => void } {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, defaultPrevented, target } = event;
      if (key.toLowerCase() !== "p" || ctrlKey || metaKey || altKey || defaultPrevented || (target as HTMLElement | null)?.closest(FIELDS)) return;
      event.preventDefault();
      setOn((now) => !now);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  useEffect(() => {
    if (on) onEnter();
  }, [on, onEnter]);
  return { on, toggle: () => setOn((now) => !now) };
}
