import { useEffect } from "react";

const FIELDS = "input:not([type=range]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]";

/** While an earlier revision is shown, Esc leads back, and the keys that change the drawing reach nobody. */
export function usePastKeys(active: boolean, leave: () => void): void {
  useEffect(() => {
    if (!active) return;
    const onKey = (event: KeyboardEvent) => {
      if ((event.target as HTMLElement | null)?.closest(FIELDS)) return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        leave();
      } else if (changesSomething(event)) {
        event.stopPropagation();
      }
    };
    // Before any other listener hears it.
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [active, leave]);
}

const changesSomething = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey || metaKey || altKey || key === "Delete" || key === "Backspace" || (key.length === 1 && key !== " " && key.toLowerCase() !== "f");
