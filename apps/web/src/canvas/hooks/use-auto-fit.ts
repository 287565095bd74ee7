import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { RefObject } from "react";
import { useEditor } from "../state/editor-context";
import { boundsOf, containsPoint } from "../scene/rect";
import type { Scene } from "../scene/scene";

const FIT = { padding: 0.06, maxZoom: 1 } as const;
/** What is there without a VPC stands on top; what to do stands beneath (empty-canvas.tsx). */
const FIT_WITHOUT_VPCS = { padding: { x: "6%", top: "6%", bottom: "58%" }, maxZoom: 1 } as const;

export const fitOptions = ({ document }: Scene) => (document.vpcs.length === 0 ? FIT_WITHOUT_VPCS : FIT);

/**
 * Keeps the whole drawing in view when panels take or give room, and when something new would be out of it, until the person
 * moves the view; then it is theirs. The answer belongs to React Flow's `onMoveStart`, which has an event only for moves by a person.
 */
export function useAutoFit(element: RefObject<HTMLElement | null>, scene: Scene) {
  const { gestures } = useEditor();
  const { fitView, getViewport } = useReactFlow();
  const known = useRef(scene.boxes.size);
  const fit = fitOptions(scene);

  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      if (!gestures.getState().ownView) requestAnimationFrame(() => void fitView(fit));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, fit, fitView, gestures]);

  useEffect(() => {
    const grown = scene.boxes.size > known.current;
    known.current = scene.boxes.size;
    const { current } = element;
    if (!grown || gestures.getState().ownView || !current) return;
    const { x, y, zoom } = getViewport();
    const visible = { x: -x / zoom, y: -y / zoom, width: current.clientWidth / zoom, height: current.clientHeight / zoom };
    const drawn = boundsOf(scene.world.values());
    const isVisible = !drawn || (containsPoint(visible, drawn) && containsPoint(visible, { x: drawn.x + drawn.width, y: drawn.y + drawn.height }));
    if (!isVisible) requestAnimationFrame(() => void fitView(fit));
  }, [element, fit, fitView, getViewport, gestures, scene]);

  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event) gestures.setState({ ownView: true });
  }, [gestures]);
  return { onMoveStart };
}
