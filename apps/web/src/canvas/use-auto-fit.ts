import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import type { RefObject } from "react";

export const FIT = { padding: 0.06, maxZoom: 1 } as const;

/**
 * Keeps the whole drawing in view when panels take or give room, until the person moves the view; then it is theirs. The
 * answer belongs to React Flow's `onMoveStart`, which has an event only for moves by a person.
 */
export function useAutoFit(element: RefObject<HTMLElement | null>) {
  const { fitView } = useReactFlow();
  const own = useRef(false);

  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      if (!own.current) requestAnimationFrame(() => void fitView(FIT));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, fitView]);

  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event) own.current = true;
  }, []);
  return { onMoveStart };
}
