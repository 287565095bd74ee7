import { useOnViewportChange, useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";

/** Below: VPCs with counts; containers; names; names and addresses; from the last one on, everything. */
const LEVELS = [[0.24, "map"], [0.42, "far"], [0.5, "small"], [0.85, "middle"]] as const;
const LEGIBLE_MAX = 8;
/** Every step lays out all text again, so there are few of them … */
const STEP = 1.2;
/** … and they wait until the hand rests: in between, what is drawn only grows and shrinks. */
const REST_MS = 120;

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
    const level = LEVELS.find(([below]) => zoom < below)?.[1] ?? "near";
    if (canvas.dataset.detail !== level) canvas.dataset.detail = level;
    const steps = Math.ceil(Math.log(Math.max(1, 1 / zoom)) / Math.log(STEP) - 0.01);
    const legible = Math.min(LEGIBLE_MAX, STEP ** steps).toFixed(2);
    if (canvas.style.getPropertyValue("--legible") === legible) return;
    canvas.style.setProperty("--legible", legible);
  }, [flow]);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useOnViewportChange({
    onChange: ({ zoom }) => {
      clearTimeout(rest.current);
      rest.current = setTimeout(() => show(zoom), REST_MS);
    },
  });
  useEffect(() => {
    show(getZoom());
    return () => clearTimeout(rest.current);
  }, [show, getZoom]);
}
