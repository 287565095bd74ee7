import { useOnViewportChange, useReactFlow } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import type { RefObject } from "react";

const FAR = 0.42;
const MIDDLE = 0.72;
const LEGIBLE_MAX = 2.6;

/**
 * Levels of detail by zoom, written onto the canvas element itself: zooming never re-renders a card. Headings grow as the
 * zoom shrinks, in steps, so that they stay readable from afar.
 */
export function useDetail(element: RefObject<HTMLElement | null>): void {
  const { getZoom } = useReactFlow();
  const show = useCallback((zoom: number) => {
    const { current } = element;
    if (!current) return;
    current.dataset.detail = zoom < FAR ? "far" : zoom < MIDDLE ? "middle" : "near";
    const legible = Math.min(LEGIBLE_MAX, Math.max(1, Math.ceil(10 / zoom) / 10));
    current.style.setProperty("--legible", String(legible));
  }, [element]);
  useOnViewportChange({ onChange: ({ zoom }) => show(zoom) });
  useEffect(() => show(getZoom()), [show, getZoom]);
}
