import { useOnViewportChange, useReactFlow } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import type { RefObject } from "react";

/** Below: VPCs with counts; containers; names; names and addresses; from the last one on, everything. */
const LEVELS = [[0.24, "map"], [0.42, "far"], [0.62, "small"], [0.85, "middle"]] as const;
const LEGIBLE_MAX = 8;

/**
 * Levels of detail by zoom, written onto the canvas element itself: zooming never re-renders a card. Text grows as the
 * zoom shrinks, in steps, so that they stay readable from afar.
 */
export function useDetail(element: RefObject<HTMLElement | null>): void {
  const { getZoom } = useReactFlow();
  const show = useCallback((zoom: number) => {
    const { current } = element;
    if (!current) return;
    current.dataset.detail = LEVELS.find(([below]) => zoom < below)?.[1] ?? "near";
    const legible = Math.min(LEGIBLE_MAX, Math.max(1, Math.ceil(10 / zoom) / 10));
    current.style.setProperty("--legible", String(legible));
  }, [element]);
  useOnViewportChange({ onChange: ({ zoom }) => show(zoom) });
  useEffect(() => show(getZoom()), [show, getZoom]);
}
