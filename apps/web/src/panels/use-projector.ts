import { useCallback, useEffect, useState } from "react";
import type { PanelSizes } from "./use-panel-sizes";

const FIELDS = "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]";
const CLOSED = { sideOpen: false, dockOpen: false } as const;

interface Projector {
  readonly on: boolean;
  toggle(): void;
  /** Changes the panels; on a projector there is one at a time. */
  arrange(patch: Partial<PanelSizes>): void;
}

/** Projector mode, by button or the P key: bigger text, only the canvas and the one panel in use, and the pointer stands out. */
export function useProjector({ sideOpen, dockOpen }: PanelSizes, change: (patch: Partial<PanelSizes>) => void): Projector {
  /** What was open before, to be opened again. */
  const [before, setBefore] = useState<Pick<PanelSizes, "sideOpen" | "dockOpen"> | null>(null);
  const on = before !== null;
  const toggle = useCallback(() => {
    setBefore(before ? null : { sideOpen, dockOpen });
    change(before ?? CLOSED);
  }, [before, change, dockOpen, sideOpen]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, defaultPrevented, target } = event;
      if (key.toLowerCase() !== "p" || ctrlKey || metaKey || altKey || defaultPrevented || (target as HTMLElement | null)?.closest(FIELDS)) return;
      event.preventDefault();
      toggle();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [toggle]);
  return { on, toggle, arrange: (patch) => change(on ? { ...CLOSED, ...patch } : patch) };
}
