import { useOnViewportChange, useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect } from "react";

/** Below: VPCs with counts; containers; names; names and addresses; from the last one on, everything. */
const LEVELS = [[0.24, "map"], [0.42, "far"], [0.62, "small"], [0.85, "middle"]] as const;
const LEGIBLE_MAX = 8;

/**
 * Levels of detail by zoom, written onto the canvas element itself: zooming never re-renders a card. Text grows as the
 * zoom shrinks, in steps, so that they stay readable from afar.
 */
export function useDetail(): void {
  const { getZoom } = useReactFlow();
  const flow = useStoreApi();
  const show = useCallback((zoom: number) => {
    const canvas = flow.getState().domNode?.closest<HTMLElement>(".canvas");
    if (!canvas) return;
    canvas.dataset.detail = LEVELS.find(([below]) => zoom < below)?.[1] ?? "near";
    const legible = Math.min(LEGIBLE_MAX, Math.max(1, Math.ceil(10 / zoom) / 10));
    canvas.style.setProperty("--legible", String(legible));
  }, [flow]);
  useOnViewportChange({ onChange: ({ zoom }) => show(zoom) });
  useEffect(() => show(getZoom()), [show, getZoom]);
}
