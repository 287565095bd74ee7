import { useCallback, useState } from "react";
import type { PanelSizes } from "./use-panel-sizes";

const CLOSED = { sideOpen: false, dockOpen: false } as const;

interface Projector {
  readonly on: boolean;
  toggle(): void;
  /** Changes the panels; on a projector there is one at a time. */
  arrange(patch: Partial<PanelSizes>): void;
}

/** Projector mode: bigger text, only the canvas and the one panel in use, and the pointer stands out. */
export function useProjector({ sideOpen, dockOpen }: PanelSizes, change: (patch: Partial<PanelSizes>) => void): Projector {
  /** What was open before, to be opened again. */
  const [before, setBefore] = useState<Pick<PanelSizes, "sideOpen" | "dockOpen"> | null>(null);
  const on = before !== null;
  const toggle = useCallback(() => {
    setBefore(before ? null : { sideOpen, dockOpen });
    change(before ?? CLOSED);
  }, [before, change, dockOpen, sideOpen]);
  const arrange = useCallback((patch: Partial<PanelSizes>) => change(on ? { ...CLOSED, ...patch } : patch), [change, on]);
  return { on, toggle, arrange };
}
